// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.storage;

import io.eventfleet.core.log.ProducerEntry;
import io.eventfleet.core.log.ProducerEntry.ProducedBatch;
import java.nio.ByteBuffer;
import java.util.ArrayList;

/** The value of a producer in {@link Table#PRODUCERS}: epoch, time of the last append, and its last batches. */
final class ProducerRow {

    private static final byte VERSION = 1;
    private static final int FIXED_BYTES = 1 + 2 + 8 + 1;
    private static final int BATCH_BYTES = 8 + 8 + 4;

    private ProducerRow() {}

    static byte[] encode(ProducerEntry entry) {
        var row = ByteBuffer.allocate(FIXED_BYTES + entry.batches().size() * BATCH_BYTES);
        row.put(VERSION)
                .putShort(entry.producerEpoch())
                .putLong(entry.lastTimestampMs())
                .put((byte) entry.batches().size());
        for (var batch : entry.batches()) {
            row.putLong(batch.baseOffset()).putLong(batch.lastOffset()).putInt(batch.lastSequence());
        }
        return row.array();
    }

    static ProducerEntry decode(long producerId, byte[] bytes) {
        var row = ByteBuffer.wrap(bytes);
        byte version = row.get();
        if (version != VERSION) {
            throw new StorageException(StorageException.Reason.FOREIGN, "unknown producer row version " + version);
        }
        short epoch = row.getShort();
        long lastTimestampMs = row.getLong();
        int count = row.get();
        var batches = new ArrayList<ProducedBatch>(count);
        for (int i = 0; i < count; i++) {
            batches.add(new ProducedBatch(row.getLong(), row.getLong(), row.getInt()));
        }
        return new ProducerEntry(producerId, epoch, batches, lastTimestampMs);
    }
}
