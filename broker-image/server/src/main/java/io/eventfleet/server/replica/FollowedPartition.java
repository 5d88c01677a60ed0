// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.replica;

import io.eventfleet.core.log.PartitionLog;
import io.eventfleet.core.log.TopicPartitionId;
import io.eventfleet.core.replication.FetchPosition;
import io.eventfleet.core.replication.FollowerReplica;
import io.eventfleet.core.replication.LogExtent;
import io.eventfleet.core.replication.ReplicationGuards;
import io.eventfleet.server.partition.Followers.Followed;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One partition that is copied from a leader, as its {@link LeaderPipeline} sees it. Confined to the pipeline's event
 * loop, but for what metrics read.
 */
final class FollowedPartition {
    private final Followed followed;
    private final FollowerReplica core;
    private final Backoff backoff;
    private volatile State state = State.TO_TELL;
    private volatile long leaderHighWatermark;
    private int toldIn;
    private long checkpointed = -1;
    private volatile boolean movingLogStart;
    private @Nullable CompletableFuture<Void> stopped;

    /** Where it stands between two fetches. */
    enum State {
        /** The leader does not know its position yet. */
        TO_TELL,
        /** The leader knows, and will answer when it has something. */
        TOLD,
        /** An answer is being carried out. */
        AT_WORK,
        /** Something was wrong; it is told again after a pause. */
        PAUSED,
        /** It does not go on by itself. */
        FAILED
    }

    FollowedPartition(Followed followed, Duration maxBackoff) {
        this.followed = followed;
        this.backoff = new Backoff(maxBackoff);
        var log = followed.log();
        this.core = new FollowerReplica(
                followed.leaderEpoch(),
                followed.uncleanEpoch(),
                log.checkpointedHighWatermark(),
                extent(),
                ReplicationGuards.ALL);
    }

    TopicPartitionId id() {
        return followed.log().id();
    }

    PartitionLog log() {
        return followed.log();
    }

    int leaderEpoch() {
        return followed.leaderEpoch();
    }

    FollowerReplica core() {
        return core;
    }

    Backoff backoff() {
        return backoff;
    }

    State state() {
        return state;
    }

    void become(State next) {
        state = next;
    }

    /** The position goes out with this request. */
    FetchPosition tell(int correlationId) {
        state = State.TOLD;
        toldIn = correlationId;
        return core.position(extent());
    }

    /** Whether an answer to this request is about the present position. */
    boolean isAnsweredBy(int correlationId) {
        return state == State.TOLD && correlationId - toldIn >= 0;
    }

    /** What the log is like now: while a follower is at rest, everything in it is durable. */
    LogExtent extent() {
        var log = followed.log();
        return new LogExtent(log.logStartOffset(), log.durableEndOffset(), log.epochs());
    }

    void heardHighWatermark(long highWatermark) {
        leaderHighWatermark = highWatermark;
    }

    /** Records that are committed, as far as the leader told, and not here. Any thread. */
    long lag() {
        return Math.max(0, leaderHighWatermark - followed.log().durableEndOffset());
    }

    /**
     * What was done with the log is durable.
     *
     * @param onLogStartMoved called on any thread when the log begins where the leader's does, if it did not before
     */
    void settle(Runnable onLogStartMoved) {
        var log = followed.log();
        long wanted = core.settle(extent());
        if (wanted > log.logStartOffset() && !movingLogStart) {
            movingLogStart = true;
            log.deleteRecordsBefore(wanted).whenComplete((start, failure) -> {
                movingLogStart = false;
                onLogStartMoved.run();
            });
        }
    }

    /** Lets the log remember how far the partition is known to be committed. */
    void checkpoint() {
        if (core.highWatermark() != checkpointed) {
            checkpointed = core.highWatermark();
            followed.log().checkpointHighWatermark(checkpointed);
        }
    }

    /** Ends the following as soon as nothing is being done with the log any more. */
    void stop(CompletableFuture<Void> whenStopped) {
        stopped = whenStopped;
        if (state != State.AT_WORK) {
            finish();
        }
    }

    boolean isStopping() {
        return stopped != null;
    }

    /** Completes the stopping, if it was asked for and the work is done. */
    void finish() {
        if (stopped != null) {
            checkpoint();
            stopped.complete(null);
        }
    }
}
