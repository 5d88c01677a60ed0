// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.cluster.controller;

import io.eventfleet.core.cluster.PartitionLine;
import io.eventfleet.core.cluster.message.Verdict;
import java.util.List;
import java.util.Set;
import java.util.function.IntPredicate;

/**
 * The one function that changes a partition line (§1.7): apply the command, take members out of the ISR, finish a
 * reassignment that may finish, replace a leader that may not lead, clear the ELR, bump the epochs, in this order. Pure.
 *
 * <p>{@code minIsr} is everywhere the topic's {@code min.insync.replicas}; what a line makes of it,
 * {@link PartitionLine#effectiveMinIsr} says.
 */
final class PartitionFold {

    /** What the fold must know of brokers, as one shard and the registry say. */
    interface Members {

        /** May stay in an ISR: not fenced, and this shard vouches for its registered incarnation. */
        boolean inSync(int brokerId);

        /**
         * Registers, or has registered and was not unfenced yet, with a disk that holds everything it ever reported: where
         * the registration left it in an ISR it stays there (B16).
         */
        boolean returning(int brokerId);

        /** May be elected: in sync and not about to stop. */
        boolean electable(int brokerId);

        /** Has had a session with this controller; others are elected only if nobody else can be (A10). */
        boolean present(int brokerId);

        /** Will never come back. */
        boolean retired(int brokerId);
    }

    private PartitionFold() {}

    /** Brings a line in accordance with its members; unchanged, the same object, if it is already. */
    static PartitionLine settle(PartitionLine line, int minIsr, Members members) {
        return new LineDraft(line).fold(minIsr, members);
    }

    /**
     * A new incarnation of a broker registers. It was down, so it leaves the ISR; by its verdict it may stay eligible, or
     * even in sync where nobody else can lead (B16). Whoever it led loses its leader, and with it the leader epoch: two
     * incarnations never share one.
     */
    static PartitionLine register(PartitionLine line, int brokerId, Verdict verdict, int minIsr, Members members) {
        var draft = new LineDraft(line);
        switch (verdict) {
            case NEW, LOST -> draft.forget(brokerId);
            case UNCLEAN -> draft.suspect(brokerId);
            case INTACT -> {
                if (ledByAnother(line, brokerId, members)) {
                    draft.isr().remove((Integer) brokerId);
                }
            }
        }
        draft.depose(brokerId);
        return draft.fold(minIsr, members);
    }

    /** Somebody other than the registrant leads, or will once it is elected. */
    private static boolean ledByAnother(PartitionLine line, int brokerId, Members members) {
        boolean led = line.leader() != PartitionLine.NO_LEADER
                && line.leader() != brokerId
                && members.inSync(line.leader())
                && members.present(line.leader());
        return led
                || line.isr().stream().anyMatch(id -> canLeadInsteadOf(brokerId, id, members))
                || line.elr().stream().anyMatch(id -> canLeadInsteadOf(brokerId, id, members));
    }

    private static boolean canLeadInsteadOf(int brokerId, int id, Members members) {
        return id != brokerId && members.electable(id) && members.present(id);
    }

    /** The leader's proposal, found to be in order: this is the ISR now (AlterPartition). */
    static PartitionLine alter(PartitionLine line, Set<Integer> isr, int minIsr, Members members) {
        var draft = new LineDraft(line);
        draft.isr().clear();
        line.replicas().stream().filter(isr::contains).forEach(draft.isr()::add);
        return draft.fold(minIsr, members);
    }

    /** The effective min ISR changed; the rule for the ELR is applied in the same write (A4). */
    static PartitionLine touch(PartitionLine line, int minIsr, Members members) {
        var settled = settle(line, minIsr, members);
        return settled != line ? settled : moveOn(line);
    }

    /** The same line under a new partition epoch: whatever was proposed for the old one can never be granted any more. */
    static PartitionLine moveOn(PartitionLine line) {
        return new LineDraft(line).toLine();
    }

    /**
     * Begins a reassignment, or replaces a running one; what the line had as target before cancels it. Brokers that were
     * being added and are not in the new target leave when it finishes, like those that always were replicas.
     *
     * @param target replicas wanted, at least one, none twice, none still in {@code dropped}
     */
    static PartitionLine reassign(PartitionLine line, List<Integer> target, int minIsr, Members members) {
        var draft = new LineDraft(line);
        draft.aimAt(target);
        return draft.fold(minIsr, members);
    }

    /** The broker says that the data of its former replica is gone. */
    static PartitionLine confirmDropped(PartitionLine line, int brokerId, int droppedIn) {
        var draft = new LineDraft(line);
        return draft.dropped().remove(brokerId, droppedIn) ? draft.toLine() : line;
    }

    /** The preferred leader takes over; unchanged if it may not lead, or leads. */
    static PartitionLine prefer(PartitionLine line, int minIsr, Members members) {
        int preferred = line.replicas().getFirst();
        if (!line.isr().contains(preferred) || !members.electable(preferred)) {
            return line;
        }
        var draft = new LineDraft(line);
        draft.appoint(preferred);
        return draft.fold(minIsr, members);
    }

    /**
     * A live replica leads that may lack committed records, because nobody who has them can (S20). Unchanged if there is a
     * leader, or no live replica.
     */
    static PartitionLine electUnclean(PartitionLine line, int minIsr, Members members) {
        var settled = settle(line, minIsr, members);
        if (settled.leader() != PartitionLine.NO_LEADER) {
            return settled;
        }
        var draft = new LineDraft(line);
        return draft.appointUnclean(members) ? draft.fold(minIsr, members) : settled;
    }

    /** What a takeover must never do; the simulator shows why. */
    static PartitionLine withoutElrOf(PartitionLine line, IntPredicate leaving) {
        var draft = new LineDraft(line);
        return draft.elr().removeIf(leaving::test) ? draft.toLine() : line;
    }
}
