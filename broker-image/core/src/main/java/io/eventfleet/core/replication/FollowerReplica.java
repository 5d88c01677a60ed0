// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.replication;

import io.eventfleet.core.log.PartitionLog.EpochEnd;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One replica that follows one leader in one leader epoch: what it asks for, what it does with the answer, and how far it
 * knows the partition to be committed (KIP-101, KIP-279, KIP-595; rules 29 and 31). The log itself is elsewhere: whoever
 * drives this carries a {@link Step} out, waits until it is durable, and then calls {@link #settle}. Only one answer is
 * worked on at a time. Not thread-safe.
 */
public final class FollowerReplica {
    private static final long UNKNOWN_OFFSET = -1;

    private final int leaderEpoch;
    private final int uncleanEpoch;
    private final ReplicationGuards guards;
    private long highWatermark;
    private long leaderHighWatermark = UNKNOWN_OFFSET;
    private long leaderLogStart = UNKNOWN_OFFSET;
    private boolean mayRefetch;
    private @Nullable String failure;

    /** What a leader answered. */
    public sealed interface Answer {

        /**
         * The position was good.
         *
         * @param highWatermark the leader's
         * @param logStartOffset the leader's
         * @param firstOffset offset of the first record that came along, or -1 if none did
         */
        record InLog(long highWatermark, long logStartOffset, long firstOffset) implements Answer {}

        /**
         * The logs part before the position.
         *
         * @param end where the leader's log ends in the greatest epoch at or below the one that was sent
         * @param logStartOffset the leader's
         */
        record Diverging(EpochEnd end, long logStartOffset) implements Answer {}

        /** The leader's log begins after the position. */
        record BelowLogStart(long logStartOffset) implements Answer {}
    }

    /** What is to be done with the log. */
    public sealed interface Step {

        /** Nothing. */
        record Keep() implements Step {}

        /** Append the records that came along. */
        record Append() implements Step {}

        /** Remove everything from this offset on. */
        record Truncate(long offset) implements Step {}

        /** Throw everything away and begin at this offset. */
        record Restart(long offset) implements Step {}

        /** The answer cannot be true: nothing is done with it. */
        record Distrust(String reason) implements Step {}

        /** Going on would remove what was committed: stop, and let people look. */
        record Fail(String reason) implements Step {}
    }

    /**
     * @param leaderEpoch epoch in which it follows
     * @param uncleanEpoch epoch of the partition's last unclean election, or -1
     * @param checkpointedHighWatermark as remembered from earlier
     * @param log the log as it is
     * @param guards {@link ReplicationGuards#ALL} in production
     */
    public FollowerReplica(
            int leaderEpoch,
            int uncleanEpoch,
            long checkpointedHighWatermark,
            LogExtent log,
            ReplicationGuards guards) {
        this.leaderEpoch = leaderEpoch;
        this.uncleanEpoch = uncleanEpoch;
        this.guards = guards;
        this.highWatermark = within(checkpointedHighWatermark, log);
    }

    /** What must happen before the first fetch: nothing, as the first answer tells where the logs part. */
    public Step begin(LogExtent log) {
        return guards.on(ReplicationGuard.TRUNCATE_BY_EPOCH) || highWatermark == log.endOffset()
                ? new Step.Keep()
                : new Step.Truncate(highWatermark);
    }

    /** What to ask the leader for. */
    public FetchPosition position(LogExtent log) {
        return new FetchPosition(
                log.endOffset(), guards.on(ReplicationGuard.TRUNCATE_BY_EPOCH) ? log.latestEpoch() : -1, leaderEpoch);
    }

    /** Decides what to do with an answer to the present {@link #position}. */
    public Step on(Answer answer, LogExtent log) {
        return switch (answer) {
            case Answer.InLog inLog -> inLog(inLog, log);
            case Answer.Diverging(EpochEnd end, long logStartOffset) -> diverging(end, logStartOffset, log);
            case Answer.BelowLogStart(long logStartOffset) -> belowLogStart(logStartOffset, log);
        };
    }

    private Step inLog(Answer.InLog answer, LogExtent log) {
        if (answer.firstOffset() != UNKNOWN_OFFSET && !continues(answer.firstOffset(), log)) {
            return new Step.Distrust("records from " + answer.firstOffset() + " on do not continue a log that ends at "
                    + log.endOffset());
        }
        if (answer.highWatermark() < answer.logStartOffset() || answer.logStartOffset() > log.endOffset()) {
            return new Step.Distrust("a leader with log start " + answer.logStartOffset() + " and high watermark "
                    + answer.highWatermark() + " cannot have accepted " + log.endOffset());
        }
        hear(answer.highWatermark(), answer.logStartOffset());
        return answer.firstOffset() == UNKNOWN_OFFSET ? new Step.Keep() : new Step.Append();
    }

    /** An empty log may begin inside a batch, of which the leader has deleted the first records. */
    private static boolean continues(long firstOffset, LogExtent log) {
        return firstOffset == log.endOffset()
                || (firstOffset < log.endOffset() && log.logStartOffset() == log.endOffset());
    }

    private Step belowLogStart(long logStartOffset, LogExtent log) {
        if (logStartOffset <= log.endOffset()) {
            return new Step.Distrust(
                    "a log that begins at " + logStartOffset + " has all that follows " + log.endOffset());
        }
        hear(UNKNOWN_OFFSET, logStartOffset);
        return new Step.Restart(logStartOffset);
    }

    private Step diverging(EpochEnd leaderEnd, long logStartOffset, LogExtent log) {
        boolean sameEpoch = leaderEnd.leaderEpoch() >= log.latestEpoch();
        if (leaderEnd.endOffset() < 0 || (sameEpoch && leaderEnd.endOffset() >= log.endOffset())) {
            return new Step.Distrust("a leader's log that ends at " + leaderEnd.endOffset() + " in epoch "
                    + leaderEnd.leaderEpoch() + " holds this log, which ends at " + log.endOffset());
        }
        hear(UNKNOWN_OFFSET, logStartOffset);
        long point = Truncation.point(log, leaderEnd);
        boolean removesCommitted = point < highWatermark;
        boolean lossIsKnown = log.latestEpoch() < uncleanEpoch && uncleanEpoch <= leaderEpoch;
        if (!removesCommitted || lossIsKnown || !guards.on(ReplicationGuard.KEEP_COMMITTED)) {
            return point < log.logStartOffset() ? new Step.Restart(point) : new Step.Truncate(point);
        }
        if (mayRefetch) {
            mayRefetch = false;
            return new Step.Restart(leaderLogStart);
        }
        failure = "the leader's log of epoch " + leaderEnd.leaderEpoch() + " ends at " + leaderEnd.endOffset()
                + ", this log parts from it at " + point + ", and is known to be committed up to " + highWatermark;
        return new Step.Fail(failure);
    }

    private void hear(long highWatermark, long logStartOffset) {
        leaderHighWatermark = highWatermark;
        leaderLogStart = logStartOffset;
    }

    /**
     * The last step is durable. The high watermark follows the leader's as far as the log reaches. It falls only when the
     * log was cut below it: a leader that was just elected may know less of what is committed than this replica does.
     *
     * @param log the log as it is now
     * @return the offset at which the log should begin: beyond its own start when the leader has deleted records
     */
    public long settle(LogExtent log) {
        highWatermark = within(Math.max(highWatermark, leaderHighWatermark), log);
        return Math.max(log.logStartOffset(), Math.min(leaderLogStart, highWatermark));
    }

    /**
     * Lets a failed replica begin anew with the leader's log. Call when the in-sync replicas are enough without this one:
     * then what the leader has is what counts, and this copy is of no more use than an empty one.
     */
    public void permitRefetch() {
        mayRefetch = true;
        failure = null;
    }

    /** Why this replica does not go on, if it does not. */
    public Optional<String> failure() {
        return Optional.ofNullable(failure);
    }

    /** Every record below it is committed, as far as this replica knows. */
    public long highWatermark() {
        return highWatermark;
    }

    public int leaderEpoch() {
        return leaderEpoch;
    }

    private static long within(long highWatermark, LogExtent log) {
        return Math.clamp(highWatermark, log.logStartOffset(), log.endOffset());
    }
}
