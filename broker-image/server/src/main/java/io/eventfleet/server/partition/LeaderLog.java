// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.partition;

import io.eventfleet.core.log.AppendListener;
import io.eventfleet.core.log.AppendRequest;
import io.eventfleet.core.log.EpochHistory;
import io.eventfleet.core.log.PartitionLog;
import io.eventfleet.core.log.TopicPartitionId;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** A log whose appends are seen by the replica that leads it, before whoever appended hears of them. */
record LeaderLog(PartitionLog log, AppendObserver observer) implements PartitionLog {

    /** Hears of appends, in offset order, on a storage thread. */
    interface AppendObserver {
        /** They are in the log. */
        void onWritten(long endOffset, long bytes);

        /** They are as durable as promised. */
        void onDurable(long endOffset);
    }

    @Override
    public void append(AppendRequest request, AppendListener listener) {
        // Read now: the buffer belongs to the log once it is handed over.
        var bytes = request.batches().sizeBytes();
        log.append(request, new AppendListener() {
            @Override
            public void onWritten(Appended appended) {
                if (!appended.duplicate()) {
                    observer.onWritten(appended.lastOffset() + 1, bytes);
                }
                listener.onWritten(appended);
            }

            @Override
            public void onDurable(Appended appended) {
                observer.onDurable(appended.lastOffset() + 1);
                listener.onDurable(appended);
            }

            @Override
            public void onRejected(Rejected rejected) {
                listener.onRejected(rejected);
            }
        });
    }

    @Override
    public TopicPartitionId id() {
        return log.id();
    }

    @Override
    public long logStartOffset() {
        return log.logStartOffset();
    }

    @Override
    public long logEndOffset() {
        return log.logEndOffset();
    }

    @Override
    public long durableEndOffset() {
        return log.durableEndOffset();
    }

    @Override
    public int leaderEpoch() {
        return log.leaderEpoch();
    }

    @Override
    public int latestEpoch() {
        return log.latestEpoch();
    }

    @Override
    public long sizeBytes() {
        return log.sizeBytes();
    }

    @Override
    public CompletionStage<Void> becomeLeader(int leaderEpoch) {
        return log.becomeLeader(leaderEpoch);
    }

    @Override
    public CompletionStage<Void> becomeFollower(int leaderEpoch) {
        return log.becomeFollower(leaderEpoch);
    }

    @Override
    public CompletionStage<Void> resign() {
        return log.resign();
    }

    @Override
    public CompletionStage<Long> truncateTo(int leaderEpoch, long offset) {
        return log.truncateTo(leaderEpoch, offset);
    }

    @Override
    public CompletionStage<Void> restartAt(int leaderEpoch, long offset) {
        return log.restartAt(leaderEpoch, offset);
    }

    @Override
    public EpochHistory epochs() {
        return log.epochs();
    }

    @Override
    public ReadResult read(ReadRequest request) {
        return log.read(request);
    }

    @Override
    public Optional<TimestampedOffset> offsetForTimestamp(long timestampMs, long endOffset) {
        return log.offsetForTimestamp(timestampMs, endOffset);
    }

    @Override
    public Optional<TimestampedOffset> maxTimestamp(long endOffset) {
        return log.maxTimestamp(endOffset);
    }

    @Override
    public EpochEnd endOffsetForEpoch(int leaderEpoch) {
        return log.endOffsetForEpoch(leaderEpoch);
    }

    @Override
    public int epochOfOffset(long offset) {
        return log.epochOfOffset(offset);
    }

    @Override
    public CompletionStage<Long> deleteRecordsBefore(long offset) {
        return log.deleteRecordsBefore(offset);
    }

    @Override
    public CompletionStage<Long> applyRetention(Retention retention, long nowMs, long highWatermark) {
        return log.applyRetention(retention, nowMs, highWatermark);
    }

    @Override
    public void declareRetention(Retention retention) {
        log.declareRetention(retention);
    }

    @Override
    public void checkpointHighWatermark(long highWatermark) {
        log.checkpointHighWatermark(highWatermark);
    }

    @Override
    public long checkpointedHighWatermark() {
        return log.checkpointedHighWatermark();
    }

    @Override
    public List<ProducerSnapshot> producers() {
        return log.producers();
    }
}
