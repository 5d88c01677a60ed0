// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.storage;

import io.eventfleet.core.log.TopicPartitionId;
import java.nio.ByteBuffer;
import java.util.UUID;

/** Keys of all tables: big-endian, so that a partition is one contiguous range in the order of its offsets. */
final class Keys {

    /** Bytes of a (handle, number) key. */
    static final int PAIR_BYTES = 12;

    private Keys() {}

    static byte[] handle(int handle) {
        return ByteBuffer.allocate(4).putInt(handle).array();
    }

    /** (handle, offset), (handle, producer id). */
    static byte[] pair(int handle, long number) {
        return ByteBuffer.allocate(PAIR_BYTES).putInt(handle).putLong(number).array();
    }

    /** (handle, leader epoch). */
    static byte[] epoch(int handle, int leaderEpoch) {
        return ByteBuffer.allocate(8).putInt(handle).putInt(leaderEpoch).array();
    }

    static byte[] window(int windowId) {
        return ByteBuffer.allocate(4).putInt(windowId).array();
    }

    static byte[] partition(TopicPartitionId id) {
        return ByteBuffer.allocate(20)
                .putLong(id.topicId().getMostSignificantBits())
                .putLong(id.topicId().getLeastSignificantBits())
                .putInt(id.partition())
                .array();
    }

    static TopicPartitionId partitionOf(byte[] key) {
        var bytes = ByteBuffer.wrap(key);
        return new TopicPartitionId(new UUID(bytes.getLong(), bytes.getLong()), bytes.getInt());
    }

    /** The number after the handle of a {@link #pair} key. */
    static long numberOf(byte[] key) {
        return ByteBuffer.wrap(key).getLong(4);
    }

    /** The epoch after the handle of an {@link #epoch} key. */
    static int epochOf(byte[] key) {
        return ByteBuffer.wrap(key).getInt(4);
    }
}
