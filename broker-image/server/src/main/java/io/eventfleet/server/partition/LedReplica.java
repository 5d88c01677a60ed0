// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.partition;

import io.eventfleet.core.cluster.image.PartitionInfo;
import io.eventfleet.core.cluster.image.TopicInfo;
import io.eventfleet.core.log.LedPartition;
import io.eventfleet.core.log.PartitionLog;
import io.eventfleet.core.log.TopicPartitionId;
import io.eventfleet.core.replication.HighWatermarkRule;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongConsumer;

/**
 * A partition that this broker leads, in one leader epoch. The high watermark is moved under this object's lock, by
 * storage threads and by new images; readers and waiters see it without locks.
 */
public final class LedReplica implements LedPartition {
    private static final ProgressListener[] NOBODY = {};
    /** Durable end of an in-sync replica that has not reported in this epoch. */
    private static final long UNKNOWN_END = -1;

    private final int brokerId;
    private final int leaderEpoch;
    private final LeaderLog log;
    private final List<LongConsumer> highWatermarkListeners = new CopyOnWriteArrayList<>();
    private volatile View view;
    private volatile long highWatermark;
    private volatile ProgressListener[] waiters = NOBODY;
    private volatile boolean ended;

    /**
     * What the image says of this partition.
     *
     * @param topicName the topic's name
     * @param minIsr effective min.insync.replicas
     * @param partition leader, replicas and in-sync replicas
     * @param rules the topic's settings in force
     */
    public record View(String topicName, int minIsr, PartitionInfo partition, TopicRules rules) {
        static View of(TopicInfo topic, PartitionInfo partition, TopicRules rules) {
            return new View(topic.name(), topic.minIsr(), partition, rules);
        }

        /** True when acks=all can be kept. */
        public boolean hasEnoughReplicas() {
            return partition.isr().size() >= minIsr;
        }
    }

    LedReplica(int brokerId, PartitionLog log, View view) {
        this.brokerId = brokerId;
        this.leaderEpoch = view.partition().leaderEpoch();
        this.view = view;
        this.highWatermark = Math.max(log.checkpointedHighWatermark(), log.logStartOffset());
        this.log = new LeaderLog(log, this::advance);
        advance(log.durableEndOffset(), 0);
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

    public View view() {
        return view;
    }

    /** True when this broker does not lead in this epoch any more. */
    public boolean hasEnded() {
        return ended;
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
     * Waits for progress. Whoever waits must look at {@link #highWatermark} and {@link #hasEnded} again afterwards, for
     * what happened before is not told.
     */
    public synchronized void addWaiter(ProgressListener waiter) {
        var more = Arrays.copyOf(waiters, waiters.length + 1);
        more[waiters.length] = waiter;
        waiters = more;
    }

    public synchronized void removeWaiter(ProgressListener waiter) {
        var rest = new ArrayList<>(Arrays.asList(waiters));
        if (rest.remove(waiter)) {
            waiters = rest.isEmpty() ? NOBODY : rest.toArray(NOBODY);
        }
    }

    /** The image says something new of the partition in the same leader epoch. */
    void update(View next) {
        view = next;
        advance(log.durableEndOffset(), 0);
    }

    /** Leadership is over: nobody is told anything more of this epoch. */
    void end() {
        ended = true;
        for (var waiter : waiters) {
            waiter.onEnded(this);
        }
    }

    private void advance(long durableEnd, long bytes) {
        synchronized (this) {
            var current = view;
            var isr = current.partition().isr();
            var ends = new ArrayList<Long>(isr.size());
            isr.forEach(replica -> ends.add(replica == brokerId ? durableEnd : UNKNOWN_END));
            var next = HighWatermarkRule.advance(highWatermark, current.minIsr(), ends);
            if (next == highWatermark) {
                return;
            }
            highWatermark = next;
            // Inside the lock, so that listeners hear of high watermarks in order.
            highWatermarkListeners.forEach(listener -> listener.accept(next));
        }
        for (var waiter : waiters) {
            waiter.onProgress(this, bytes);
        }
    }
}
