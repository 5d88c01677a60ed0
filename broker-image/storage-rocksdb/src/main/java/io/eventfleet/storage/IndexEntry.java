// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.storage;

import java.nio.ByteBuffer;

/**
 * A mark in the time index: what lies before a batch within its part.
 *
 * @param offset base offset of the batch
 * @param maxTimestampBefore greatest timestamp of the part's earlier batches, in ms
 * @param bytesBefore bytes of the part's earlier batches
 */
record IndexEntry(long offset, long maxTimestampBefore, long bytesBefore) {

    static byte[] encode(long maxTimestampBefore, long bytesBefore) {
        return ByteBuffer.allocate(16)
                .putLong(maxTimestampBefore)
                .putLong(bytesBefore)
                .array();
    }

    static IndexEntry decode(long offset, byte[] bytes) {
        var row = ByteBuffer.wrap(bytes);
        return new IndexEntry(offset, row.getLong(), row.getLong());
    }
}
