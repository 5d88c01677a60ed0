// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.replication;

import io.eventfleet.core.KafkaError;
import io.eventfleet.core.log.PartitionLog.EpochEnd;

/**
 * Where a follower's log ends, which is where it wants to go on (KIP-320, KIP-595).
 *
 * @param fetchOffset durable end of its log
 * @param lastFetchedEpoch newest epoch of its log, or -1 when it has none
 * @param currentLeaderEpoch epoch of the leader that it follows
 */
public record FetchPosition(long fetchOffset, int lastFetchedEpoch, int currentLeaderEpoch) {

    /** What a leader makes of a position. Only {@link InLog} says anything about how far the follower has come. */
    public sealed interface Judgement {

        /** The follower's log is a prefix of the leader's: read on from there. */
        record InLog() implements Judgement {}

        /**
         * The follower has what the leader has not.
         *
         * @param end where the leader's log ends in the greatest epoch at or below the follower's
         */
        record Diverging(EpochEnd end) implements Judgement {}

        /** The leader has deleted what the follower would need next. */
        record BelowLogStart() implements Judgement {}

        /** The position belongs to another leadership. */
        record Refused(KafkaError error) implements Judgement {}
    }

    /**
     * Judges this position.
     *
     * @param leaderEpoch epoch in which the judging broker leads
     * @param log the leader's log
     */
    public Judgement judge(int leaderEpoch, LogExtent log) {
        if (currentLeaderEpoch != leaderEpoch) {
            return new Judgement.Refused(
                    currentLeaderEpoch < leaderEpoch
                            ? KafkaError.FENCED_LEADER_EPOCH
                            : KafkaError.UNKNOWN_LEADER_EPOCH);
        }
        if (lastFetchedEpoch > leaderEpoch) {
            return new Judgement.Refused(KafkaError.UNKNOWN_LEADER_EPOCH);
        }
        if (lastFetchedEpoch >= 0 && lastFetchedEpoch <= log.latestEpoch()) {
            var end = log.epochs().endOffsetFor(lastFetchedEpoch, log.endOffset());
            if (end.leaderEpoch() < lastFetchedEpoch || end.endOffset() < fetchOffset) {
                return new Judgement.Diverging(end);
            }
        }
        if (fetchOffset > log.endOffset() || lastFetchedEpoch > log.latestEpoch()) {
            return new Judgement.Diverging(new EpochEnd(log.latestEpoch(), log.endOffset()));
        }
        return fetchOffset < log.logStartOffset() ? new Judgement.BelowLogStart() : new Judgement.InLog();
    }
}
