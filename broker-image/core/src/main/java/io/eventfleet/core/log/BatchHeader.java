// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.log;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * The header of one record batch of format 2 (KIP-98) as a view over the bytes that hold it; all getters are absolute
 * reads. The patches are those that a leader makes: base offset and leader epoch lie before the checksummed part, so
 * only a stamped append time costs a new checksum. Not thread-safe while patching.
 */
public final class BatchHeader {

    /** Size of the header in bytes: the records begin after it. */
    public static final int SIZE_BYTES = 61;

    /** Bytes of base offset and length, which the length field does not count. */
    public static final int LOG_OVERHEAD_BYTES = 12;

    /** The only record format stored. */
    public static final byte MAGIC = 2;

    /** Position of the format byte, common to all record formats. */
    public static final int MAGIC_POSITION = 16;

    private static final int LENGTH = 8;
    private static final int LEADER_EPOCH = 12;
    private static final int CRC = 17;
    private static final int ATTRIBUTES = 21;
    private static final int LAST_OFFSET_DELTA = 23;
    private static final int BASE_TIMESTAMP = 27;
    private static final int MAX_TIMESTAMP = 35;
    private static final int PRODUCER_ID = 43;
    private static final int PRODUCER_EPOCH = 51;
    private static final int BASE_SEQUENCE = 53;
    private static final int RECORD_COUNT = 57;

    private static final int COMPRESSION_MASK = 0x07;
    private static final int APPEND_TIME_FLAG = 0x08;
    private static final int TRANSACTIONAL_FLAG = 0x10;
    private static final int CONTROL_FLAG = 0x20;

    private final ByteBuffer bytes;
    private final int start;

    private BatchHeader(ByteBuffer bytes, int start) {
        this.bytes = bytes;
        this.start = start;
    }

    /**
     * The header that starts at an absolute position of the buffer (big-endian).
     *
     * @throws IndexOutOfBoundsException when fewer than {@link #SIZE_BYTES} bytes follow
     */
    public static BatchHeader at(ByteBuffer bytes, int position) {
        if (position < 0 || bytes.limit() - position < SIZE_BYTES) {
            throw new IndexOutOfBoundsException("no batch header at " + position + " of " + bytes.limit() + " bytes");
        }
        return new BatchHeader(bytes, position);
    }

    /** Absolute position of the batch in its buffer. */
    public int position() {
        return start;
    }

    public long baseOffset() {
        return bytes.getLong(start);
    }

    /** Size of the whole batch in bytes, header included. */
    public int sizeBytes() {
        return bytes.getInt(start + LENGTH) + LOG_OVERHEAD_BYTES;
    }

    public int partitionLeaderEpoch() {
        return bytes.getInt(start + LEADER_EPOCH);
    }

    public byte magic() {
        return bytes.get(start + MAGIC_POSITION);
    }

    /** The stored CRC-32C, as an unsigned number. */
    public long crc() {
        return Integer.toUnsignedLong(bytes.getInt(start + CRC));
    }

    public short attributes() {
        return bytes.getShort(start + ATTRIBUTES);
    }

    /** Id of the compression type; 0 is none. */
    public int compressionId() {
        return attributes() & COMPRESSION_MASK;
    }

    /** True when every record's timestamp is {@link #maxTimestamp()}, stamped by a broker. */
    public boolean isAppendTime() {
        return (attributes() & APPEND_TIME_FLAG) != 0;
    }

    public boolean isTransactional() {
        return (attributes() & TRANSACTIONAL_FLAG) != 0;
    }

    public boolean isControl() {
        return (attributes() & CONTROL_FLAG) != 0;
    }

    public int lastOffsetDelta() {
        return bytes.getInt(start + LAST_OFFSET_DELTA);
    }

    public long lastOffset() {
        return baseOffset() + lastOffsetDelta();
    }

    public long baseTimestamp() {
        return bytes.getLong(start + BASE_TIMESTAMP);
    }

    public long maxTimestamp() {
        return bytes.getLong(start + MAX_TIMESTAMP);
    }

    public long producerId() {
        return bytes.getLong(start + PRODUCER_ID);
    }

    public boolean hasProducerId() {
        return producerId() >= 0;
    }

    public short producerEpoch() {
        return bytes.getShort(start + PRODUCER_EPOCH);
    }

    public int baseSequence() {
        return bytes.getInt(start + BASE_SEQUENCE);
    }

    /** Whether the batch is one of an idempotent producer's sequence: not a marker, not a coordinator's own. */
    public boolean hasSequence() {
        return hasProducerId() && baseSequence() >= 0 && !isControl();
    }

    public int recordCount() {
        return bytes.getInt(start + RECORD_COUNT);
    }

    /** CRC-32C of the checksummed part, computed anew. The whole batch must lie within the buffer. */
    public long computeCrc() {
        var crc = new CRC32C();
        crc.update(bytes.slice(start + ATTRIBUTES, sizeBytes() - ATTRIBUTES));
        return crc.getValue();
    }

    /** Sets the offset of the first record; not covered by the checksum. */
    public void patchBaseOffset(long baseOffset) {
        bytes.putLong(start, baseOffset);
    }

    /** Sets the leader epoch; not covered by the checksum. */
    public void patchPartitionLeaderEpoch(int leaderEpoch) {
        bytes.putInt(start + LEADER_EPOCH, leaderEpoch);
    }

    /** Stamps the broker's time on all records and renews the checksum, unless exactly that is there already. */
    public void stampAppendTime(long appendTimeMs) {
        if (isAppendTime() && maxTimestamp() == appendTimeMs) {
            return;
        }
        bytes.putShort(start + ATTRIBUTES, (short) (attributes() | APPEND_TIME_FLAG));
        patchMaxTimestamp(appendTimeMs);
    }

    /** Corrects the greatest timestamp and renews the checksum. */
    public void patchMaxTimestamp(long maxTimestamp) {
        bytes.putLong(start + MAX_TIMESTAMP, maxTimestamp);
        bytes.putInt(start + CRC, (int) computeCrc());
    }
}
