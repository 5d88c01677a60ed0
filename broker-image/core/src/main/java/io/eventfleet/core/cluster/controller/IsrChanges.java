// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.cluster.controller;

import io.eventfleet.core.cluster.BrokerEntry;
import io.eventfleet.core.cluster.PartitionLine;
import io.eventfleet.core.cluster.image.BrokerInfo.BrokerState;
import io.eventfleet.core.cluster.message.Message;
import io.eventfleet.core.cluster.message.Message.NumberedProposal;
import io.eventfleet.core.cluster.store.ShardDoc;
import io.eventfleet.core.log.TopicPartitionId;
import io.eventfleet.core.replication.IsrProposal;
import io.eventfleet.core.replication.IsrRefusal;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;

/**
 * Judges what leaders propose for their in-sync replicas (AlterPartition, KIP-497, KIP-903; rule 9, A3). A proposal is
 * judged on the state that it changes, when it is written, and answered when the outcome is durable.
 *
 * <p>To refuse for a member's sake is itself a write: the line gets a new partition epoch. The leader will go back to the
 * committed set, so a late copy of the proposal must not be granted afterwards, by this controller or by another.
 */
final class IsrChanges {

    /** What holds up producers, or leaves a partition with too few replicas. */
    private static final long URGENT_LINGER_NANOS = 10_000_000L;
    /** A replica more than the min ISR asks for: many come at once after a restart. */
    private static final long DEFERRABLE_LINGER_NANOS = 500_000_000L;
    /** Refusals that cost a write, per partition. */
    private static final long REFUSE_AT_MOST_EVERY_NANOS = 1_000_000_000L;

    private final Term term;
    private final ShardChanges shardChanges;
    private final Set<Copy> queued = new HashSet<>();
    private final Map<TopicPartitionId, Long> refusedAt = new HashMap<>();
    private final SortedMap<Integer, Refusals> refusals = new TreeMap<>();

    /** One proposal of one process; it may arrive any number of times. */
    private record Copy(UUID incarnation, long number) {}

    /** What one process will be told at the end of the step. */
    private record Refusals(BrokerEntry broker, SortedMap<Long, IsrRefusal> byNumber) {}

    /** How a proposal was found. */
    private enum Judgement {
        GRANTED,
        INELIGIBLE,
        OUTDATED,
        /** The sender knows newer metadata than this controller. */
        AHEAD
    }

    IsrChanges(Term term, ShardChanges shardChanges) {
        this.term = term;
        this.shardChanges = shardChanges;
    }

    /** @param broker the entry of the asking process */
    void onRequest(BrokerEntry broker, Message.AlterPartitions request) {
        if (request.brokerEpoch() != broker.epoch() || term.readOnly()) {
            return;
        }
        for (var numbered : request.proposals()) {
            var copy = new Copy(broker.incarnation(), numbered.number());
            if (!queued.contains(copy)) {
                consider(broker, numbered, copy);
            }
        }
    }

    private void consider(BrokerEntry broker, NumberedProposal numbered, Copy copy) {
        var proposal = numbered.proposal();
        var cell = shardChanges.cellOf(proposal.id());
        if (cell.isEmpty()) {
            // Lines are removed only when the topic is gone for good, and every shard was read when the term began.
            refuse(broker, numbered.number(), IsrRefusal.OUTDATED);
            return;
        }
        var line = ShardChanges.lineOf(cell.get().durable(), proposal.id()).orElseThrow();
        if (judge(broker, cell.get().durable(), line, proposal) == Judgement.INELIGIBLE && refusedLately(proposal)) {
            return;
        }
        queued.add(copy);
        cell.get().enqueueWithin(new Attempt(broker, numbered, copy, cell.get()), linger(cell.get(), line, proposal));
    }

    private static long linger(MetaCell<ShardDoc> cell, PartitionLine line, IsrProposal proposal) {
        var topic =
                Objects.requireNonNull(cell.durable().topics().get(proposal.id().topicId()));
        boolean grows = proposal.isr().keySet().containsAll(line.isr());
        boolean enough = line.isr().size() >= line.effectiveMinIsr(topic.minIsr());
        return grows && enough ? DEFERRABLE_LINGER_NANOS : URGENT_LINGER_NANOS;
    }

