// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.testkit.sim;

import io.eventfleet.core.log.EpochHistory;
import io.eventfleet.core.log.PartitionLog.EpochEnd;
import io.eventfleet.core.log.TopicPartitionId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The log of one partition as an open process has it, with the contract of {@link io.eventfleet.core.log.PartitionLog}:
 * one writer that takes tasks in order, appends fenced by leader epoch in the writer's turn, a sync per turn.
 */
final class SimLog {

    /** How an append ended. */
    sealed interface Appended {

        /** In the log; {@code endOffset} is after its last record. */
        record At(long baseOffset, long endOffset) implements Appended {}

        /** The log is not led in that epoch. */
        record Refused() implements Appended {}
    }

    /** Hears of an append by a leader. */
    interface Listener {
        /** Written or refused. */
        void onWritten(Appended appended);
    }

    private enum Mode {
        CLOSED,
        LEADING,
        FOLLOWING
    }

    private final World world;
    private final SimNode.Process process;
    private final TopicPartitionId id;
    private final LogDisk disk;
    private final boolean buffered;
    private final Deque<Runnable> queue = new ArrayDeque<>();
    private final LogContent content;
    private final List<Runnable> afterSync = new ArrayList<>();
    private Mode mode = Mode.CLOSED;
    private int leaderEpoch = -1;
    private long durableEnd;
    private long truncations;
    private long lastSyncAt;
    private boolean turnScheduled;
    private boolean backgroundSync;
    private @Nullable Runnable onDurable;

    SimLog(SimNode.Process process, TopicPartitionId id, LogDisk disk, boolean buffered) {
        this.world = process.world();
        this.process = process;
        this.id = id;
        this.disk = disk;
        this.buffered = buffered;
        this.content = disk.written();
        this.durableEnd = content.end();
    }

    TopicPartitionId id() {
        return id;
    }

    long logStartOffset() {
        return content.start();
    }

    long logEndOffset() {
        return content.end();
    }

    /** As durable as promised: synced, or handed to the operating system when Buffered. */
    long durableEndOffset() {
        return buffered ? content.end() : durableEnd;
    }

    int leaderEpoch() {
        return leaderEpoch;
    }

    EpochHistory epochs() {
        return content.epochs();
    }

    int latestEpoch() {
        return content.epochs().latestEpoch();
    }

    EpochEnd endOffsetForEpoch(int epoch) {
        return content.epochs().endOffsetFor(epoch, content.end());
    }

    long checkpointedHighWatermark() {
        return content.highWatermark();
    }

    LogContent content() {
        return content;
    }

    /** Called whenever {@link #durableEndOffset} has grown. */
    void onDurable(@Nullable Runnable listener) {
        onDurable = listener;
    }

    /** Leads in this epoch from now on; {@code done} runs when its beginning is durable. */
    void becomeLeader(int epoch, Runnable done) {
        submit(() -> {
            enter(Mode.LEADING, epoch);
            if (epoch > content.epochs().latestEpoch()) {
                write(new LogChange.BeginEpoch(epoch));
            }
            afterSync.add(done);
        });
    }

    void becomeFollower(int epoch, Runnable done) {
        submit(() -> {
            enter(Mode.FOLLOWING, epoch);
            afterSync.add(done);
        });
    }

    void resign(Runnable done) {
        submit(() -> {
            mode = Mode.CLOSED;
            afterSync.add(done);
        });
    }

    private void enter(Mode next, int epoch) {
        if (epoch < leaderEpoch) {
            throw new IllegalStateException("epoch " + epoch + " of " + id + " after " + leaderEpoch);
        }
        mode = next;
        leaderEpoch = epoch;
    }

    /** Appends for a producer. A payload that is in the log already is not stored again. */
    void append(int epoch, long payload, int records, Listener listener) {
        submit(() -> {
            if (mode != Mode.LEADING || epoch != leaderEpoch) {
                listener.onWritten(new Appended.Refused());
                return;
            }
            var stored = content.find(payload);
            if (stored.isPresent()) {
                listener.onWritten(new Appended.At(stored.getAsLong(), stored.getAsLong() + records));
                return;
            }
            var batch = new SimBatch(content.end(), records, epoch, payload);
            write(new LogChange.Append(batch));
            listener.onWritten(new Appended.At(batch.baseOffset(), batch.endOffset()));
        });
    }

    /** Appends what the leader of this epoch sent. */
    void replicate(int epoch, List<SimBatch> batches, Runnable done) {
        submit(() -> {
            checkFollowing(epoch);
            batches.forEach(batch -> write(new LogChange.Append(batch)));
            afterSync.add(done);
        });
    }

    /** Cuts the tail off; {@code done} hears the new end when the cut is synced. */
    void truncateTo(int epoch, long offset, LongConsumer done) {
        submit(() -> {
            checkFollowing(epoch);
            truncations++;
            write(new LogChange.Truncate(offset));
            durableEnd = Math.min(durableEnd, content.end());
            long end = content.end();
            syncedWrite(() -> done.accept(end));
        });
    }

    /** Begins an empty log at the offset. */
    void restartAt(int epoch, long offset, Runnable done) {
        submit(() -> {
            checkFollowing(epoch);
            truncations++;
            write(new LogChange.Restart(offset));
            durableEnd = offset;
            syncedWrite(done);
        });
    }

    private void checkFollowing(int epoch) {
        if (mode != Mode.FOLLOWING || epoch != leaderEpoch) {
            throw new IllegalStateException(
                    id + " is " + mode + " in " + leaderEpoch + ", asked as a follower in " + epoch);
        }
    }

    void deleteRecordsBefore(long offset) {
        submit(() -> {
            if (offset > content.start() && offset <= content.end()) {
                write(new LogChange.MoveStart(offset));
            }
        });
    }

    void checkpointHighWatermark(long highWatermark) {
        submit(() -> write(new LogChange.Checkpoint(highWatermark)));
    }

    private void write(LogChange change) {
        disk.write(change);
    }

    private void submit(Runnable task) {
        queue.add(task);
        if (!turnScheduled) {
            turnScheduled = true;
            process.after(world.between(World.MS / 50, World.MS), this::turn);
        }
    }

    private void turn() {
        turnScheduled = false;
        while (!queue.isEmpty()) {
            queue.remove().run();
        }
        var done = List.copyOf(afterSync);
        afterSync.clear();
        if (buffered) {
            syncInBackground();
            done.forEach(Runnable::run);
            durableGrew();
        } else {
            syncNow(done);
        }
    }

    /** A change that is synced in every mode. */
    private void syncedWrite(Runnable done) {
        if (buffered) {
            syncNow(List.of(done));
        } else {
            afterSync.add(done);
        }
    }

    private void syncNow(List<Runnable> done) {
        long mark = disk.writes();
        long end = content.end();
        long version = truncations;
        lastSyncAt = Math.max(lastSyncAt, world.now() + world.between(World.MS / 2, 4 * World.MS));
        world.after(lastSyncAt - world.now(), () -> {
            if (process.alive()) {
                disk.sync(mark);
                process.after(0, () -> {
                    if (version == truncations) {
                        durableEnd = Math.max(durableEnd, end);
                    }
                    done.forEach(Runnable::run);
                    durableGrew();
                });
            }
        });
    }

    private void syncInBackground() {
        if (!backgroundSync) {
            backgroundSync = true;
            world.after(world.between(World.SECOND / 10, 5 * World.SECOND), () -> {
                backgroundSync = false;
                disk.sync(disk.writes());
            });
        }
    }

    private void durableGrew() {
        if (onDurable != null) {
            onDurable.run();
        }
    }
}
