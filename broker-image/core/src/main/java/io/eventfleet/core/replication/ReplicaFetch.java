// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.replication;

/**
 * What a follower says of itself when it fetches (Fetch v15 and newer: KIP-320, KIP-903).
 *
 * @param replicaId the follower
 * @param brokerEpoch epoch of the incarnation that fetches
 * @param currentLeaderEpoch epoch in which it follows
 * @param fetchOffset offset after its last durable record
 * @param logStartOffset first offset that it keeps
 */
public record ReplicaFetch(
        int replicaId, long brokerEpoch, int currentLeaderEpoch, long fetchOffset, long logStartOffset) {}
