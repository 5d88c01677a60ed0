// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.storage;

import io.eventfleet.core.log.EpochHistory;
import io.eventfleet.core.log.LogState;
import java.util.ArrayList;
import java.util.List;
import org.rocksdb.RocksDBException;

/**
 * Moves the log start up: first the row, synced; what lies before it is unreachable from then on and goes with its
 * windows. Also forgets producers that have been silent for too long.
 */
final class LogStartTask extends StageTask<Long> {

    private static final long KEEP_PRODUCERS = -1;

    private final StorageShard shard;
    private final PartitionState partition;
    private final long wanted;
    private final long producersExpireAtMs;

    /** The log that the offset was chosen for; a truncated one is left as it is. */
    private final int generation;

    private LogStartTask(StorageShard shard, PartitionState partition, Wanted wanted, long producersExpireAtMs) {
        this.shard = shard;
        this.partition = partition;
        this.wanted = wanted.offset();
        this.generation = wanted.generation();
        this.producersExpireAtMs = producersExpireAtMs;
    }

    /**
     * Where a log is to start.
     *
     * @param offset the new log start offset
     * @param generation the partition's generation when the offset was chosen
     */
    record Wanted(long offset, int generation) {}

    /** Deletes records below an offset. */
    static LogStartTask to(StorageShard shard, PartitionState partition, long offset) {
        return new LogStartTask(shard, partition, new Wanted(offset, partition.generation()), KEEP_PRODUCERS);
    }

    /** Deletes what retention gave up, and producers by their age. */
    static LogStartTask retention(StorageShard shard, PartitionState partition, Wanted wanted, long nowMs) {
        return new LogStartTask(shard, partition, wanted, nowMs);
    }

    @Override
    public void perform(Turn turn) throws RocksDBException {
        LogState log = partition.log(shard.database());
        boolean expired =
                producersExpireAtMs != KEEP_PRODUCERS && partition.producersLoaded() && expireProducers(turn, log);
        long target = Math.min(wanted, log.logEndOffset());
        boolean outdated = partition.deleted() || partition.generation() != generation;
        if (outdated || target <= partition.writtenStartOffset()) {
            long present = partition.writtenStartOffset();
            if (present == partition.logStartOffset() && !expired) {
                done().complete(present);
            } else {
                turn.afterSync(() -> done().complete(present));
            }
            return;
        }
        moveParts(turn, target, log.logEndOffset());
        moveEpochs(turn, log, target);
        turn.touch(partition);
        var epochs = log.epochs();
        turn.afterWrite(() -> {
            partition.publishEpochs(epochs);
            partition.publishStart();
        });
        turn.afterSync(() -> done().complete(target));
    }

    private boolean expireProducers(Turn turn, LogState log) throws RocksDBException {
        long expirationMs = shard.options().producerExpiration().toMillis();
        var expired = log.producers().expire(producersExpireAtMs, expirationMs);
        for (long producerId : expired) {
            partition.forgetChangedProducer(producerId);
            turn.delete(Table.PRODUCERS, Keys.pair(partition.handle(), producerId));
        }
        return !expired.isEmpty();
    }

    private void moveParts(Turn turn, long target, long logEnd) throws RocksDBException {
        List<Part> parts = partition.parts(shard.database());
        var kept = new ArrayList<Part>();
        Part newest = partition.newest();
        for (var part : parts) {
            long end = part.open() ? logEnd : part.endOffset();
            if (end > target) {
                kept.add(part);
                continue;
            }
            turn.delete(Table.WINDOW_PARTS, Keys.pair(partition.handle(), part.firstOffset()));
            shard.windows().partDied(part.windowId(), turn);
            newest = part == newest ? null : newest;
        }
        if (kept.size() < parts.size()) {
            turn.deleteRange(
                    Table.TIME_INDEX,
                    Keys.pair(partition.handle(), 0),
                    Keys.pair(
                            partition.handle(),
                            kept.isEmpty() ? target : kept.getFirst().firstOffset()));
        }
        long skipped = skippedBytes(kept, target);
        long remaining = kept.stream().mapToLong(Part::bytes).sum() - skipped;
        // The start first: a reader that misses a part then finds out why.
        partition.startWrittenAt(target, remaining);
        partition.publishLive(new PartitionState.Live(kept, skipped), newest);
    }

    /** Bytes of the oldest part before the target, as far as the time index knows them. */
    private long skippedBytes(List<Part> kept, long target) {
        if (kept.isEmpty() || kept.getFirst().firstOffset() >= target) {
            return 0;
        }
        IndexEntry below = TimeIndex.last(shard, partition.handle(), kept.getFirst(), e -> e.offset() <= target);
        return below == null ? 0 : below.bytesBefore();
    }

    private void moveEpochs(Turn turn, LogState log, long target) throws RocksDBException {
        EpochHistory before = log.epochs();
        log.startAt(target);
        EpochRows.replace(turn, partition.handle(), before, log.epochs());
    }
}
