// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.cluster.image;

import java.util.List;

/**
 * State of one partition, as one version of its shard says.
 *
 * @param partition index
 * @param leader broker id, or {@link #NO_LEADER}
 * @param leaderEpoch grows with every change of leader
 * @param partitionEpoch grows with every change of anything
 * @param replicas broker ids in order of preference
 * @param isr in-sync replicas
 * @param elr eligible leader replicas (KIP-966)
 */
public record PartitionInfo(
        int partition,
        int leader,
        int leaderEpoch,
        int partitionEpoch,
        List<Integer> replicas,
        List<Integer> isr,
        List<Integer> elr) {

    /** Value of {@link #leader()} when nobody leads. */
    public static final int NO_LEADER = -1;

    public PartitionInfo {
        replicas = List.copyOf(replicas);
        isr = List.copyOf(isr);
        elr = List.copyOf(elr);
    }
}
