// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.replication;

import io.eventfleet.core.log.TopicPartitionId;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The leader of one partition in one leader epoch: what is committed, and who is in sync. Every input is a method with
 * the monotonic time; after any of them the caller asks for {@link #nextProposal} and looks at {@link #highWatermark}.
 * Not thread-safe; whoever holds it locks.
 *
 * <p>Committed is what every member of the maximal in-sync replicas holds durably, while the committed in-sync replicas
 * are at least min ISR. Maximal means: the committed set and, while a proposal is pending, the proposed members too, for
 * the controller may have granted it already (KIP-497, KIP-966; docs/replication.md).
 */
public final class LeaderReplica {
    private static final long UNKNOWN_OFFSET = -1;
    private static final long UNREGISTERED = -1;

    private final TopicPartitionId id;
    private final int leaderEpoch;
    private final long epochStartOffset;
    private final IsrTimers timers;
    private final ReplicationGuards guards;
    private final SortedMap<Integer, FollowerState> followers = new TreeMap<>();

    private LeaderAssignment assignment;
    private long logEnd;
    private long durableEnd;
    private long highWatermark;
    private boolean controllerWritable = true;

    private @Nullable Attempt pending;
    private SortedSet<Integer> maximalIsr;
    private long attempts;
    private boolean refused;
    private long refusedAt;

    /**
     * Where the log is when the epoch begins.
     *
     * @param highWatermark what this replica knew to be committed
     * @param epochStartOffset log end offset before the first record of this epoch
     * @param logEnd log end offset
     * @param durableEnd offset after the last record that is as durable as promised
     */
    public record LogPosition(long highWatermark, long epochStartOffset, long logEnd, long durableEnd) {}

    /**
     * A proposal and its number: a refusal names the number, so that one of an earlier proposal is not taken for one of
     * a later that asks for the same.
     */
    public record Attempt(long number, IsrProposal proposal) {}

    /**
     * What is known of another replica.
     *
     * @param id broker id
     * @param inSync true for a committed member
     * @param offset offset after its last durable record, or -1 before its first fetch in this epoch
     * @param logStartOffset first offset that it keeps, or -1
     */
    public record Follower(int id, boolean inSync, long offset, long logStartOffset) {}

    /** Begins an epoch: nothing is known of any other replica; members have the whole lag time to come. */
    public LeaderReplica(
            TopicPartitionId id,
            LeaderAssignment assignment,
            LogPosition log,
            IsrTimers timers,
            ReplicationGuards guards,
            long now) {
        this.id = id;
        this.leaderEpoch = assignment.leaderEpoch();
        this.epochStartOffset = log.epochStartOffset();
        this.timers = timers;
        this.guards = guards;
        this.assignment = assignment;
        this.logEnd = log.logEnd();
        this.durableEnd = log.durableEnd();
        this.highWatermark = log.highWatermark();
        this.maximalIsr = assignment.isr();
        adoptFollowers(now);
        advance(now);
    }

    public int leaderEpoch() {
        return leaderEpoch;
    }

    /** Everything below is committed; it never falls. */
    public long highWatermark() {
        return highWatermark;
    }

    /** Log end offset when the epoch began. */
    public long epochStartOffset() {
        return epochStartOffset;
    }

    /**
     * True when the high watermark is known to be no lower than any that an earlier leader told: before, the latest offset
     * must not be told to clients (KIP-207).
     */
    public boolean hasCommittedEpochStart() {
        return highWatermark >= epochStartOffset;
    }

    /** What the metadata said last. */
    public LeaderAssignment assignment() {
        return assignment;
    }

    /** The committed in-sync replicas and those of a pending proposal. */
    public SortedSet<Integer> maximalIsr() {
        return maximalIsr;
    }

    /** The proposal that is neither granted nor refused. */
    public Optional<IsrProposal> pending() {
        return Optional.ofNullable(pending).map(Attempt::proposal);
    }

    /** What is known of another replica, or empty when it is none. */
    public Optional<Follower> follower(int brokerId) {
        return Optional.ofNullable(followers.get(brokerId))
                .map(state -> new Follower(
                        brokerId, assignment.isr().contains(brokerId), state.offset(), state.logStartOffset()));
    }

    /**
     * The greatest log start offset that every live in-sync follower has reached: what DeleteRecords waits for. An offset
     * before any when one has not told, Long.MAX_VALUE when there is none.
     */
    public long lowWatermark() {
        long least = Long.MAX_VALUE;
        for (var follower : followers.values()) {
            boolean live = assignment
                    .peer(follower.id())
                    .filter(LeaderAssignment.Peer::mayJoin)
                    .isPresent();
            if (live && assignment.isr().contains(follower.id())) {
                least = Math.min(least, follower.logStartOffset());
            }
        }
        return least;
    }

    /** The log end offset moved, not yet as durable as promised. */
    public void written(long now, long newLogEnd) {
        logEnd = Math.max(logEnd, newLogEnd);
        if (!guards.on(ReplicationGuard.DURABLE_END)) {
            advance(now);
        }
    }

    /** Everything below is as durable as promised here. */
    public void durable(long now, long newDurableEnd) {
        durableEnd = Math.max(durableEnd, newDurableEnd);
        logEnd = Math.max(logEnd, durableEnd);
        advance(now);
    }

    /**
     * A follower fetches. A fetch that diverges or is out of range must not come here, and for a follower that keeps a
     * session every fetch must, also if it asks for nothing new.
     *
     * @throws IllegalArgumentException for an offset that the log does not have
     */
    public FollowerFetch fetched(long now, ReplicaFetch fetch) {
        if (fetch.currentLeaderEpoch() != leaderEpoch && guards.on(ReplicationGuard.FETCHED_IN_EPOCH)) {
            return fetch.currentLeaderEpoch() < leaderEpoch
                    ? FollowerFetch.FENCED_LEADER_EPOCH
                    : FollowerFetch.UNKNOWN_LEADER_EPOCH;
        }
        var follower = followers.get(fetch.replicaId());
        if (follower == null) {
            return FollowerFetch.NOT_A_REPLICA;
        }
        if (guards.on(ReplicationGuard.BROKER_EPOCH)) {
            if (fetch.brokerEpoch() < Math.max(registeredEpoch(fetch.replicaId()), follower.brokerEpoch())) {
                return FollowerFetch.STALE_BROKER_EPOCH;
            }
            if (follower.hasFetched() && fetch.brokerEpoch() > follower.brokerEpoch()) {
                begin(follower, now);
            }
        }
        if (fetch.fetchOffset() < 0 || fetch.fetchOffset() > logEnd) {
            throw new IllegalArgumentException("fetch at " + fetch.fetchOffset() + " of a log that ends at " + logEnd);
        }
        follower.fetched(now, fetch, logEnd);
        follower.noteCompleteness(now, isComplete(follower));
        advance(now);
        return FollowerFetch.ACCEPTED;
    }

    /**
     * Newer metadata. A higher partition epoch settles the pending proposal: it was granted, or it can never be.
     *
     * @throws IllegalArgumentException for another leader epoch: that is another leader
     */
    public void assigned(long now, LeaderAssignment next) {
        if (next.leaderEpoch() != leaderEpoch) {
            throw new IllegalArgumentException(
                    "leader epoch " + next.leaderEpoch() + " for the leader of " + leaderEpoch);
        }
        var before = assignment;
        if (next.partitionEpoch() > before.partitionEpoch()) {
            assignment = next;
            settle();
            refused = false;
        } else {
            assignment = before.withPeers(next.selfEpoch(), next.peers());
        }
        for (var follower : followers.values()) {
            if (before.isr().contains(follower.id()) && !assignment.isr().contains(follower.id())) {
                follower.leftIsr(now, timers.flapWindow());
            }
        }
        adoptFollowers(now);
        advance(now);
    }

    /** Whether the controller can write now; while it cannot, nobody is proposed as a new member. */
    public void controllerWritable(boolean writable) {
        controllerWritable = writable;
    }

    /**
     * The controller refused a proposal. An ineligible member rolls it back; an outdated one stays pending until newer
     * metadata tells what became of it. A refusal of any other proposal than the pending one is ignored.
     */
    public void refused(long now, long attempt, IsrRefusal why) {
        if (pending == null || pending.number() != attempt || why == IsrRefusal.OUTDATED) {
            return;
        }
        settle();
        refused = true;
        refusedAt = now;
        advance(now);
    }

    /** Time has passed: a member may lag now, or somebody who was about to join may not be waited for any more. */
    public void tick(long now) {
        advance(now);
    }

    /**
     * What to propose now, at most one thing at a time. What is returned is pending until {@link #assigned} or {@link
     * #refused} settles it.
     */
    public Optional<Attempt> nextProposal(long now) {
        if (pending != null || pauses(now)) {
            return Optional.empty();
        }
        boolean shrinks = assignment.isr().stream().anyMatch(member -> isLagging(member, now));
        if (!shrinks && followers.values().stream().noneMatch(follower -> joins(follower, now))) {
            return Optional.empty();
        }
        var isr = new TreeSet<>(assignment.isr());
        if (shrinks) {
            isr.removeIf(member -> isLagging(member, now));
        } else {
            followers.values().stream()
                    .filter(follower -> joins(follower, now))
                    .forEach(follower -> isr.add(follower.id()));
        }
        var members = new TreeMap<Integer, Long>();
        isr.forEach(member -> members.put(member, vouchedEpoch(member)));
        var attempt = new Attempt(++attempts, new IsrProposal(id, leaderEpoch, assignment.partitionEpoch(), members));
        pending = attempt;
        maximalIsr = union(assignment.isr(), isr);
        return Optional.of(attempt);
    }

    /** When {@link #tick} is due although nothing happens; Long.MAX_VALUE for never. */
    public long nextDeadline(long now) {
        long deadline = Long.MAX_VALUE;
        for (var follower : followers.values()) {
            boolean shrinks = pending == null && assignment.isr().contains(follower.id());
            if (follower.offset() != logEnd && (shrinks || isAboutToJoin(follower, now))) {
                deadline = Math.min(deadline, follower.lagsFrom(timers.maxLag()));
            }
        }
        return deadline != Long.MAX_VALUE && pauses(deadline) ? refusedAt + pause() : deadline;
    }

    private void adoptFollowers(long now) {
        followers.keySet().retainAll(assignment.replicas());
        for (int replica : assignment.replicas()) {
            if (replica == assignment.self()) {
                continue;
            }
            var follower = followers.get(replica);
            if (follower == null) {
                follower = new FollowerState(replica);
                followers.put(replica, follower);
            } else if (follower.hasFetched()
                    && follower.brokerEpoch() < registeredEpoch(replica)
                    && guards.on(ReplicationGuard.BROKER_EPOCH)) {
                follower.forget();
            }
            if (assignment.isr().contains(replica)) {
                follower.grantLag(now);
            }
        }
    }

    /** Another incarnation begins. */
    private void begin(FollowerState follower, long now) {
        follower.forget();
        if (assignment.isr().contains(follower.id())) {
            follower.grantLag(now);
        }
    }

    private void settle() {
        pending = null;
        maximalIsr = assignment.isr();
    }

    private boolean pauses(long now) {
        return refused && now - refusedAt < pause();
    }

    private long pause() {
        return timers.expandDelay().toNanos();
    }

    private void advance(long now) {
        boolean enough = !assignment.isUnderMinIsr() || !guards.on(ReplicationGuard.MIN_ISR);
        if (!enough || !assignment.isr().contains(assignment.self())) {
            return;
        }
        long least = guards.on(ReplicationGuard.DURABLE_END) ? durableEnd : logEnd;
        for (int member : guards.on(ReplicationGuard.MAXIMAL_ISR) ? maximalIsr : assignment.isr()) {
            if (member != assignment.self()) {
                var follower = followers.get(member);
                least = Math.min(least, follower == null ? UNKNOWN_OFFSET : follower.offset());
            }
        }
        for (var follower : followers.values()) {
            if (isAboutToJoin(follower, now)) {
                least = Math.min(least, follower.offset());
            }
        }
        highWatermark = Math.max(highWatermark, least);
    }

    /**
     * Waiting for who is about to join keeps the high watermark from running ahead of it for ever. Fenced and stopping
     * replicas are not waited for: they cannot join (KAFKA-15021).
     */
    private boolean isAboutToJoin(FollowerState follower, long now) {
        return !maximalIsr.contains(follower.id()) && mayJoin(follower) && isCaughtUp(follower, now);
    }

    /** Lagging is also a member without committed records, whatever made it lose them. */
    private boolean isLagging(int member, long now) {
        if (member == assignment.self()) {
            return false;
        }
        var follower = followers.get(member);
        return follower == null
                || (follower.hasFetched() && follower.offset() < highWatermark)
                || !isCaughtUp(follower, now);
    }

    private boolean isCaughtUp(FollowerState follower, long now) {
        return follower.offset() == logEnd || follower.wasCaughtUpWithin(now, timers.maxLag());
    }

    private boolean mayJoin(FollowerState follower) {
        return controllerWritable
                && follower.hasFetched()
                && assignment
                        .peer(follower.id())
                        .filter(LeaderAssignment.Peer::mayJoin)
                        .filter(peer -> peer.brokerEpoch() == follower.brokerEpoch()
                                || !guards.on(ReplicationGuard.BROKER_EPOCH))
                        .isPresent();
    }

    private boolean joins(FollowerState follower, long now) {
        return !assignment.isr().contains(follower.id())
                && mayJoin(follower)
                && isComplete(follower)
                && follower.hasFetchedWithin(now, timers.expandDelay())
                && (assignment.isUnderMinIsr()
                        || follower.hasBeenCompleteFor(
                                now, follower.isFlapping() ? timers.flapDelay() : timers.expandDelay()));
    }

    private boolean isComplete(FollowerState follower) {
        return (follower.offset() >= highWatermark || !guards.on(ReplicationGuard.JOIN_AT_HIGH_WATERMARK))
                && (follower.offset() >= epochStartOffset || !guards.on(ReplicationGuard.JOIN_AT_EPOCH_START));
    }

    private long vouchedEpoch(int member) {
        if (member == assignment.self()) {
            return assignment.selfEpoch();
        }
        var follower = followers.get(member);
        return follower != null && follower.hasFetched() ? follower.brokerEpoch() : registeredEpoch(member);
    }

    private long registeredEpoch(int replica) {
        return assignment.peer(replica).map(LeaderAssignment.Peer::brokerEpoch).orElse(UNREGISTERED);
    }

    private static SortedSet<Integer> union(SortedSet<Integer> one, SortedSet<Integer> other) {
        var all = new TreeSet<>(one);
        all.addAll(other);
        return all;
    }
}
