// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.replication;

import io.eventfleet.core.log.TopicPartitionId;
import io.eventfleet.core.replication.LeaderAssignment.Peer;
import io.eventfleet.core.replication.LeaderReplica.Attempt;
import io.eventfleet.core.replication.LeaderReplica.LogPosition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

/**
 * Broker 0 leads in epoch 5, with replicas 0, 1 and 2 whose broker epochs are 10, 11 and 12. What the leader proposes is
 * noted after every input, as its caller does it.
 */
final class Leading {
    static final int EPOCH = 5;
    static final Duration MAX_LAG = Duration.ofSeconds(10);

    private final LeaderReplica leader;
    private final TreeMap<Integer, Peer> peers = new TreeMap<>();
    private final List<Attempt> attempts = new ArrayList<>();
    private int minIsr;
    private int partitionEpoch = 7;
    private TreeSet<Integer> isr;
    private List<Integer> replicas = List.of(0, 1, 2);
    /** Far from zero, for the origin of monotonic time is anywhere. */
    private long now = Long.MAX_VALUE - Duration.ofSeconds(30).toNanos();

    private Leading(int minIsr, Set<Integer> isr, LogPosition log, ReplicationGuards guards) {
        this.minIsr = minIsr;
        this.isr = new TreeSet<>(isr);
        peers.put(1, new Peer(11, true));
        peers.put(2, new Peer(12, true));
        leader = new LeaderReplica(
                new TopicPartitionId(new UUID(1, 2), 3), assignment(), log, IsrTimers.withMaxLag(MAX_LAG), guards, now);
    }

    /** A log of 100 records, all durable, all from before the epoch, of which 50 are known to be committed. */
    static Leading of(int minIsr, Integer... isr) {
        return of(minIsr, new LogPosition(50, 100, 100, 100), isr);
    }

    static Leading of(int minIsr, LogPosition log, Integer... isr) {
        return new Leading(minIsr, Set.of(isr), log, ReplicationGuards.ALL);
    }

    static Leading without(ReplicationGuard guard, int minIsr, Integer... isr) {
        return new Leading(minIsr, Set.of(isr), new LogPosition(50, 100, 100, 100), ReplicationGuards.without(guard));
    }

    LeaderReplica leader() {
        return leader;
    }

    long highWatermark() {
        return leader.highWatermark();
    }

    long now() {
        return now;
    }

    /** Sets what the next {@link #push} says. */
    Leading isr(Integer... members) {
        isr = new TreeSet<>(Set.of(members));
        return this;
    }

    Leading minIsr(int replicasNeeded) {
        minIsr = replicasNeeded;
        return this;
    }

    Leading replicas(Integer... ids) {
        replicas = List.of(ids);
        return this;
    }

    Leading peer(int id, long brokerEpoch, boolean mayJoin) {
        peers.put(id, new Peer(brokerEpoch, mayJoin));
        return this;
    }

    /** A newer version of the line. */
    void push() {
        partitionEpoch++;
        pushSameLine();
    }

    /** Only the registry is newer. */
    void pushSameLine() {
        leader.assigned(now, assignment());
        decide();
    }

    void append(long newEnd) {
        leader.written(now, newEnd);
        decide();
        leader.durable(now, newEnd);
        decide();
    }

    FollowerFetch fetch(int id, long offset) {
        return fetch(new ReplicaFetch(id, 10 + id, EPOCH, offset, 0));
    }

    FollowerFetch fetch(ReplicaFetch fetch) {
        var outcome = leader.fetched(now, fetch);
        decide();
        return outcome;
    }

    void pass(Duration time) {
        now += time.toNanos();
        leader.tick(now);
        decide();
    }

    void refuse(IsrRefusal why) {
        leader.refused(now, attempts.getLast().number(), why);
        decide();
    }

    void refuse(long attempt, IsrRefusal why) {
        leader.refused(now, attempt, why);
        decide();
    }

    /** The members of every proposal until now, in order. */
    List<Set<Integer>> proposed() {
        return attempts.stream()
                .map(attempt -> attempt.proposal().isr().keySet())
                .toList();
    }

    Attempt lastAttempt() {
        return attempts.getLast();
    }

    LeaderAssignment assignment() {
        return new LeaderAssignment(0, 10, EPOCH, partitionEpoch, minIsr, replicas, isr, peers);
    }

    private void decide() {
        leader.nextProposal(now).ifPresent(attempts::add);
    }
}
