// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.storage;

import io.eventfleet.core.log.BatchHeader;
import io.eventfleet.core.log.RecordTimestamps;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.record.internal.SimpleRecord;

/** Real record batches, made and read with Kafka's own classes. */
final class Batches {

    static final long NOW_MS = 1_700_000_000_000L;

    private Batches() {}

    /** One uncompressed batch whose records have these timestamps. */
    static ByteBuffer at(long... timestampsMs) {
        return of(Compression.NONE, 10, timestampsMs);
    }

    /** One batch with records of some bytes. */
    static ByteBuffer of(Compression compression, int valueBytes, long... timestampsMs) {
        var records = Arrays.stream(timestampsMs)
                .mapToObj(t -> new SimpleRecord(t, new byte[valueBytes]))
                .toArray(SimpleRecord[]::new);
        return MemoryRecords.withRecords(compression, records).buffer();
    }

    /** A batch with this many records, now. */
    static ByteBuffer records(int count, int valueBytes) {
        var timestamps = new long[count];
        Arrays.fill(timestamps, NOW_MS);
        return of(Compression.NONE, valueBytes, timestamps);
    }

    /** A batch of an idempotent producer. */
    static ByteBuffer produced(long producerId, int epoch, int sequence, int count) {
        var records = new SimpleRecord[count];
        Arrays.fill(records, new SimpleRecord(NOW_MS, new byte[8]));
        return MemoryRecords.withRecords(
                        RecordBatch.CURRENT_MAGIC_VALUE,
                        0,
                        Compression.NONE,
                        TimestampType.CREATE_TIME,
                        producerId,
                        (short) epoch,
                        sequence,
                        RecordBatch.NO_PARTITION_LEADER_EPOCH,
                        false,
                        records)
                .buffer();
    }

    /** The batch as a leader stored it at an offset in an epoch. */
    static ByteBuffer stored(ByteBuffer batch, long baseOffset, int leaderEpoch) {
        var header = BatchHeader.at(batch, batch.position());
        header.patchBaseOffset(baseOffset);
        header.patchPartitionLeaderEpoch(leaderEpoch);
        return batch;
    }

    /** Several batches one after the other. */
    static ByteBuffer together(ByteBuffer... batches) {
        var all = ByteBuffer.allocate(
                Arrays.stream(batches).mapToInt(ByteBuffer::remaining).sum());
        Arrays.stream(batches).forEach(b -> all.put(b.duplicate()));
        return all.flip();
    }

    /** Reads compressed batches as the broker does. */
    static RecordTimestamps timestamps() {
        return new RecordTimestamps() {
            @Override
            public Optional<Found> firstAtOrAfter(ByteBuffer batch, long timestampMs, long minOffset) {
                for (var record :
                        MemoryRecords.readableRecords(batch.duplicate()).records()) {
                    if (record.timestamp() >= timestampMs && record.offset() >= minOffset) {
                        return Optional.of(new Found(record.timestamp(), record.offset()));
                    }
                }
                return Optional.empty();
            }

            @Override
            public Optional<Found> greatest(ByteBuffer batch, long minOffset) {
                Optional<Found> greatest = Optional.empty();
                for (var record :
                        MemoryRecords.readableRecords(batch.duplicate()).records()) {
                    if (record.offset() >= minOffset
                            && (greatest.isEmpty()
                                    || record.timestamp() > greatest.get().timestampMs())) {
                        greatest = Optional.of(new Found(record.timestamp(), record.offset()));
                    }
                }
                return greatest;
            }
        };
    }
}
