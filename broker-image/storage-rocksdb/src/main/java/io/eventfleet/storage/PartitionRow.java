// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.storage;

import io.eventfleet.core.log.TopicPartitionId;
import java.nio.ByteBuffer;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The durable state of one partition. It is rewritten by every commit that changes the partition, in the same batch as
 * the records, and it is what the log end is read from.
 *
 * @param id whose
 * @param leaderEpoch epoch under which it was led last, or -1
 * @param offsets where it begins and ends
 * @param skippedBytes bytes of the oldest part that lie before the log start
 * @param sizeBytes bytes from log start to end
 * @param retention where its next part belongs
 * @param newest the part that takes appends, if any
 */
record PartitionRow(
        TopicPartitionId id,
        int leaderEpoch,
        Offsets offsets,
        long skippedBytes,
        long sizeBytes,
        RetentionClass retention,
        @Nullable Part newest) {

    private static final byte VERSION = 1;
    private static final int FIXED_BYTES = 1 + 16 + 4 + 4 + 3 * 8 + 8 + 8 + 1 + 1;
    static final int MAX_BYTES = FIXED_BYTES + 8 + Part.ROW_BYTES;

    /**
     * The offsets.
     *
     * @param logStart first readable offset
     * @param logEnd offset after the last record
     * @param highWatermark the one last remembered
     */
    record Offsets(long logStart, long logEnd, long highWatermark) {}

    static PartitionRow empty(TopicPartitionId id, RetentionClass retention) {
        return new PartitionRow(id, -1, new Offsets(0, 0, 0), 0, 0, retention, null);
    }

    void encode(ByteBuffer row) {
        row.put(VERSION)
                .putLong(id.topicId().getMostSignificantBits())
                .putLong(id.topicId().getLeastSignificantBits())
                .putInt(id.partition())
                .putInt(leaderEpoch)
                .putLong(offsets.logStart)
                .putLong(offsets.logEnd)
                .putLong(offsets.highWatermark)
                .putLong(skippedBytes)
                .putLong(sizeBytes)
                .put(retention.id())
                .put((byte) (newest == null ? 0 : 1));
        if (newest != null) {
            row.putLong(newest.firstOffset());
            newest.encode(row);
        }
    }

    byte[] toBytes() {
        var row = ByteBuffer.allocate(MAX_BYTES);
        encode(row);
        var bytes = new byte[row.position()];
        row.flip().get(bytes);
        return bytes;
    }

    static PartitionRow decode(byte[] bytes) {
        var row = ByteBuffer.wrap(bytes);
        byte version = row.get();
        if (version != VERSION) {
            throw new StorageException(StorageException.Reason.FOREIGN, "unknown partition row version " + version);
        }
        var id = new TopicPartitionId(new UUID(row.getLong(), row.getLong()), row.getInt());
        int leaderEpoch = row.getInt();
        var offsets = new Offsets(row.getLong(), row.getLong(), row.getLong());
        long skippedBytes = row.getLong();
        long sizeBytes = row.getLong();
        var retention = RetentionClass.of(row.get());
        Part newest = row.get() == 0 ? null : Part.decode(row.getLong(), row);
        return new PartitionRow(id, leaderEpoch, offsets, skippedBytes, sizeBytes, retention, newest);
    }
}
