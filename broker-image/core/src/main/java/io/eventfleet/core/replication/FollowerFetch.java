// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.replication;

/** Whether a leader took note of a follower's fetch. Anything but {@link #ACCEPTED} has changed nothing. */
public enum FollowerFetch {
    /** It counts. */
    ACCEPTED,
    /** The sender is not among the replicas, as far as this leader knows. */
    NOT_A_REPLICA,
    /** A newer incarnation of the sender is known (KIP-903). */
    STALE_BROKER_EPOCH,
    /** The sender follows an older leader epoch. */
    FENCED_LEADER_EPOCH,
    /** The sender follows a newer leader epoch: this leader is the one that does not know yet. */
    UNKNOWN_LEADER_EPOCH
}
