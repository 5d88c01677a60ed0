// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.coordinator;

import io.eventfleet.core.KafkaError;
import io.eventfleet.core.log.AppendListener;
import io.eventfleet.core.log.AppendRequest;
import io.eventfleet.core.log.EpochHistory;
import io.eventfleet.core.log.LedPartition;
import io.eventfleet.core.log.PartitionLog;
import io.eventfleet.core.log.RecordBuffer;
import io.eventfleet.core.log.TopicPartitionId;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongConsumer;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;

/**
 * A partition's log in memory, shared by every broker of a test: it refuses appends of another epoch and moves its high
 * watermark some time after the append, on a thread of its own.
 */
final class MemoryLog implements PartitionLog {
    private final TopicPartitionId id;
    private final ExecutorService replication;
    private final TreeMap<Long, ByteBuffer> batches = new TreeMap<>();
    private final Map<LongConsumer, Integer> listeners = new ConcurrentHashMap<>();
    private final AtomicReference<CompletableFuture<Void>> replicationGate =
            new AtomicReference<>(CompletableFuture.completedFuture(null));
    private int epoch = -1;
    private long end;
    private long highWatermark;

    MemoryLog(TopicPartitionId id, ExecutorService replication) {
        this.id = id;
        this.replication = replication;
    }

    /** Handle of a leadership; appends under it fail once the log has a later epoch. */
    LedPartition lead(int leaderEpoch) {
        synchronized (this) {
            epoch = leaderEpoch;
        }
        return new Handle(leaderEpoch);
    }

    /** Holds the high watermark back until the returned runnable runs. */
    Runnable stallReplication() {
        var gate = new CompletableFuture<Void>();
        replicationGate.set(gate);
        return () -> gate.complete(null);
    }

    synchronized long highWatermark() {
        return highWatermark;
    }

    @Override
    public void append(AppendRequest request, AppendListener listener) {
        AppendListener.Appended appended;
        synchronized (this) {
            if (request.leaderEpoch() != epoch) {
                listener.onRejected(new AppendListener.Rejected(KafkaError.NOT_LEADER_OR_FOLLOWER, "stale", epoch));
                return;
            }
            long base = end;
            for (MutableRecordBatch batch :
                    MemoryRecords.readableRecords(request.batches().bytes()).batches()) {
                batch.ensureValid();
                long last = end + batch.lastOffset() - batch.baseOffset();
                batch.setLastOffset(last);
                batch.setPartitionLeaderEpoch(epoch);
                var copy = ByteBuffer.allocate(batch.sizeInBytes());
                batch.writeTo(copy);
                batches.put(end, copy.flip());
                end = last + 1;
            }
            appended = new AppendListener.Appended(base, end - 1, -1, 0, false);
        }
        listener.onWritten(appended);
        replicationGate.get().thenRunAsync(() -> advance(appended.lastOffset() + 1), replication);
    }

    private void advance(long offset) {
        long moved;
        int current;
        synchronized (this) {
            highWatermark = Math.max(highWatermark, offset);
            moved = highWatermark;
            current = epoch;
        }
        // A broker that does not lead any more does not learn from the new leader in this way.
        listeners.forEach((listener, leaderEpoch) -> {
            if (leaderEpoch == current) {
                listener.accept(moved);
            }
        });
    }

    @Override
    public synchronized ReadResult read(ReadRequest request) {
        var found = new ArrayList<RecordBuffer>();
        int size = 0;
        long next = request.offset();
        for (var entry : batches.tailMap(request.offset(), true).entrySet()) {
            if (entry.getKey() >= request.endOffset() || (size > 0 && size >= request.maxBytes())) {
                break;
            }
            var buffer = new HeapRecords(entry.getValue());
            found.add(buffer);
            size += buffer.sizeBytes();
            var after = batches.higherKey(entry.getKey());
            next = after == null ? end : after;
        }
        return new ReadResult.Batches(found, size, next);
    }

    @Override
    public TopicPartitionId id() {
        return id;
    }

    @Override
    public long logStartOffset() {
        return 0;
    }

    @Override
    public synchronized long logEndOffset() {
        return end;
    }

    @Override
    public synchronized int leaderEpoch() {
        return epoch;
    }

    @Override
    public long durableEndOffset() {
        return logEndOffset();
    }

    @Override
    public long sizeBytes() {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletionStage<Void> becomeLeader(int leaderEpoch) {
        throw new UnsupportedOperationException();
    }

    @Override
    public int latestEpoch() {
        return leaderEpoch();
    }

    @Override
    public EpochHistory epochs() {
        return EpochHistory.EMPTY;
    }

    @Override
    public CompletionStage<Void> becomeFollower(int leaderEpoch) {
        throw new UnsupportedOperationException("a coordinator does not follow");
    }

    @Override
    public CompletionStage<Long> truncateTo(int leaderEpoch, long offset) {
        throw new UnsupportedOperationException("a coordinator does not follow");
    }

    @Override
    public CompletionStage<Void> restartAt(int leaderEpoch, long offset) {
        throw new UnsupportedOperationException("a coordinator does not follow");
    }

    @Override
    public CompletionStage<Void> resign() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Optional<TimestampedOffset> offsetForTimestamp(long timestampMs, long endOffset) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Optional<TimestampedOffset> maxTimestamp(long endOffset) {
        throw new UnsupportedOperationException();
    }

    @Override
    public EpochEnd endOffsetForEpoch(int leaderEpoch) {
        throw new UnsupportedOperationException();
    }

    @Override
    public int epochOfOffset(long offset) {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletionStage<Long> deleteRecordsBefore(long offset) {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletionStage<Long> applyRetention(Retention retention, long nowMs, long highWatermark) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void checkpointHighWatermark(long highWatermark) {
        throw new UnsupportedOperationException();
    }

    @Override
    public long checkpointedHighWatermark() {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<ProducerSnapshot> producers() {
        throw new UnsupportedOperationException();
    }

    private final class Handle implements LedPartition {
        private final int leaderEpoch;

        Handle(int leaderEpoch) {
            this.leaderEpoch = leaderEpoch;
        }

        @Override
        public PartitionLog log() {
            return MemoryLog.this;
        }

        @Override
        public int leaderEpoch() {
            return leaderEpoch;
        }

        @Override
        public long highWatermark() {
            return MemoryLog.this.highWatermark();
        }

        @Override
        public void addHighWatermarkListener(LongConsumer listener) {
            listeners.put(listener, leaderEpoch);
        }

        @Override
        public void removeHighWatermarkListener(LongConsumer listener) {
            listeners.remove(listener);
        }
    }
}
