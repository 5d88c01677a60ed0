// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.cluster;

import java.util.List;

/**
 * The committed state of one partition: one line of a shard. Immutable; every change goes through the partition fold.
 *
 * @param partition index, from 0
 * @param leader broker id, or {@link #NO_LEADER}
 * @param leaderEpoch grows with every change of leader or of its incarnation, and when {@code replicas} loses a member
 * @param partitionEpoch grows with every change of this line
 * @param replicas broker ids in order of preference, those being added and removed included
 * @param isr in-sync replicas
 * @param elr eligible leader replicas (KIP-966): held everything committed when they left the ISR
 * @param lastKnownElr members that were taken out of ISR or ELR by an UNCLEAN verdict
 * @param moves a running reassignment, and what earlier ones left behind
 * @param born value of the broker epoch counter when the partition was created
 * @param uncleanEpoch leader epoch of the last election that may have lost records, or -1
 * @param extra tokens written by a newer version, kept as they are
 */
public record PartitionLine(
        int partition,
        int leader,
        int leaderEpoch,
        int partitionEpoch,
        List<Integer> replicas,
        List<Integer> isr,
        List<Integer> elr,
        List<Integer> lastKnownElr,
        ReplicaMoves moves,
        long born,
        int uncleanEpoch,
        List<String> extra) {

    /** Value of {@link #leader()} when nobody leads. */
    public static final int NO_LEADER = -1;

    public PartitionLine {
        replicas = List.copyOf(replicas);
        isr = List.copyOf(isr);
        elr = List.copyOf(elr);
        lastKnownElr = List.copyOf(lastKnownElr);
        extra = List.copyOf(extra);
    }

    /**
     * A partition as it is created: the first in-sync replica leads in epoch 0. If none is in sync, each may lead later:
     * there are no records yet that it could miss.
     */
    public static PartitionLine created(int partition, List<Integer> replicas, List<Integer> isr, long born) {
        int leader = isr.isEmpty() ? NO_LEADER : isr.getFirst();
        var elr = isr.isEmpty() ? replicas : List.<Integer>of();
        return new PartitionLine(
                partition, leader, 0, 0, replicas, isr, elr, List.of(), ReplicaMoves.NONE, born, -1, List.of());
    }

    /** True if the broker holds, or should hold, a replica. */
    public boolean assignedTo(int brokerId) {
        return replicas.contains(brokerId);
    }

    /** Replicas when no reassignment is running, and what a running one leads to. */
    public List<Integer> target() {
        return replicas.stream().filter(id -> !moves.removing().contains(id)).toList();
    }

    /**
     * In-sync replicas that a record needs to count as committed. Replicas that are still being added ask for nothing, so
     * that a growing partition stays writable on those that it had.
     *
     * @param minIsr {@code min.insync.replicas} of the topic
     */
    public int effectiveMinIsr(int minIsr) {
        return effectiveMinIsr(minIsr, replicas.size() - moves.adding().size());
    }

    /** What a partition with so many settled replicas needs, whatever the topic asks for; never less than one. */
    public static int effectiveMinIsr(int minIsr, int settledReplicas) {
        return Math.max(1, Math.min(minIsr, settledReplicas));
    }
}
