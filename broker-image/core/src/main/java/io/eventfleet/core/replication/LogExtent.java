// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.replication;

import io.eventfleet.core.log.EpochHistory;

/**
 * What replication must know of a log at one moment.
 *
 * @param logStartOffset first offset that is there
 * @param endOffset offset after the last record: for a follower the durable end, for a leader the end of what is written
 * @param epochs which leader epoch began where
 */
public record LogExtent(long logStartOffset, long endOffset, EpochHistory epochs) {

    /** Newest epoch of the log, or -1. */
    public int latestEpoch() {
        return epochs.latestEpoch();
    }
}
