// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.log;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Builds uncompressed batches of format 2 byte by byte, right or deliberately wrong. */
final class BatchBuilder {

    static final long NOW_MS = 1_700_000_000_000L;

    private final List<Long> timestamps = new ArrayList<>();
    private long baseOffset;
    private long producerId = -1;
    private short producerEpoch = -1;
    private int baseSequence = -1;
    private int attributes;
    private byte magic = 2;
    private int valueBytes = 5;

    static BatchBuilder batch(int records) {
        var builder = new BatchBuilder();
        for (int i = 0; i < records; i++) {
            builder.timestamps.add(NOW_MS + i);
        }
        return builder;
    }

    static BatchBuilder at(long... timestampsMs) {
        var builder = new BatchBuilder();
        for (long timestamp : timestampsMs) {
            builder.timestamps.add(timestamp);
        }
        return builder;
    }

    BatchBuilder baseOffset(long value) {
        baseOffset = value;
        return this;
    }

    BatchBuilder producer(long id, int epoch, int sequence) {
        producerId = id;
        producerEpoch = (short) epoch;
        baseSequence = sequence;
        return this;
    }

    BatchBuilder attributes(int value) {
        attributes = value;
        return this;
    }

    BatchBuilder magic(int value) {
        magic = (byte) value;
        return this;
    }

    BatchBuilder valueBytes(int value) {
        valueBytes = value;
        return this;
    }

    ByteBuffer build() {
        var bytes = ByteBuffer.allocate(BatchHeader.SIZE_BYTES + timestamps.size() * (valueBytes + 40));
        bytes.position(BatchHeader.SIZE_BYTES);
        long baseTimestamp = timestamps.isEmpty() ? -1 : timestamps.getFirst();
        for (int i = 0; i < timestamps.size(); i++) {
            record(bytes, i, timestamps.get(i) - baseTimestamp);
        }
        int size = bytes.position();
        bytes.putLong(0, baseOffset)
                .putInt(8, size - 12)
                .putInt(12, -1)
                .put(16, magic)
                .putShort(21, (short) attributes)
                .putInt(23, timestamps.size() - 1)
                .putLong(27, baseTimestamp)
                .putLong(35, timestamps.stream().mapToLong(t -> t).max().orElse(-1))
                .putLong(43, producerId)
                .putShort(51, producerEpoch)
                .putInt(53, baseSequence)
                .putInt(57, timestamps.size());
        bytes.flip();
        return sealed(bytes);
    }

    /** Renews the checksum after a test has changed a field. */
    static ByteBuffer sealed(ByteBuffer batch) {
        batch.putInt(17, (int) BatchHeader.at(batch, 0).computeCrc());
        return batch;
    }

    private void record(ByteBuffer bytes, int offsetDelta, long timestampDelta) {
        var body = ByteBuffer.allocate(valueBytes + 30);
        body.put((byte) 0);
        varlong(body, timestampDelta);
        varlong(body, offsetDelta);
        varlong(body, -1);
        varlong(body, valueBytes);
        body.put(new byte[valueBytes]);
        varlong(body, 0);
        varlong(bytes, body.position());
        bytes.put(body.flip());
    }

    private static void varlong(ByteBuffer to, long value) {
        long rest = (value << 1) ^ (value >> 63);
        while ((rest & ~0x7fL) != 0) {
            to.put((byte) (rest | 0x80));
            rest >>>= 7;
        }
        to.put((byte) rest);
    }
}
