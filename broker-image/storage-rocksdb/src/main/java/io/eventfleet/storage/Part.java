// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.storage;

import java.nio.ByteBuffer;

/**
 * The stretch of a partition that lies in one window. The partition's writer changes the newest part; any thread reads.
 * The row of a closed part holds its summary; the summary of the newest one is in the {@link PartitionRow}, which every
 * commit writes anyway.
 */
final class Part {

    /** Bytes of an encoded part. */
    static final int ROW_BYTES = 4 + 8 + 8 + 8 + 8;

    private static final long OPEN = Long.MAX_VALUE;

    private final long firstOffset;
    private final int windowId;
    private volatile long endOffset = OPEN;
    private volatile long bytes;
    private volatile long maxTimestamp = Long.MIN_VALUE;
    private volatile long maxTimestampOffset = -1;

    /** Bytes of the part when the time index last got an entry; only the writer needs it, and only roughly. */
    private long indexedBytes;

    Part(long firstOffset, int windowId) {
        this.firstOffset = firstOffset;
        this.windowId = windowId;
    }

    /**
     * The greatest timestamp among batches.
     *
     * @param timestampMs the timestamp in ms
     * @param offset base offset of the first batch that has it
     */
    record Greatest(long timestampMs, long offset) {}

    /** A copy of this part after its end was cut off; one that takes appends goes on doing so. */
    Part shortened(long end, long newBytes, Greatest greatest, long newIndexedBytes) {
        var part = new Part(firstOffset, windowId);
        part.endOffset = open() ? OPEN : end;
        part.bytes = newBytes;
        part.maxTimestamp = greatest.timestampMs();
        part.maxTimestampOffset = greatest.offset();
        part.indexedBytes = newIndexedBytes;
        return part;
    }

    static Part decode(long firstOffset, ByteBuffer row) {
        var part = new Part(firstOffset, row.getInt());
        part.endOffset = row.getLong();
        part.bytes = row.getLong();
        part.maxTimestamp = row.getLong();
        part.maxTimestampOffset = row.getLong();
        part.indexedBytes = part.bytes;
        return part;
    }

    void encode(ByteBuffer row) {
        row.putInt(windowId)
                .putLong(endOffset)
                .putLong(bytes)
                .putLong(maxTimestamp)
                .putLong(maxTimestampOffset);
    }

    byte[] row() {
        var row = ByteBuffer.allocate(ROW_BYTES);
        encode(row);
        return row.array();
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
    void add(long baseOffset, int sizeBytes, long timestampMs) {
        bytes += sizeBytes;
        if (timestampMs > maxTimestamp) {
            // The offset first: a reader that sees the new timestamp must find the batch that has it.
            maxTimestampOffset = baseOffset;
            maxTimestamp = timestampMs;
        }
    }

    /** Says whether the time index is due for an entry before the next batch, and if so counts it as made. */
    boolean indexDue(int intervalBytes) {
        if (bytes - indexedBytes < intervalBytes) {
            return false;
        }
        indexedBytes = bytes;
        return true;
    }

    void close(long end) {
        endOffset = end;
    }

    boolean open() {
        return endOffset == OPEN;
    }

    long firstOffset() {
        return firstOffset;
    }

    int windowId() {
        return windowId;
    }

    /** Offset after the last record of the part; of the newest part, without bound. */
    long endOffset() {
        return endOffset;
    }

    long bytes() {
        return bytes;
    }

    /** The greatest timestamp and where it is. Writer only: others may see the two of different moments. */
    Greatest greatest() {
        return new Greatest(maxTimestamp, maxTimestampOffset);
    }

    /** Greatest timestamp of its batches in ms. */
    long maxTimestamp() {
        return maxTimestamp;
    }

    /** Base offset of the first batch with that timestamp. */
    long maxTimestampOffset() {
        return maxTimestampOffset;
    }
}
