// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.replication;

/**
 * The protections of replication, by name. All are on in production; the simulator switches one off at a time and must
 * then find a violation, which is what shows that it looks.
 */
public enum ReplicationGuard {
    /** A proposed member of the in-sync replicas holds up the high watermark from the proposal on (KIP-497). */
    MAXIMAL_ISR,
    /** Nothing is committed with fewer in-sync replicas than the effective min ISR (KIP-966). */
    MIN_ISR,
    /** The leader's own records count when they are as durable as promised, not when they are written. */
    DURABLE_END,
    /** A replica joins only with everything below the high watermark. */
    JOIN_AT_HIGH_WATERMARK,
    /** A replica joins only with everything that the leader had when its epoch began (KIP-207's window). */
    JOIN_AT_EPOCH_START,
    /** A fetch that carries another leader epoch changes nothing (KIP-320). */
    FETCHED_IN_EPOCH,
    /** What one incarnation of a broker fetched is not credited to the next (KIP-903). */
    BROKER_EPOCH,
    /** A follower truncates where epochs say that the logs part (KIP-101); off: it truncates to its high watermark. */
    TRUNCATE_BY_EPOCH,
    /** A follower throws nothing away below its high watermark unless an unclean election allows it (rule 29). */
    KEEP_COMMITTED
}
