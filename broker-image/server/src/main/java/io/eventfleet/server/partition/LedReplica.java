// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.partition;

import io.eventfleet.core.cluster.image.ClusterImage;
import io.eventfleet.core.cluster.image.PartitionInfo;
import io.eventfleet.core.cluster.image.TopicInfo;
import io.eventfleet.core.log.LedPartition;
import io.eventfleet.core.log.PartitionLog;
import io.eventfleet.core.log.TopicPartitionId;
import io.eventfleet.core.replication.FollowerFetch;
import io.eventfleet.core.replication.LeaderAssignment;
import io.eventfleet.core.replication.LeaderReplica;
import io.eventfleet.core.replication.LeaderReplica.Attempt;
import io.eventfleet.core.replication.LeaderReplica.LogPosition;
import io.eventfleet.core.replication.ReplicaFetch;
import io.eventfleet.core.replication.ReplicationGuards;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongConsumer;

/**
 * A partition that this broker leads, in one leader epoch. {@link LeaderReplica} decides under this object's lock, on
 * storage threads, network threads, timers and the thread of the images; readers and waiters see the high watermark
 * without locks.
 */
public final class LedReplica implements LedPartition {
    private final int leaderEpoch;
    private final LeaderLog log;
    private final Replication replication;
    private final IsrChanges isrChanges;
    private final List<LongConsumer> highWatermarkListeners = new CopyOnWriteArrayList<>();
    private final Waiters progress = new Waiters();
    private final Waiters appends = new Waiters();
    private final Waiters deletions = new Waiters();
    private final Set<ProgressListener> produces = ConcurrentHashMap.newKeySet();

    /** Guarded by this. */
    private final LeaderReplica core;

    /** Guarded by this. */
    private final UncommittedBytes uncommitted = new UncommittedBytes();

    private volatile View view;
    private volatile long highWatermark;
    private volatile boolean ended;

    /**
     * What the image says of this partition.
     *
     * @param topicName the topic's name
     * @param partition leader, replicas and in-sync replicas
     * @param assignment the same for the leader, with the registered brokers
     * @param rules the topic's settings in force
     */
    public record View(String topicName, PartitionInfo partition, LeaderAssignment assignment, TopicRules rules) {
        static View of(ClusterImage image, int brokerId, TopicInfo topic, PartitionInfo partition, TopicRules rules) {
            return new View(topic.name(), partition, LeaderAssignment.of(image, brokerId, partition), rules);
        }

        /** True when acks=all can be kept. */
        public boolean hasEnoughReplicas() {
            return !assignment.isUnderMinIsr();
        }

        /** True while a replica, other than one that a reassignment adds, is not in sync. */
        public boolean isUnderReplicated() {
            return partition.isr().size()
                    < partition.replicas().size() - partition.adding().size();
        }
    }

    LedReplica(PartitionLog log, View view, Replication replication, IsrChanges isrChanges) {
        this.leaderEpoch = view.partition().leaderEpoch();
        this.replication = replication;
        this.isrChanges = isrChanges;
        this.view = view;
        this.log = new LeaderLog(log, new Appends());
        long end = log.logEndOffset();
        long known = Math.max(log.checkpointedHighWatermark(), log.logStartOffset());
        this.core = new LeaderReplica(
                log.id(),
                view.assignment(),
                new LogPosition(Math.min(known, end), end, end, log.durableEndOffset()),
                replication.timers(),
                ReplicationGuards.ALL,
                replication.nanoTime().getAsLong());
        this.highWatermark = core.highWatermark();
    }

    public TopicPartitionId id() {
        return log.id();
    }

    @Override
    public PartitionLog log() {
        return log;
    }

    @Override
    public int leaderEpoch() {
        return leaderEpoch;
    }

    @Override
    public long highWatermark() {
        return highWatermark;
    }

    /** End of what a reader of committed transactions may see; there are no open transactions. */
    public long lastStableOffset() {
        return highWatermark;
    }

    /**
     * True when the latest offset may be told: the high watermark is no lower than any that an earlier leader told
     * (KIP-207).
     */
    public boolean hasCommittedEpochStart() {
        return highWatermark >= core.epochStartOffset();
    }

    public View view() {
        return view;
    }

    /** True when this broker does not lead in this epoch any more. */
    public boolean hasEnded() {
        return ended;
    }

    /** What is known of another replica, or empty when it is none. */
    public synchronized Optional<LeaderReplica.Follower> follower(int brokerId) {
        return core.follower(brokerId);
    }

    @Override
    public void addHighWatermarkListener(LongConsumer listener) {
        highWatermarkListeners.add(listener);
    }

