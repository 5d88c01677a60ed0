// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.cluster.controller;

import io.eventfleet.core.cluster.PartitionLine;
import io.eventfleet.core.cluster.message.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * The one function that changes a partition line (§1.7): apply the command, take members out of the ISR, replace a
 * leader that may not lead, clear the ELR, bump the epochs, in this order. Pure.
 */
final class PartitionFold {

    /** What the fold must know of brokers, as one shard and the registry say. */
    interface Members {

        /** May stay in an ISR: not fenced, and this shard vouches for its registered incarnation. */
        boolean inSync(int brokerId);

        /** May be elected: in sync and not about to stop. */
        boolean electable(int brokerId);

        /** Has had a session with this controller; others are elected only if nobody else can be (A10). */
        boolean present(int brokerId);
    }

    private PartitionFold() {}

    /** Brings a line in accordance with its members; unchanged, the same object, if it is already. */
    static PartitionLine settle(PartitionLine line, int effectiveMinIsr, Members members) {
        var leaving = line.isr().stream().filter(id -> !members.inSync(id)).toList();
        return finish(line, new Draft(line).leaveIsr(leaving, effectiveMinIsr), effectiveMinIsr, members);
    }

    /**
     * A new incarnation of a broker registers. It was down, so it leaves the ISR; by its verdict it may stay eligible.
     * Whoever it led loses its leader, and with it the leader epoch: two incarnations never share one.
     */
    static PartitionLine register(
            PartitionLine line, int brokerId, Verdict verdict, int effectiveMinIsr, Members members) {
        var draft = new Draft(line);
        boolean member = draft.isr.contains(brokerId) || draft.elr.contains(brokerId);
        switch (verdict) {
            case NEW, LOST -> {
                draft.isr.remove((Integer) brokerId);
                draft.elr.remove((Integer) brokerId);
                draft.lastKnownElr.remove((Integer) brokerId);
            }
            case UNCLEAN -> {
                draft.isr.remove((Integer) brokerId);
                draft.elr.remove((Integer) brokerId);
                if (member && !draft.lastKnownElr.contains(brokerId)) {
                    draft.lastKnownElr.add(brokerId);
                }
            }
            case INTACT -> {}
        }
        var leaving = draft.isr.stream()
                .filter(id -> id == brokerId || !members.inSync(id))
                .toList();
        draft.leaveIsr(leaving, effectiveMinIsr);
        if (draft.leader == brokerId) {
            draft.leader = PartitionLine.NO_LEADER;
        }
        return finish(line, draft, effectiveMinIsr, members);
    }

    /** The effective min ISR changed; the rule for the ELR is applied in the same write (A4). */
    static PartitionLine touch(PartitionLine line, int effectiveMinIsr, Members members) {
        var settled = settle(line, effectiveMinIsr, members);
        return settled != line ? settled : new Draft(line).toLine(line);
    }

    /** What a takeover must never do; the simulator shows why. */
    static PartitionLine withoutElrOf(PartitionLine line, IntPredicate leaving) {
        var draft = new Draft(line);
        draft.elr.removeIf(leaving::test);
        return draft.sameAs(line) ? line : draft.toLine(line);
    }

    private static PartitionLine finish(PartitionLine line, Draft draft, int effectiveMinIsr, Members members) {
        draft.replaceLeader(members);
        if (draft.isr.size() >= effectiveMinIsr) {
            draft.elr.clear();
            draft.lastKnownElr.clear();
        }
        return draft.sameAs(line) ? line : draft.toLine(line);
    }

    /** Min ISR that a partition can have at most. */
    static int effectiveMinIsr(int minIsr, PartitionLine line) {
        return Math.min(minIsr, line.replicas().size());
    }

    /** A line being changed. */
    private static final class Draft {

        private int leader;
        private int uncleanEpoch;
        private final int oldLeader;
        private final int nextLeaderEpoch;
        private final List<Integer> replicas;
        private final List<Integer> isr;
        private final List<Integer> elr;
        private final List<Integer> lastKnownElr;

        Draft(PartitionLine line) {
            leader = line.leader();
            oldLeader = line.leader();
            nextLeaderEpoch = line.leaderEpoch() + 1;
            uncleanEpoch = line.uncleanEpoch();
            replicas = line.replicas();
            isr = new ArrayList<>(line.isr());
            elr = new ArrayList<>(line.elr());
            lastKnownElr = new ArrayList<>(line.lastKnownElr());
        }

        /** All that leave in one write enter the ELR together if the rest is below the min ISR. */
        Draft leaveIsr(List<Integer> leaving, int effectiveMinIsr) {
            isr.removeAll(leaving);
            if (isr.size() < effectiveMinIsr) {
                leaving.stream().filter(id -> !elr.contains(id)).forEach(elr::add);
            }
            return this;
        }

        void replaceLeader(Members members) {
            Integer next = firstOf(isr, members);
            if (leader != PartitionLine.NO_LEADER && isr.contains(leader)) {
                if (members.electable(leader) || (members.inSync(leader) && next == null)) {
                    return;
                }
            }
            if (next == null && isr.isEmpty()) {
                next = fromElr(members);
            }
            leader = next == null ? PartitionLine.NO_LEADER : next;
        }

        private @Nullable Integer fromElr(Members members) {
            Integer eligible = firstOf(elr, members);
            if (eligible == null && elr.isEmpty()) {
                eligible = onlyLastKnown(members);
            }
            if (eligible != null) {
                elr.remove(eligible);
                lastKnownElr.remove(eligible);
                isr.add(eligible);
            }
            return eligible;
        }

        /** The only replica there ever was comes back by itself, marked as possible loss (S8). */
        private @Nullable Integer onlyLastKnown(Members members) {
            boolean only = replicas.size() == 1 && lastKnownElr.equals(replicas);
            if (only && members.electable(replicas.getFirst())) {
                uncleanEpoch = nextLeaderEpoch;
                return replicas.getFirst();
            }
            return null;
        }

        /** First electable one by preference; one that has reported before one that has not. */
        private @Nullable Integer firstOf(List<Integer> candidates, Members members) {
            Integer absent = null;
            for (Integer id : replicas) {
                if (candidates.contains(id) && members.electable(id)) {
                    if (members.present(id)) {
                        return id;
                    }
                    absent = absent == null ? id : absent;
                }
            }
            return absent;
        }

        boolean sameAs(PartitionLine line) {
            return leader == line.leader()
                    && uncleanEpoch == line.uncleanEpoch()
                    && isr.equals(line.isr())
                    && elr.equals(line.elr())
                    && lastKnownElr.equals(line.lastKnownElr());
        }

        PartitionLine toLine(PartitionLine line) {
            return new PartitionLine(
                    line.partition(),
                    leader,
                    leader == oldLeader ? line.leaderEpoch() : nextLeaderEpoch,
                    line.partitionEpoch() + 1,
                    replicas,
                    isr,
                    elr,
                    lastKnownElr,
                    line.born(),
                    uncleanEpoch,
                    line.extra());
        }
    }
}
