// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.cluster.controller;

import io.eventfleet.core.cluster.PartitionLine;
import io.eventfleet.core.cluster.ReplicaMoves;
import io.eventfleet.core.cluster.controller.PartitionFold.Members;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A partition line being changed by {@link PartitionFold}: a command is applied, then {@link #fold}. */
final class LineDraft {

    private final PartitionLine line;
    private final List<Integer> replicas;
    private final List<Integer> isr;
    private final List<Integer> elr;
    private final List<Integer> lastKnownElr;
    private final List<Integer> adding;
    private final List<Integer> removing;
    private final SortedMap<Integer, Integer> dropped;
    /** Brokers that must not become eligible by leaving the ISR: they may lack what was committed. */
    private final Set<Integer> ineligible = new HashSet<>();

    private int leader;
    private int uncleanEpoch;
    private boolean deposed;
    private boolean lostReplica;

    LineDraft(PartitionLine line) {
        this.line = line;
        leader = line.leader();
        uncleanEpoch = line.uncleanEpoch();
        replicas = new ArrayList<>(line.replicas());
        isr = new ArrayList<>(line.isr());
        elr = new ArrayList<>(line.elr());
        lastKnownElr = new ArrayList<>(line.lastKnownElr());
        adding = new ArrayList<>(line.moves().adding());
        removing = new ArrayList<>(line.moves().removing());
        dropped = new TreeMap<>(line.moves().dropped());
    }

    List<Integer> isr() {
        return isr;
    }

    List<Integer> elr() {
        return elr;
    }

    SortedMap<Integer, Integer> dropped() {
        return dropped;
    }

    /** The broker's disk holds nothing of the partition. */
    void forget(Integer brokerId) {
        isr.remove(brokerId);
        elr.remove(brokerId);
        lastKnownElr.remove(brokerId);
        dropped.remove(brokerId);
        ineligible.add(brokerId);
    }

    /** The broker's disk may lack what it reported. */
    void suspect(Integer brokerId) {
        boolean member = isr.remove(brokerId) | elr.remove(brokerId);
        ineligible.add(brokerId);
        if (member && !lastKnownElr.contains(brokerId)) {
            lastKnownElr.add(brokerId);
        }
    }

    /** The process that led is gone; if its successor leads, then in a new epoch. */
    void depose(int brokerId) {
        if (leader == brokerId) {
            leader = PartitionLine.NO_LEADER;
            deposed = true;
        }
    }

    void appoint(int brokerId) {
        leader = brokerId;
    }

    /** Makes a live replica the only in-sync one; one that was eligible once before others. False if none is alive. */
    boolean appointUnclean(Members members) {
        Integer chosen = firstOf(lastKnownElr, members);
        chosen = chosen == null ? firstOf(replicas, members) : chosen;
        if (chosen == null) {
            return false;
        }
        ineligible.addAll(isr);
        isr.clear();
        elr.clear();
        lastKnownElr.clear();
        isr.add(chosen);
        leader = chosen;
        deposed = true;
        uncleanEpoch = line.leaderEpoch() + 1;
        return true;
    }

    /** The replicas are on their way to the target: united with it until the added ones are in sync. */
    void aimAt(List<Integer> target) {
        var settled = replicas.stream().filter(id -> !adding.contains(id)).toList();
        var united = new LinkedHashSet<>(target);
        united.addAll(replicas);
        adding.clear();
        target.stream().filter(id -> !settled.contains(id)).forEach(adding::add);
        removing.clear();
        replicas.stream().filter(id -> !target.contains(id)).forEach(removing::add);
        replicas.clear();
        replicas.addAll(united);
    }

    /** Steps 2 to 5 of the fold; the same line, the same object, if nothing changed. */
    PartitionLine fold(int minIsr, Members members) {
        isr.removeIf(id -> !members.inSync(id) && !members.returning(id));
        keepEligible(minIsr);
        dropped.keySet().removeIf(members::retired);
        lastKnownElr.removeIf(members::retired);
        if (mayFinish(minIsr, members)) {
            finishReassignment();
        }
        replaceLeader(members);
        if (isr.size() >= effectiveMinIsr(minIsr)) {
            elr.clear();
            lastKnownElr.clear();
        }
        return changed() ? toLine() : line;
    }

    /** All that leave in one write enter the ELR together if the rest is below the min ISR. */
    private void keepEligible(int minIsr) {
        elr.removeAll(isr);
        if (isr.size() < effectiveMinIsr(minIsr)) {
            line.isr().stream()
                    .filter(id -> !isr.contains(id) && !elr.contains(id) && !ineligible.contains(id))
                    .forEach(elr::add);
        }
    }

    private int effectiveMinIsr(int minIsr) {
        return PartitionLine.effectiveMinIsr(minIsr, replicas.size() - adding.size());
    }

    /** True if the added replicas are in sync, and those that will be left are enough and can lead. */
    private boolean mayFinish(int minIsr, Members members) {
        if (adding.isEmpty() && removing.isEmpty()) {
            return false;
        }
        int left = replicas.size() - removing.size();
        var staying = isr.stream().filter(id -> !removing.contains(id)).toList();
        return isr.containsAll(adding)
                && staying.size() >= PartitionLine.effectiveMinIsr(minIsr, left)
                && staying.stream().anyMatch(members::electable);
    }

    private void finishReassignment() {
        for (Integer id : removing) {
            replicas.remove(id);
            isr.remove(id);
            elr.remove(id);
            lastKnownElr.remove(id);
            dropped.put(id, line.partitionEpoch() + 1);
            lostReplica = true;
        }
        adding.clear();
        removing.clear();
    }

    private void replaceLeader(Members members) {
        Integer next = firstOf(isr, members);
        if (leader != PartitionLine.NO_LEADER && isr.contains(leader)) {
            if (members.electable(leader) || (members.inSync(leader) && next == null)) {
                return;
            }
        }
        if (next == null && isr.stream().allMatch(members::returning)) {
            next = fromElr(members);
        }
        leader = next == null ? PartitionLine.NO_LEADER : next;
    }

    /** Whom an eligible one does not wait for becomes eligible, too: in-sync members that have yet to come back. */
    private @Nullable Integer fromElr(Members members) {
        Integer eligible = firstOf(elr, members);
        if (eligible == null && elr.isEmpty() && isr.isEmpty()) {
            eligible = onlyLastKnown(members);
        }
        if (eligible != null) {
            elr.remove(eligible);
            lastKnownElr.remove(eligible);
            elr.addAll(isr);
            isr.clear();
            isr.add(eligible);
        }
        return eligible;
    }

    /** The only replica there ever was comes back by itself, marked as possible loss (S8). */
    private @Nullable Integer onlyLastKnown(Members members) {
        boolean only = replicas.size() == 1 && lastKnownElr.equals(replicas);
        if (only && members.electable(replicas.getFirst())) {
            uncleanEpoch = line.leaderEpoch() + 1;
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

    private boolean changed() {
        return deposed
                || leader != line.leader()
                || uncleanEpoch != line.uncleanEpoch()
                || !replicas.equals(line.replicas())
                || !isr.equals(line.isr())
                || !elr.equals(line.elr())
                || !lastKnownElr.equals(line.lastKnownElr())
                || !moves().equals(line.moves());
    }

    private ReplicaMoves moves() {
        return new ReplicaMoves(adding, removing, dropped);
    }

    /** The line as it stands now, with a new partition epoch, and a new leader epoch if one is due. */
    PartitionLine toLine() {
        boolean newLeaderEpoch = deposed || lostReplica || leader != line.leader();
        return new PartitionLine(
                line.partition(),
                leader,
                newLeaderEpoch ? line.leaderEpoch() + 1 : line.leaderEpoch(),
                line.partitionEpoch() + 1,
                replicas,
                isr,
                elr,
                lastKnownElr,
                moves(),
                line.born(),
                uncleanEpoch,
                line.extra());
    }
}
