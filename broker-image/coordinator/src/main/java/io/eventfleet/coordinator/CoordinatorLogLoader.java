// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.coordinator;

import io.eventfleet.coordinator.CoordinatorLogs.BoundLog;
import io.eventfleet.core.log.PartitionLog;
import io.eventfleet.core.log.PartitionLog.ReadRequest;
import io.eventfleet.core.log.PartitionLog.ReadResult;
import io.eventfleet.core.log.RecordBuffer;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.LongConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.NotLeaderOrFollowerException;
import org.apache.kafka.common.record.internal.ControlRecordType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.requests.TransactionResult;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.coordinator.common.runtime.CoordinatorLoader;
import org.apache.kafka.coordinator.common.runtime.CoordinatorPlayback;
import org.apache.kafka.coordinator.common.runtime.CoordinatorRecord;
import org.apache.kafka.coordinator.common.runtime.Deserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Rebuilds a coordinator's state from its partition's log: reads to the log end, then waits until the high watermark
 * has passed it, so that nothing is answered from records that could still be lost. The log end at that moment is at
 * or above the start offset of the leader's epoch.
 */
final class CoordinatorLogLoader implements CoordinatorLoader<CoordinatorRecord> {
    /** Threads that replay logs; they are idle except after an election. */
    private static final int LOADER_THREADS = 2;

    private static final Logger LOG = LoggerFactory.getLogger(CoordinatorLogLoader.class);

    private final CoordinatorLogs logs;
    private final Deserializer<CoordinatorRecord> deserializer;
    private final Time time;
    private final int readBytes;
    private final ExecutorService executor;

    /** @param readBytes bytes read at a time */
    CoordinatorLogLoader(CoordinatorLogs logs, Deserializer<CoordinatorRecord> deserializer, Time time, int readBytes) {
        this.logs = logs;
        this.deserializer = deserializer;
        this.time = time;
        this.readBytes = readBytes;
        this.executor = Executors.newFixedThreadPool(
                LOADER_THREADS,
                Thread.ofPlatform()
                        .name("group-coordinator-loader-", 0)
                        .daemon()
                        .factory());
    }

    @Override
    public CompletableFuture<LoadSummary> load(
            TopicPartition partition, CoordinatorPlayback<CoordinatorRecord> coordinator) {
        var log = logs.bind(partition.partition()).orElse(null);
        if (log == null) {
            return CompletableFuture.failedFuture(
                    new NotLeaderOrFollowerException("this broker does not lead " + partition));
        }
        long queuedAtMs = time.milliseconds();
        return CompletableFuture.supplyAsync(() -> replay(log, coordinator, queuedAtMs), executor)
                .thenCompose(replayed -> highWatermarkAtLeast(log, replayed.endOffset())
                        .thenApplyAsync(
                                highWatermark -> {
                                    if (replayed.endOffset() > 0) { // Kafka refuses offset 0
                                        coordinator.updateLastWrittenOffset(replayed.endOffset());
                                        coordinator.updateLastCommittedOffset(replayed.endOffset());
                                    }
                                    return replayed.summary(time.milliseconds());
                                },
                                executor));
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }

    private Replayed replay(BoundLog bound, CoordinatorPlayback<CoordinatorRecord> coordinator, long queuedAtMs) {
        long startMs = time.milliseconds();
        var log = bound.led().log();
        long endOffset = log.logEndOffset();
        long offset = log.logStartOffset();
        long records = 0;
        long bytes = 0;
        while (offset < endOffset) {
            if (!bound.isLive()) {
                bound.ended().join();
            }
            var batches = read(log, offset, endOffset);
            try {
                for (var buffer : batches.buffers()) {
                    records += replay(log, buffer.bytes(), coordinator);
                }
            } finally {
                batches.buffers().forEach(RecordBuffer::release);
            }
            bytes += batches.sizeBytes();
            offset = batches.nextOffset();
        }
        return new Replayed(endOffset, startMs, startMs - queuedAtMs, records, bytes);
    }

    private ReadResult.Batches read(PartitionLog log, long offset, long endOffset) {
        return switch (log.read(new ReadRequest(offset, endOffset, readBytes, true))) {
            case ReadResult.Batches batches when batches.nextOffset() > offset -> batches;
            case ReadResult.Batches batches -> {
                batches.buffers().forEach(RecordBuffer::release);
                throw new IllegalStateException(
                        log.id() + " has no batch at " + offset + ", below its end " + endOffset);
            }
            case ReadResult.OutOfRange range ->
                throw new IllegalStateException(log.id() + " refuses offset " + offset + ": " + range);
        };
    }

    private long replay(PartitionLog log, ByteBuffer bytes, CoordinatorPlayback<CoordinatorRecord> coordinator) {
        long records = 0;
        for (MutableRecordBatch batch : MemoryRecords.readableRecords(bytes).batches()) {
            if (batch.isControlBatch()) {
                batch.forEach(marker -> replayMarker(batch, marker, coordinator));
            } else {
                for (Record record : batch) {
                    replay(log, batch, record, coordinator);
                    records++;
                }
            }
        }
        return records;
    }

    private static void replayMarker(
            MutableRecordBatch batch, Record marker, CoordinatorPlayback<CoordinatorRecord> coordinator) {
        var type = ControlRecordType.parse(marker.key());
        if (type == ControlRecordType.COMMIT || type == ControlRecordType.ABORT) {
            coordinator.replayEndTransactionMarker(
                    batch.producerId(),
                    batch.producerEpoch(),
                    type == ControlRecordType.COMMIT ? TransactionResult.COMMIT : TransactionResult.ABORT);
        }
    }

    private void replay(
            PartitionLog log,
            MutableRecordBatch batch,
            Record record,
            CoordinatorPlayback<CoordinatorRecord> coordinator) {
        CoordinatorRecord decoded;
        try {
            decoded = deserializer.deserialize(record.key(), record.value());
        } catch (Deserializer.UnknownRecordTypeException e) {
            // Written by a newer version before a downgrade; this version knows nothing that depends on it.
            LOG.atWarn()
                    .addKeyValue("partition", log.id())
                    .addKeyValue("offset", record.offset())
                    .addKeyValue("recordType", e.unknownType())
                    .log("coordinator record of unknown type skipped");
            return;
        }
        coordinator.replay(record.offset(), batch.producerId(), batch.producerEpoch(), decoded);
    }

    /** Completes when the high watermark is at or above the offset, or fails when the leadership is over. */
    private static CompletableFuture<Long> highWatermarkAtLeast(BoundLog log, long offset) {
        var reached = new CompletableFuture<Long>();
        LongConsumer listener = highWatermark -> {
            if (highWatermark >= offset) {
                reached.complete(highWatermark);
            }
        };
        log.led().addHighWatermarkListener(listener);
        listener.accept(log.led().highWatermark());
        log.ended().whenComplete((nothing, over) -> {
            if (over != null) {
                reached.completeExceptionally(over);
            }
        });
        return reached.whenComplete((highWatermark, failure) -> log.led().removeHighWatermarkListener(listener));
    }

    private record Replayed(long endOffset, long startMs, long queuedMs, long records, long bytes) {
        LoadSummary summary(long endMs) {
            return new LoadSummary(startMs, endMs, queuedMs, records, bytes);
        }
    }
}