    @Override
    public void removeHighWatermarkListener(LongConsumer listener) {
        highWatermarkListeners.remove(listener);
    }

    /**
     * Waits for progress of the high watermark. Whoever waits must look at {@link #highWatermark} and {@link #hasEnded}
     * again afterwards, for what happened before is not told.
     */
    public void addWaiter(ProgressListener waiter) {
        progress.add(waiter);
    }

    public void removeWaiter(ProgressListener waiter) {
        progress.remove(waiter);
    }

    /**
     * Waits for progress of the log end, before it is durable or committed: what followers wait for. The same care as with
     * {@link #addWaiter} is due, with the log end offset.
     */
    public void addAppendWaiter(ProgressListener waiter) {
        appends.add(waiter);
    }

    public void removeAppendWaiter(ProgressListener waiter) {
        appends.remove(waiter);
    }

    /**
     * Something is being appended for a client, who is to hear at once when this leadership ends. Whoever adds itself must
     * look at {@link #hasEnded} afterwards; {@link ProgressListener#onProgress} is not called.
     */
    public void addProduce(ProgressListener produce) {
        produces.add(produce);
    }

    public void removeProduce(ProgressListener produce) {
        produces.remove(produce);
    }

    /** The log start offset that this broker and every live in-sync follower have reached. */
    public long lowWatermark() {
        long own = log.logStartOffset();
        synchronized (this) {
            return Math.min(own, core.lowWatermark());
        }
    }

    /** Waits for whatever may move the {@link #lowWatermark}. The same care as with {@link #addWaiter} is due. */
    public void addDeletionWaiter(ProgressListener waiter) {
        deletions.add(waiter);
    }

    public void removeDeletionWaiter(ProgressListener waiter) {
        deletions.remove(waiter);
    }

    /**
     * A follower fetched, at an offset that this log has and in an epoch that does not diverge. Anything but {@link
     * FollowerFetch#ACCEPTED} has changed nothing.
     */
    public FollowerFetch fetched(ReplicaFetch fetch) {
        // Read before the lock: the follower cannot have read more, and it only grows.
        long end = log.logEndOffset();
        var outcome = new FollowerFetch[1];
        step(now -> {
            core.written(now, end);
            outcome[0] = core.fetched(now, fetch);
        });
        deletions.moved(this, 0);
        return outcome[0];
    }

    /** Time has passed: somebody may lag. */
    void tick() {
        // What was appended before this leadership becomes durable unheard.
        long durableEnd = log.durableEndOffset();
        step(now -> {
            core.durable(now, durableEnd);
            core.tick(now);
        });
    }

    /** The image says something new of the partition in the same leader epoch. */
    void update(View next) {
        step(now -> {
            var before = core.assignment().isr().size();
            core.assigned(now, next.assignment());
            isrChanges.changed(before, core.assignment().isr().size());
            view = next;
        });
        deletions.moved(this, 0);
    }

    /** Leadership is over: nobody is told anything more of this epoch. */
    void end() {
        synchronized (this) {
            ended = true;
        }
        produces.forEach(produce -> produce.onEnded(this));
        progress.ended(this);
        appends.ended(this);
        deletions.ended(this);
    }

    /** Everything that changes the core comes through here; the input is called under the lock. */
    private void step(LongConsumer input) {
        long bytes;
        synchronized (this) {
            long now = replication.nanoTime().getAsLong();
            core.controllerWritable(replication.gateway().writable());
            input.accept(now);
            if (ended) {
                return;
            }
            // Inside the lock, so that a proposal never overtakes the one that it replaces.
            core.nextProposal(now).ifPresent(this::propose);
            long next = core.highWatermark();
            if (next == highWatermark) {
                return;
            }
            highWatermark = next;
            bytes = uncommitted.committed(next);
            // Inside the lock, so that listeners hear of high watermarks in order.
            highWatermarkListeners.forEach(listener -> listener.accept(next));
        }
        progress.moved(this, bytes);
    }

    private void propose(Attempt attempt) {
        replication.gateway().propose(attempt.proposal(), why -> step(now -> core.refused(now, attempt.number(), why)));
    }

    /** Hears of appends on storage threads. */
    private final class Appends implements LeaderLog.AppendObserver {
        @Override
        public void onWritten(long endOffset, long bytes) {
            synchronized (LedReplica.this) {
                core.written(replication.nanoTime().getAsLong(), endOffset);
                uncommitted.appended(endOffset, bytes);
            }
            appends.moved(LedReplica.this, bytes);
        }

        @Override
        public void onDurable(long endOffset) {
            step(now -> core.durable(now, endOffset));
        }
    }
}
