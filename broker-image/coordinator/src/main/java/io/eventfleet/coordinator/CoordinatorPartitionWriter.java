// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.coordinator;

import io.eventfleet.coordinator.CoordinatorLogs.BoundLog;
import io.eventfleet.core.log.AppendListener;
import io.eventfleet.core.log.AppendRequest;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.NotLeaderOrFollowerException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.coordinator.common.runtime.PartitionWriter;
import org.apache.kafka.storage.internals.log.LogConfig;
import org.apache.kafka.storage.internals.log.VerificationGuard;

/**
 * Lets the coordinator append to the partition logs of this broker and hear of their high watermarks. Called by the
 * coordinator's event threads, one at a time per partition.
 */
final class CoordinatorPartitionWriter implements PartitionWriter {
    private final CoordinatorLogs logs;
    private final Time time;
    private final LogConfig logConfig;
    private final Map<Listener, Registration> registrations = new ConcurrentHashMap<>();

    /** @param maxBatchBytes largest batch that {@code __consumer_offsets} accepts */
    CoordinatorPartitionWriter(CoordinatorLogs logs, Time time, int maxBatchBytes) {
        this.logs = logs;
        this.time = time;
        this.logConfig = new LogConfig(Map.of("max.message.bytes", Integer.toString(maxBatchBytes)));
    }

    @Override
    public void registerListener(TopicPartition partition, Listener listener) {
        logs.bound(partition.partition()).ifPresent(log -> {
            LongConsumer onHighWatermark = highWatermark -> {
                // Progress under a later leadership must never release answers of an earlier one.
                if (log.isLive()) {
                    listener.onHighWatermarkUpdated(partition, highWatermark);
                }
            };
            registrations.put(listener, new Registration(log, onHighWatermark));
            log.led().addHighWatermarkListener(onHighWatermark);
            // What moved between loading and registration would otherwise be seen with the next write only.
            onHighWatermark.accept(log.led().highWatermark());
        });
    }

    @Override
    public void deregisterListener(TopicPartition partition, Listener listener) {
        var registration = registrations.remove(listener);
        if (registration != null) {
            registration.log().led().removeHighWatermarkListener(registration.consumer());
        }
    }

    @Override
    public LogConfig config(TopicPartition partition) {
        return logConfig;
    }

    /**
     * Appends under the epoch for which the state was loaded and waits until the partition's writer has assigned
     * offsets (not until they are durable: that is what the high watermark tells).
     *
     * @return the log end offset after these records
     */
    @Override
    public long append(
            TopicPartition partition, VerificationGuard guard, MemoryRecords records, short transactionVersion) {
        var log = logs.bound(partition.partition())
                .filter(BoundLog::isLive)
                .orElseThrow(() -> new NotLeaderOrFollowerException("this broker does not lead " + partition));
        var written = new CompletableFuture<Long>();
        log.led()
                .log()
                .append(
                        new AppendRequest(
                                log.led().leaderEpoch(),
                                AppendRequest.Origin.COORDINATOR,
                                HeapRecords.copyOf(records.buffer()),
                                time.milliseconds(),
                                false),
                        new Outcome(written));
        try {
            return written.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof ApiException refused ? refused : new KafkaException(e.getCause());
        }
    }

    @Override
    public CompletableFuture<VerificationGuard> maybeStartTransactionVerification(
            TopicPartition partition, String transactionalId, long producerId, short producerEpoch, int apiVersion) {
        return CompletableFuture.failedFuture(new UnsupportedVersionException("transactions are not offered"));
    }

    /** Only share coordinators trim their log. */
    @Override
    public CompletableFuture<Void> deleteRecords(TopicPartition partition, long beforeOffset) {
        return CompletableFuture.failedFuture(new UnsupportedVersionException("share groups are not offered"));
    }

    private record Registration(BoundLog log, LongConsumer consumer) {}

    private record Outcome(CompletableFuture<Long> written) implements AppendListener {
        @Override
        public void onWritten(Appended appended) {
            written.complete(appended.lastOffset() + 1);
        }

        @Override
        public void onDurable(Appended appended) {
            written.complete(appended.lastOffset() + 1);
        }

        @Override
        public void onRejected(Rejected rejected) {
            written.completeExceptionally(
                    Errors.valueOf(rejected.error().name()).exception(rejected.message()));
        }
    }
}
