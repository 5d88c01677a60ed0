// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.storage;

import io.eventfleet.core.log.AppendListener;
import io.eventfleet.core.log.AppendRequest;
import io.eventfleet.core.log.EpochHistory;
import io.eventfleet.core.log.PartitionLog;
import io.eventfleet.core.log.RecordBuffer;
import io.eventfleet.core.log.TopicPartitionId;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.rocksdb.RocksDBException;

/** A partition's log over its storage shard: writes become tasks of the shard's writer, reads are done by the caller. */
final class RocksPartitionLog implements PartitionLog {

    private final StorageShard shard;
    private final PartitionState partition;

    RocksPartitionLog(StorageShard shard, PartitionState partition) {
        this.shard = shard;
        this.partition = partition;
    }

    PartitionState state() {
        return partition;
    }

    @Override
    public TopicPartitionId id() {
        return partition.id();
    }

    @Override
    public long logStartOffset() {
        return partition.logStartOffset();
    }

    @Override
    public long logEndOffset() {
        return partition.logEndOffset();
    }

    @Override
    public long durableEndOffset() {
        return partition.durableEndOffset();
    }

    @Override
    public int leaderEpoch() {
        return partition.leaderEpoch();
    }

    @Override
    public long sizeBytes() {
        return partition.sizeBytes();
    }

    @Override
    public void append(AppendRequest request, AppendListener listener) {
        shard.submitAppend(new AppendTask(shard, partition, request, listener));
    }

    @Override
    public CompletionStage<Void> becomeLeader(int leaderEpoch) {
        return submit(new LeadTask(shard, partition, leaderEpoch));
    }

    @Override
    public CompletionStage<Void> resign() {
        return submit(new ResignTask(shard, partition));
    }

    @Override
    public CompletionStage<Void> becomeFollower(int leaderEpoch) {
        return submit(new FollowTask(shard, partition, leaderEpoch));
    }

    @Override
    public CompletionStage<Long> truncateTo(int leaderEpoch, long offset) {
        return submit(TruncateTask.to(shard, partition, leaderEpoch, offset));
    }

    @Override
    public CompletionStage<Void> restartAt(int leaderEpoch, long offset) {
        return submit(TruncateTask.restart(shard, partition, leaderEpoch, offset))
                .thenAccept(_ -> {});
    }

    @Override
    public EpochHistory epochs() {
        EpochHistory known = partition.knownEpochs();
        if (known != null) {
            return known;
        }
        try (var _ = shard.gate().enter()) {
            return partition.epochs(shard.database());
        }
    }

    @Override
    public int latestEpoch() {
        return epochs().latestEpoch();
    }

    private <T> CompletionStage<T> submit(StageTask<T> task) {
        shard.submit(task);
        return task.done();
    }

    @Override
    public ReadResult read(ReadRequest request) {
        while (true) {
            int generation = partition.generation();
            ReadResult result = readOnce(request);
            if (partition.generation() == generation) {
                return result;
            }
            // The log was truncated under this read: what was found may mix what was and what is.
            if (result instanceof ReadResult.Batches batches) {
                batches.buffers().forEach(RecordBuffer::release);
            }
        }
    }

    private ReadResult readOnce(ReadRequest request) {
        long start = partition.logStartOffset();
        long end = partition.logEndOffset();
        if (request.offset() < start || request.offset() > end) {
            return new ReadResult.OutOfRange(start, end);
        }
        long bound = Math.min(request.endOffset(), end);
        if (request.offset() >= bound) {
            return new ReadResult.Batches(List.of(), 0, request.offset());
        }
        var bounded = new ReadRequest(request.offset(), bound, request.maxBytes(), request.atLeastOneBatch());
        requireUsable();
        Optional<ReadResult.Batches> cached = shard.tails().read(partition, bounded);
        if (cached.isPresent()) {
            return cached.get();
        }
        try (var _ = shard.gate().enter()) {
            var batches = new LogReader(shard, partition, bounded).read();
            long startNow = partition.writtenStartOffset();
            if (request.offset() < startNow) {
                // The log start has passed this read: what was found may begin after a hole.
                batches.buffers().forEach(RecordBuffer::release);
                return new ReadResult.OutOfRange(startNow, partition.logEndOffset());
            }
            return batches;
        }
    }

    private void requireUsable() {
        if (shard.failed()) {
            throw new StorageException(StorageException.Reason.BROKEN, shard + " has failed");
        }
    }

    @Override
    public Optional<TimestampedOffset> offsetForTimestamp(long timestampMs, long endOffset) {
        return look(index -> index.firstAtOrAfter(timestampMs, endOffset));
    }

    @Override
    public Optional<TimestampedOffset> maxTimestamp(long endOffset) {
        return look(index -> index.greatest(endOffset));
    }

    private interface Lookup {
        Optional<TimestampedOffset> in(TimeIndex index) throws RocksDBException;
    }

    private Optional<TimestampedOffset> look(Lookup lookup) {
        requireUsable();
        try (var _ = shard.gate().enter()) {
            while (true) {
                int generation = partition.generation();
                var found = lookup.in(new TimeIndex(shard, partition));
                if (partition.generation() == generation) {
                    return found;
                }
            }
        } catch (RocksDBException e) {
            shard.fail("a lookup by time in " + partition.id() + " failed; its records cannot be trusted", e);
            throw new StorageException(StorageException.Reason.BROKEN, "a lookup by time failed", e);
        }
    }

    @Override
    public EpochEnd endOffsetForEpoch(int leaderEpoch) {
        return epochs().endOffsetFor(leaderEpoch, partition.logEndOffset());
    }

    @Override
    public int epochOfOffset(long offset) {
        return epochs().epochOf(offset);
    }

    @Override
    public CompletionStage<Long> deleteRecordsBefore(long offset) {
        return submit(LogStartTask.to(shard, partition, offset));
    }

    @Override
    public CompletionStage<Long> applyRetention(Retention retention, long nowMs, long highWatermark) {
        declareRetention(retention);
        int generation = partition.generation();
        long target;
        try (var _ = shard.gate().enter()) {
            target = new RetentionPlan(shard, partition).logStart(retention, nowMs, highWatermark);
        }
        return submit(LogStartTask.retention(shard, partition, new LogStartTask.Wanted(target, generation), nowMs));
    }

    @Override
    public void declareRetention(Retention retention) {
        partition.retain(RetentionClass.of(retention));
    }

    @Override
    public void checkpointHighWatermark(long highWatermark) {
        if (highWatermark != partition.highWatermark()) {
            partition.rememberHighWatermark(highWatermark);
            shard.highWatermarkMoved(partition);
        }
    }

    @Override
    public long checkpointedHighWatermark() {
        return Math.max(partition.highWatermark(), partition.logStartOffset());
    }

    @Override
    public List<ProducerSnapshot> producers() {
        try (var _ = shard.gate().enter()) {
            return partition.storedProducers(shard.database()).stream()
                    .map(p -> new ProducerSnapshot(
                            p.producerId(), p.producerEpoch(), p.lastSequence(), p.lastOffset(), p.lastTimestampMs()))
                    .toList();
        }
    }
}
