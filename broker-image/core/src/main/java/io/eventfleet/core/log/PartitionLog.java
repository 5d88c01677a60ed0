// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.log;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * The log of one partition on this broker: the port between the partition layer and a storage engine. Writes are
 * queued to the single writer of the partition's storage shard; reads may come from any thread and may block on disk
 * when the tail cache does not hold the range.
 */
public interface PartitionLog {

    TopicPartitionId id();

    /** First offset that may be read. */
    long logStartOffset();

    /** Offset after the last written record. */
    long logEndOffset();

    /** Offset after the last record that is as durable as promised; at most {@link #logEndOffset()}. */
    long durableEndOffset();

    /** The leader epoch that appends must carry; -1 before the first {@link #becomeLeader} or {@link #becomeFollower}. */
    int leaderEpoch();

    /** Newest epoch that began in this log, or -1: what a follower sends as last fetched epoch (KIP-595). */
    int latestEpoch();

    /** Stored bytes between log start and end. */
    long sizeBytes();

    /** Queues an append; the listener hears the outcome. The buffer is retained as long as needed. */
    void append(AppendRequest request, AppendListener listener);

    /**
     * Accepts appends under this epoch from now on and records (epoch, log end offset) durably before the first of
     * them (KIP-101). An epoch lower than the current one fails with IllegalStateException.
     */
    CompletionStage<Void> becomeLeader(int leaderEpoch);

    /**
     * Follows a leader in this epoch from now on: only {@link AppendRequest.Origin#REPLICA} appends and truncations that
     * carry the epoch are accepted. An epoch lower than the current one fails with IllegalStateException.
     */
    CompletionStage<Void> becomeFollower(int leaderEpoch);

    /** Refuses appends until the next {@link #becomeLeader} or {@link #becomeFollower}. */
    CompletionStage<Void> resign();

    /**
     * Removes every batch that ends at or after the offset, with the epochs, producer entries and time index that came
     * with them, in one atomic and synced write (KIP-101; docs/storage.md). Only while following in this epoch.
     *
     * @param leaderEpoch epoch in which this replica follows; another one fails with IllegalStateException
     * @param offset first offset that must not be in the log any more
     * @return the new log end offset: {@code offset}, or the beginning of the batch that it lay in
     */
    CompletionStage<Long> truncateTo(int leaderEpoch, long offset);

    /**
     * Throws the whole log away and begins an empty one at the offset, in one atomic and synced write: the leader has
     * nothing older any more. Only while following in this epoch.
     */
    CompletionStage<Void> restartAt(int leaderEpoch, long offset);

    /** The epochs of this log, as of the last write. */
    EpochHistory epochs();

    /**
     * Reads whole batches, the first of which contains {@code offset} (or follows it, in a compacted log).
     *
     * @param request from where to where, and how much
     * @return the batches, or why there are none
     */
    ReadResult read(ReadRequest request);

    /**
     * The earliest record with a timestamp at or after the given one (ListOffsets by timestamp), below
     * {@code endOffset}.
     */
    Optional<TimestampedOffset> offsetForTimestamp(long timestampMs, long endOffset);

    /** The record with the greatest timestamp below {@code endOffset} (KIP-734). */
    Optional<TimestampedOffset> maxTimestamp(long endOffset);

    /** End offset of the greatest epoch at or below the given one (KIP-320); (-1, -1) if there is none. */
    EpochEnd endOffsetForEpoch(int leaderEpoch);

    /** Leader epoch of the record at an offset, or -1 when unknown. */
    int epochOfOffset(long offset);

    /** Moves the log start offset up, durably, then drops data in the background. Yields the new log start offset. */
    CompletionStage<Long> deleteRecordsBefore(long offset);

    /** Moves the log start offset up to what retention allows, never above {@code highWatermark}. */
    CompletionStage<Long> applyRetention(Retention retention, long nowMs, long highWatermark);

    /**
     * Says how long this log is going to keep its records, so that the storage engine lays them beside others that
     * expire together. Advice for what is appended from now on; {@link #applyRetention} repeats it.
     */
    default void declareRetention(Retention retention) {}

    /** Remembers the high watermark, so that after a restart it starts from here; lazily durable. */
    void checkpointHighWatermark(long highWatermark);

    /** The high watermark last remembered, at least the log start offset. */
    long checkpointedHighWatermark();

    /** Active producers, for DescribeProducers and tests. */
    List<ProducerSnapshot> producers();

    /**
     * A read.
     *
     * @param offset first offset wanted
     * @param endOffset exclusive bound: no batch beginning at or after it is returned (high watermark or last stable offset)
     * @param maxBytes limit of the answer in bytes
     * @param atLeastOneBatch return the first batch even if it alone exceeds maxBytes (KIP-74)
     */
    record ReadRequest(long offset, long endOffset, int maxBytes, boolean atLeastOneBatch) {}

    /** Outcome of a read. */
    sealed interface ReadResult {

        /**
         * Batches in offset order; every buffer carries one reference that the caller releases.
         *
         * @param buffers each holds one or more whole batches
         * @param sizeBytes sum of their sizes
         * @param nextOffset offset after the last record returned, or the requested offset if there is none
         */
        record Batches(List<RecordBuffer> buffers, int sizeBytes, long nextOffset) implements ReadResult {}

        /** The offset is below the log start or above the log end. */
        record OutOfRange(long logStartOffset, long logEndOffset) implements ReadResult {}
    }

    /**
     * How much of a log to keep.
     *
     * @param retentionMs keep records younger than this, -1 for ever
     * @param retentionBytes keep at most this many bytes, -1 for no limit
     */
    record Retention(long retentionMs, long retentionBytes) {}

    /** A record found by time: its timestamp, offset and leader epoch. */
    record TimestampedOffset(long timestampMs, long offset, int leaderEpoch) {}

    /** Where an epoch ended: the epoch found (at or below the one asked for) and the offset after its last record. */
    record EpochEnd(int leaderEpoch, long endOffset) {}

    /** What the log knows of one producer. */
    record ProducerSnapshot(
            long producerId, short producerEpoch, int lastSequence, long lastOffset, long lastTimestampMs) {}
}
