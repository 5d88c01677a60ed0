// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.log;

/**
 * One append to a partition. There is no append without a leader epoch: it is the fencing token, compared by the
 * partition's single writer in the same turn in which offsets are assigned.
 *
 * @param leaderEpoch epoch under which the caller believes this broker leads; another current epoch rejects the append
 * @param origin who appends, which decides the checks
 * @param batches one or more whole v2 batches, already validated for form and CRC; retained by the log until stored
 * @param appendTimeMs wall-clock time for {@code LogAppendTime} topics and producer expiry, in ms since the epoch
 * @param stampAppendTime true when the topic has {@code message.timestamp.type=LogAppendTime}
 */
public record AppendRequest(
        int leaderEpoch, Origin origin, RecordBuffer batches, long appendTimeMs, boolean stampAppendTime) {

    /** Where an append comes from. */
    public enum Origin {
        /** A producer: sequence and producer-epoch checks apply. */
        CLIENT,
        /** A coordinator hosted on this partition: its own producer ids carry no sequences to check. */
        COORDINATOR,
        /**
         * The leader, through this replica's fetches: offsets and leader epochs are those in the batches, which continue
         * the log; accepted only while following, in the epoch of the request.
         */
        REPLICA
    }
}