    private boolean refusedLately(IsrProposal proposal) {
        Long at = refusedAt.get(proposal.id());
        return at != null && term.now() - at < REFUSE_AT_MOST_EVERY_NANOS;
    }

    /** A proposal as a command on the shard; {@link #judgement} is that of the last application. */
    private final class Attempt implements Change<ShardDoc> {

        private final BrokerEntry broker;
        private final NumberedProposal numbered;
        private final Copy copy;
        private final MetaCell<ShardDoc> cell;
        private Judgement judgement = Judgement.OUTDATED;

        Attempt(BrokerEntry broker, NumberedProposal numbered, Copy copy, MetaCell<ShardDoc> cell) {
            this.broker = broker;
            this.numbered = numbered;
            this.copy = copy;
            this.cell = cell;
        }

        @Override
        public ShardDoc apply(ShardDoc current) {
            var proposal = numbered.proposal();
            var topic = current.topics().get(proposal.id().topicId());
            var line = ShardChanges.lineOf(current, proposal.id());
            if (topic == null || line.isEmpty()) {
                judgement = Judgement.OUTDATED;
                return current;
            }
            judgement = judge(broker, current, line.get(), proposal);
            return switch (judgement) {
                case GRANTED ->
                    current.withTopic(topic.withLine(PartitionFold.alter(
                            line.get(), proposal.isr().keySet(), topic.minIsr(), shardChanges.members(current))));
                case INELIGIBLE -> current.withTopic(topic.withLine(PartitionFold.moveOn(line.get())));
                case OUTDATED, AHEAD -> current;
            };
        }

        @Override
        public void durable(ShardDoc now) {
            queued.remove(copy);
            switch (judgement) {
                case GRANTED -> {}
                case INELIGIBLE -> {
                    refusedAt.put(numbered.proposal().id(), term.now());
                    refuse(broker, numbered.number(), IsrRefusal.INELIGIBLE_REPLICA);
                }
                case OUTDATED -> refuse(broker, numbered.number(), IsrRefusal.OUTDATED);
                case AHEAD -> cell.verify();
            }
        }
    }

    private Judgement judge(BrokerEntry broker, ShardDoc shard, PartitionLine line, IsrProposal proposal) {
        if (proposal.leaderEpoch() > line.leaderEpoch() || proposal.partitionEpoch() > line.partitionEpoch()) {
            return Judgement.AHEAD;
        }
        boolean leads = line.leader() == broker.id()
                && line.leaderEpoch() == proposal.leaderEpoch()
                && stands(shard, broker.id(), broker.epoch())
                && shardChanges.open(proposal.id().topicId());
        if (!leads || line.partitionEpoch() != proposal.partitionEpoch()) {
            return Judgement.OUTDATED;
        }
        var isr = proposal.isr().keySet();
        if (!isr.contains(line.leader()) || !line.replicas().containsAll(isr)) {
            return Judgement.INELIGIBLE;
        }
        var members = shardChanges.members(shard);
        boolean eligible = proposal.isr().entrySet().stream().allMatch(member -> {
            int id = member.getKey();
            boolean staying = line.isr().contains(id) && (members.inSync(id) || members.returning(id));
            return stands(shard, id, member.getValue()) && (staying || members.electable(id));
        });
        return eligible ? Judgement.GRANTED : Judgement.INELIGIBLE;
    }

    /** The epoch is the one that this shard vouches for and that the broker is registered with (A3). */
    private boolean stands(ShardDoc shard, int brokerId, long epoch) {
        return shard.brokerEpochs().getOrDefault(brokerId, -1L) == epoch
                && term.broker(brokerId)
                        .filter(entry -> entry.epoch() == epoch && entry.state() != BrokerState.RETIRED)
                        .isPresent();
    }

    private void refuse(BrokerEntry broker, long number, IsrRefusal why) {
        refusals.computeIfAbsent(broker.id(), id -> new Refusals(broker, new TreeMap<>()))
                .byNumber()
                .put(number, why);
    }

    /** Says what was decided in this step. */
    void answer() {
        refusals.values()
                .forEach(found -> term.send(found.broker(), new Message.AlterPartitionsReply(found.byNumber())));
        refusals.clear();
    }
}
