// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.storage;

import io.eventfleet.core.log.EpochHistory;
import io.eventfleet.core.log.LogState;
import org.rocksdb.RocksDBException;

/**
 * Cuts the end off a log, or begins it anew at another offset. Everything that came with the removed records goes in the
 * same write, so that after a crash the log is as before or as after, and nothing of the removed part can show through
 * when its offsets are used again. Readers see the lower end before the write and notice when it was lowered under them.
 */
final class TruncateTask extends StageTask<Long> {

    private final StorageShard shard;
    private final PartitionState partition;
    private final int leaderEpoch;
    private final long offset;
    private final boolean restart;

    private TruncateTask(StorageShard shard, PartitionState partition, int leaderEpoch, long offset, boolean restart) {
        this.shard = shard;
        this.partition = partition;
        this.leaderEpoch = leaderEpoch;
        this.offset = offset;
        this.restart = restart;
    }

    /** Removes every batch that ends at or after the offset. */
    static TruncateTask to(StorageShard shard, PartitionState partition, int leaderEpoch, long offset) {
        return new TruncateTask(shard, partition, leaderEpoch, offset, false);
    }

    /** Removes everything; the log goes on at the offset. */
    static TruncateTask restart(StorageShard shard, PartitionState partition, int leaderEpoch, long offset) {
        return new TruncateTask(shard, partition, leaderEpoch, offset, true);
    }

    @Override
    public boolean readsWritten() {
        return true;
    }

    @Override
    public void perform(Turn turn) throws RocksDBException {
        LogState log = partition.log(shard.database());
        if (partition.deleted() || !log.follows(leaderEpoch) || offset < 0) {
            done().completeExceptionally(new IllegalStateException(partition.id() + " cannot be truncated to " + offset
                    + " in epoch " + leaderEpoch + ": its log is in epoch " + log.leaderEpoch()
                    + (log.follows(leaderEpoch) ? "" : " and does not follow in that epoch")
                    + (partition.deleted() ? ", deleted" : "")));
            return;
        }
        EpochHistory before = log.epochs();
        var records = new LogCut(shard, partition, turn);
        if (restart || offset < log.logStartOffset()) {
            log.restartAt(offset);
            turn.deleteRange(Table.PRODUCERS, Keys.handle(partition.handle()), Keys.handle(partition.handle() + 1));
            records.removeAll(offset);
        } else {
            long oldEnd = log.logEndOffset();
            long end = Math.max(log.logStartOffset(), batchBoundary(oldEnd));
            var producers = log.truncate(end);
            if (end == log.logStartOffset()) {
                records.removeAll(end);
            } else if (end < oldEnd) {
                records.removeFrom(end);
            }
            new ProducerRepair(shard, partition, turn).write(log, producers);
        }
        EpochHistory after = log.epochs();
        EpochRows.replace(turn, partition.handle(), before, after);
        turn.touch(partition);
        long end = log.logEndOffset();
        int generation = partition.generation();
        turn.afterWrite(() -> partition.publishEpochs(after));
        turn.afterDurable(() -> partition.publishDurable(end, generation));
        turn.afterSync(() -> done().complete(end));
    }

    /** The offset, or the beginning of the batch that it lies in; not above the log end. */
    private long batchBoundary(long logEnd) throws RocksDBException {
        if (offset >= logEnd) {
            return logEnd;
        }
        try (var cursor = new BatchCursor(new BatchCursor.Parts(shard, partition), offset)) {
            return cursor.valid() ? Math.min(offset, cursor.baseOffset()) : offset;
        }
    }
}
