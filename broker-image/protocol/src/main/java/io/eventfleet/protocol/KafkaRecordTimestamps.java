// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.protocol;

import io.eventfleet.core.log.RecordTimestamps;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.apache.kafka.common.record.internal.DefaultRecordBatch;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.utils.internals.BufferSupplier;

/** Reads the timestamps of compressed records with Kafka's own codecs. Thread-safe. */
public final class KafkaRecordTimestamps implements RecordTimestamps {

    @Override
    public Optional<Found> firstAtOrAfter(ByteBuffer batch, long timestampMs, long minOffset) {
        try (var records = batch(batch).skipKeyValueIterator(BufferSupplier.NO_CACHING)) {
            while (records.hasNext()) {
                var record = records.next();
                if (record.timestamp() >= timestampMs && record.offset() >= minOffset) {
                    return Optional.of(new Found(record.timestamp(), record.offset()));
                }
            }
        }
        return Optional.empty();
    }

    @Override
    public Optional<Found> greatest(ByteBuffer batch, long minOffset) {
        Optional<Found> greatest = Optional.empty();
        try (var records = batch(batch).skipKeyValueIterator(BufferSupplier.NO_CACHING)) {
            while (records.hasNext()) {
                var record = records.next();
                if (record.offset() >= minOffset
                        && (greatest.isEmpty()
                                || record.timestamp() > greatest.get().timestampMs())) {
                    greatest = Optional.of(new Found(record.timestamp(), record.offset()));
                }
            }
        }
        return greatest;
    }

    private static DefaultRecordBatch batch(ByteBuffer bytes) {
        return (DefaultRecordBatch)
                MemoryRecords.readableRecords(bytes.slice()).batchIterator().next();
    }
}
