// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.storage;

import io.eventfleet.core.log.BatchHeader;
import io.eventfleet.core.log.PartitionLog.TimestampedOffset;
import io.eventfleet.core.log.RecordTimestamps;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;

/**
 * Finds records by time. Each part knows its greatest timestamp, and the index marks, every so many bytes, the greatest
 * one before a batch; so one part is entered, a bounded stretch of headers is read, and one batch is opened. Any thread,
 * inside the shard's read gate.
 */
final class TimeIndex {

    private final StorageShard shard;
    private final PartitionState partition;
    private final ByteBuffer header = ByteBuffer.allocateDirect(BatchHeader.SIZE_BYTES);

    TimeIndex(StorageShard shard, PartitionState partition) {
        this.shard = shard;
        this.partition = partition;
    }

    /** The last entry of a part for which the condition still holds; it must hold for a prefix of the entries. */
    static @Nullable IndexEntry last(StorageShard shard, int handle, Part part, Predicate<IndexEntry> condition) {
        var found = new IndexEntry[1];
        long end = part.endOffset();
        shard.database()
                .scan(Table.TIME_INDEX, Keys.pair(handle, part.firstOffset()), Keys.pair(handle, end), (key, value) -> {
                    var entry = IndexEntry.decode(Keys.numberOf(key), value);
                    boolean holds = condition.test(entry);
                    if (holds) {
                        found[0] = entry;
                    }
                    return holds;
                });
        return found[0];
    }

    /** The earliest record at or after a time, below an offset. */
    Optional<TimestampedOffset> firstAtOrAfter(long timestampMs, long endOffset) throws RocksDBException {
        long logStart = partition.logStartOffset();
        for (var part : partition.parts(shard.database())) {
            if (part.maxTimestamp() < timestampMs || part.endOffset() <= logStart) {
                continue;
            }
            if (part.firstOffset() >= endOffset) {
                break;
            }
            IndexEntry before = last(shard, partition.handle(), part, e -> e.maxTimestampBefore() < timestampMs);
            long from = Math.max(logStart, before == null ? part.firstOffset() : before.offset());
            Optional<TimestampedOffset> found = scan(part, from, endOffset, timestampMs);
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    private Optional<TimestampedOffset> scan(Part part, long from, long endOffset, long timestampMs)
            throws RocksDBException {
        try (var cursor = cursor(part, from)) {
            for (; cursor.valid() && cursor.baseOffset() < endOffset; cursor.next()) {
                var batch = BatchHeader.at(cursor.peek(header), 0);
                if (batch.maxTimestamp() >= timestampMs) {
                    ByteBuffer whole = whole(cursor, batch);
                    var found =
                            shard.options().timestamps().firstAtOrAfter(whole, timestampMs, partition.logStartOffset());
                    if (found.isPresent()) {
                        return found.filter(f -> f.offset() < endOffset).map(f -> located(f, batch));
                    }
                }
            }
        }
        return Optional.empty();
    }

    /** The first record with the greatest timestamp below an offset. */
    Optional<TimestampedOffset> greatest(long endOffset) throws RocksDBException {
        long logStart = partition.logStartOffset();
        long bestTimestamp = -1;
        long bestOffset = -1;
        Part bestPart = null;
        for (var part : partition.parts(shard.database())) {
            if (part.firstOffset() >= endOffset
                    || part.endOffset() <= logStart
                    || part.maxTimestamp() <= bestTimestamp) {
                continue;
            }
            long timestamp = part.maxTimestamp();
            long offset = part.maxTimestampOffset();
            boolean cut = offset < logStart || offset >= endOffset;
            if (cut) {
                var scanned = greatestHeader(part, Math.max(logStart, part.firstOffset()), endOffset);
                timestamp = scanned[0];
                offset = scanned[1];
            }
            if (timestamp > bestTimestamp) {
                bestTimestamp = timestamp;
                bestOffset = offset;
                bestPart = part;
            }
        }
        return bestPart == null ? Optional.empty() : greatestIn(bestPart, Math.max(bestOffset, logStart));
    }

    /**
     * Greatest timestamp in the headers of a stretch, and the base offset of the first batch that has it. The header of a
     * batch that begins before the log start speaks of records that are deleted: that one is opened.
     */
    private long[] greatestHeader(Part part, long from, long endOffset) throws RocksDBException {
        long[] best = {-1, -1};
        try (var cursor = cursor(part, from)) {
            for (; cursor.valid() && cursor.baseOffset() < endOffset; cursor.next()) {
                var batch = BatchHeader.at(cursor.peek(header), 0);
                long timestamp = batch.maxTimestamp();
                if (cursor.baseOffset() < from) {
                    timestamp = shard.options()
                            .timestamps()
                            .greatest(whole(cursor, batch), from)
                            .map(RecordTimestamps.Found::timestampMs)
                            .orElse(timestamp);
                }
                if (timestamp > best[0]) {
                    best[0] = timestamp;
                    best[1] = cursor.baseOffset();
                }
            }
        }
        return best;
    }

    private Optional<TimestampedOffset> greatestIn(Part part, long offset) throws RocksDBException {
        try (var cursor = cursor(part, offset)) {
            if (!cursor.valid()) {
                return Optional.empty();
            }
            var batch = BatchHeader.at(cursor.peek(header), 0);
            ByteBuffer whole = whole(cursor, batch);
            return shard.options()
                    .timestamps()
                    .greatest(whole, partition.logStartOffset())
                    .map(f -> located(f, batch));
        }
    }

    private BatchCursor cursor(Part part, long from) throws RocksDBException {
        return new BatchCursor(new BatchCursor.Parts(shard, partition, List.of(part)), from);
    }

    private static ByteBuffer whole(BatchCursor cursor, BatchHeader batch) {
        var whole = ByteBuffer.allocateDirect(batch.sizeBytes());
        return cursor.peek(whole);
    }

    private static TimestampedOffset located(RecordTimestamps.Found found, BatchHeader batch) {
        return new TimestampedOffset(found.timestampMs(), found.offset(), batch.partitionLeaderEpoch());
    }
}
