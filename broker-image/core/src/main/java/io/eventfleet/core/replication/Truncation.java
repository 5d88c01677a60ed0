// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.replication;

import io.eventfleet.core.log.PartitionLog.EpochEnd;

/**
 * Where a follower's log and its leader's part, as far as one answer of the leader tells (KIP-101). The follower cuts
 * there, asks again with the epoch in which it then ends, and so on until the leader does not object (KIP-279): each
 * round removes the newest epoch at least.
 */
final class Truncation {
    private Truncation() {}

    /**
     * The first offset that must go.
     *
     * @param log the follower's log
     * @param leaderEnd where the leader's log ends in the greatest epoch at or below the follower's newest
     * @return at most the end of the log; below its start when nothing is in common
     */
    static long point(LogExtent log, EpochEnd leaderEnd) {
        return Math.min(ownEnd(log, leaderEnd.leaderEpoch()), leaderEnd.endOffset());
    }

    /** The end of the greatest own epoch at or below the leader's; of the whole log when no epoch helps. */
    private static long ownEnd(LogExtent log, int leaderEpoch) {
        boolean helps = leaderEpoch >= 0 && leaderEpoch < log.latestEpoch();
        return helps ? log.epochs().endOffsetFor(leaderEpoch, log.endOffset()).endOffset() : log.endOffset();
    }
}
