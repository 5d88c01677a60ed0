// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.storage;

import io.eventfleet.core.log.BatchHeader;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.rocksdb.RocksDBException;

/**
 * Removes the records of a partition from an offset on, with their parts and time index, as range deletes in one turn
 * that began with everything before it written. Writer thread.
 */
final class LogCut {

    private final StorageShard shard;
    private final PartitionState partition;
    private final Turn turn;
    private final ByteBuffer header = ByteBuffer.allocateDirect(BatchHeader.SIZE_BYTES);

    LogCut(StorageShard shard, PartitionState partition, Turn turn) {
        this.shard = shard;
        this.partition = partition;
        this.turn = turn;
    }

    /**
     * Removes all batches from the offset on, and shows the lower end to readers.
     *
     * @param end a batch boundary above the log start and below the log end
     */
    void removeFrom(long end) throws RocksDBException {
        var live = partition.live(shard.database());
        var kept = new ArrayList<Part>();
        Set<Window> touched = new HashSet<>();
        for (var part : live.parts()) {
            if (part.endOffset() <= end) {
                kept.add(part);
                continue;
            }
            touched.add(shard.windows().require(part.windowId()));
            if (part.firstOffset() >= end) {
                die(part);
            } else {
                kept.add(shortened(part, end));
            }
        }
        for (var window : touched) {
            turn.deleteRecords(window, partition.handle(), end);
        }
        turn.deleteRange(Table.TIME_INDEX, Keys.pair(partition.handle(), end), Keys.handle(partition.handle() + 1));
        long bytes = kept.stream().mapToLong(Part::bytes).sum() - live.skippedBytes();
        Part last = kept.isEmpty() ? null : kept.getLast();
        Part newest = last != null && last.open() ? last : null;
        partition.truncated(
                new PartitionState.Live(kept, live.skippedBytes()),
                newest,
                new PartitionState.Extent(partition.writtenStartOffset(), end, bytes));
    }

    /** Removes everything; the log is empty, and begins and ends at the offset. */
    void removeAll(long offset) throws RocksDBException {
        for (var part : partition.parts(shard.database())) {
            die(part);
        }
        removeUnreachable();
        turn.deleteRange(Table.TIME_INDEX, Keys.handle(partition.handle()), Keys.handle(partition.handle() + 1));
        partition.truncated(new PartitionState.Live(List.of(), 0), null, new PartitionState.Extent(offset, offset, 0));
    }

    /**
     * Removes what still lies of the partition in windows that take appends, whatever it is: the log begins at a lower
     * offset than it did, and rows that a log start had passed must not be between the new ones.
     */
    void removeUnreachable() throws RocksDBException {
        for (var window : shard.windows().active()) {
            turn.deleteRecords(window, partition.handle(), 0);
        }
    }

    private void die(Part part) throws RocksDBException {
        turn.delete(Table.WINDOW_PARTS, Keys.pair(partition.handle(), part.firstOffset()));
        shard.windows().partDied(part.windowId(), turn);
    }

    /**
     * A copy of the part that ends earlier; readers may hold the part itself. The time index knows the figures at its
     * last mark before the end, so that at most two intervals of the index are read, headers only.
     */
    private Part shortened(Part part, long end) throws RocksDBException {
        IndexEntry found = TimeIndex.last(shard, partition.handle(), part, e -> e.offset() <= end);
        var mark = found == null ? new IndexEntry(part.firstOffset(), Long.MIN_VALUE, 0) : found;
        Stretch rest = stretch(part, mark.offset(), end, Long.MAX_VALUE);
        long bytes = mark.bytesBefore() + rest.bytes();
        Part.Greatest greatest = part.greatest();
        if (greatest.offset() >= end) {
            greatest =
                    rest.greatest().timestampMs() > mark.maxTimestampBefore() ? rest.greatest() : firstAt(part, mark);
        }
        Part cut = part.shortened(end, bytes, greatest, mark.bytesBefore());
        if (!cut.open()) {
            turn.put(Table.WINDOW_PARTS, Keys.pair(partition.handle(), cut.firstOffset()), cut.row());
        }
        return cut;
    }

    /** Where the greatest timestamp before a mark is: between the last mark that does not know it and the next. */
    private Part.Greatest firstAt(Part part, IndexEntry mark) throws RocksDBException {
        long timestampMs = mark.maxTimestampBefore();
        IndexEntry below = TimeIndex.last(shard, partition.handle(), part, e -> e.maxTimestampBefore() < timestampMs);
        long from = below == null ? part.firstOffset() : below.offset();
        return stretch(part, from, mark.offset(), timestampMs).greatest();
    }

    /**
     * Some batches of a part.
     *
     * @param bytes their size
     * @param greatest the greatest timestamp among them
     */
    private record Stretch(long bytes, Part.Greatest greatest) {}

    /** Reads headers from an offset on, up to another or up to a timestamp. A batch without one counts as the newest. */
    private Stretch stretch(Part part, long from, long end, long untilTimestampMs) throws RocksDBException {
        long bytes = 0;
        var greatest = new Part.Greatest(Long.MIN_VALUE, -1);
        var only = new BatchCursor.Parts(shard, partition, List.of(part));
        try (var cursor = new BatchCursor(only, from)) {
            while (cursor.valid() && cursor.baseOffset() < end && greatest.timestampMs() < untilTimestampMs) {
                var batch = BatchHeader.at(cursor.peek(header), 0);
                bytes += batch.sizeBytes();
                long timestampMs = batch.maxTimestamp() >= 0
                        ? batch.maxTimestamp()
                        : part.greatest().timestampMs();
                if (timestampMs > greatest.timestampMs()) {
                    greatest = new Part.Greatest(timestampMs, batch.baseOffset());
                }
                cursor.next();
            }
        }
        return new Stretch(bytes, greatest);
    }
}
