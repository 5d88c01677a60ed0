// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.partition;

import io.eventfleet.core.KafkaError;
import io.eventfleet.core.log.AppendListener;
import io.eventfleet.core.log.AppendListener.Appended;
import io.eventfleet.core.log.AppendListener.Rejected;
import io.eventfleet.core.log.AppendRequest;
import io.eventfleet.core.log.EpochHistory;
import io.eventfleet.core.log.PartitionLog;
import io.eventfleet.core.log.TopicPartitionId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;

/** A log without records: every append is one offset, durable when the test says so. Its roles are noted as words. */
final class FakeLog implements PartitionLog {
    private final TopicPartitionId id;
    private final List<String> roles = new ArrayList<>();
    private final List<Retention> declared = new ArrayList<>();
    private final List<Long> retained = new CopyOnWriteArrayList<>();
    private final Queue<Runnable> syncs = new ArrayDeque<>();
    private boolean holdsSyncs;
    private boolean holdsRoles;
    private CompletableFuture<Void> role = CompletableFuture.completedFuture(null);
    private int epoch = -1;
    private long start;
    private long end;
    private long durableEnd;
    private long checkpointed;

    FakeLog(TopicPartitionId id) {
        this.id = id;
    }

    FakeLog holding(long records, long committed) {
        end = records;
        durableEnd = records;
        checkpointed = committed;
        return this;
    }

    /** What lies behind is written only. */
    void notDurableFrom(long offset) {
        durableEnd = offset;
    }

    /** From now on, appends are durable when {@link #sync} is called. */
    void holdSyncs() {
        holdsSyncs = true;
    }

    void sync() {
        while (!syncs.isEmpty()) {
            syncs.remove().run();
        }
    }

    /** From now on, roles are taken on when {@link #releaseRoles} is called. */
    void holdRoles() {
        holdsRoles = true;
        role = new CompletableFuture<>();
    }

    void releaseRoles() {
        holdsRoles = false;
        role.complete(null);
    }

    /** What was asked of it, in order. */
    List<String> roles() {
        return roles;
    }

    /** What was said of how long it keeps its records. */
    List<Retention> declared() {
        return declared;
    }

    @Override
    public void declareRetention(Retention retention) {
        declared.add(retention);
    }

    @Override
    public void append(AppendRequest request, AppendListener listener) {
        if (request.leaderEpoch() != epoch) {
            listener.onRejected(new Rejected(KafkaError.NOT_LEADER_OR_FOLLOWER, "another epoch", epoch));
            return;
        }
        var appended = new Appended(end, end, -1, start, false);
        end++;
        listener.onWritten(appended);
        syncs.add(() -> {
            durableEnd = appended.lastOffset() + 1;
            listener.onDurable(appended);
        });
        if (!holdsSyncs) {
            sync();
        }
    }

    private CompletionStage<Void> become(String word, int leaderEpoch) {
        roles.add(word);
        return (holdsRoles ? role : CompletableFuture.<Void>completedFuture(null)).thenRun(() -> epoch = leaderEpoch);
    }

    @Override
    public CompletionStage<Void> becomeLeader(int leaderEpoch) {
        return become("leads in " + leaderEpoch, leaderEpoch);
    }

    @Override
    public CompletionStage<Void> becomeFollower(int leaderEpoch) {
        return become("follows in " + leaderEpoch, leaderEpoch);
    }

    @Override
    public CompletionStage<Void> resign() {
        return become("rests", -1);
    }

    @Override
    public TopicPartitionId id() {
        return id;
    }

    @Override
    public long logStartOffset() {
        return start;
    }

    @Override
    public long logEndOffset() {
        return end;
    }

    @Override
    public long durableEndOffset() {
        return durableEnd;
    }

    @Override
    public int leaderEpoch() {
        return epoch;
    }

    @Override
    public int latestEpoch() {
        return epoch;
    }

    @Override
    public EpochHistory epochs() {
        return EpochHistory.EMPTY;
    }

    @Override
    public void checkpointHighWatermark(long highWatermark) {
        checkpointed = highWatermark;
    }

    @Override
    public long checkpointedHighWatermark() {
        return checkpointed;
    }

    @Override
    public CompletionStage<Long> deleteRecordsBefore(long offset) {
        start = offset;
        return CompletableFuture.completedFuture(start);
    }

    @Override
    public long sizeBytes() {
        return 0;
    }

    @Override
    public CompletionStage<Long> truncateTo(int leaderEpoch, long offset) {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletionStage<Void> restartAt(int leaderEpoch, long offset) {
        throw new UnsupportedOperationException();
    }

    @Override
    public ReadResult read(ReadRequest request) {
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

    /** High watermarks up to which retention was applied. */
    List<Long> retained() {
        return retained;
    }

    @Override
    public CompletionStage<Long> applyRetention(Retention retention, long nowMs, long highWatermark) {
        retained.add(highWatermark);
        return CompletableFuture.completedFuture(start);
    }

    @Override
    public List<ProducerSnapshot> producers() {
        return List.of();
    }
}
