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
 * @param minIsr effective {@code min.insync.replicas}, of the same version of the same shard (docs/coordination.md)
 * @param replicas broker ids in order of preference, those being added and removed included
 * @param isr in-sync replicas
 * @param elr eligible leader replicas (KIP-966)
 * @param adding replicas that a reassignment adds; empty when there is none
 * @param removing replicas that leave when the reassignment is finished
 * @param uncleanEpoch leader epoch of the last election that may have lost records, or -1: a follower may truncate below
 *     its high watermark only for such an epoch
 */
public record PartitionInfo(
        int partition,
        int leader,
        int leaderEpoch,
        int partitionEpoch,
        int minIsr,
        List<Integer> replicas,
        List<Integer> isr,
        List<Integer> elr,
        List<Integer> adding,
        List<Integer> removing,
        int uncleanEpoch) {

    /** Value of {@link #leader()} when nobody leads. */
    public static final int NO_LEADER = -1;

    public PartitionInfo {
        replicas = List.copyOf(replicas);
        isr = List.copyOf(isr);
        elr = List.copyOf(elr);
        adding = List.copyOf(adding);
        removing = List.copyOf(removing);
    }

    /** A partition without a reassignment and without a loss. */
    public static PartitionInfo of(
            int partition,
            int leader,
            int leaderEpoch,
            int partitionEpoch,
            int minIsr,
            List<Integer> replicas,
            List<Integer> isr) {
        return new PartitionInfo(
                partition,
                leader,
                leaderEpoch,
                partitionEpoch,
                minIsr,
                replicas,
                isr,
                List.of(),
                List.of(),
                List.of(),
                -1);
    }

    /** True while a reassignment is running. */
    public boolean reassigning() {
        return !adding.isEmpty() || !removing.isEmpty();
    }
}
