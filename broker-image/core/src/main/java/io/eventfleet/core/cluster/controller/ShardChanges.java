// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.cluster.controller;

import io.eventfleet.core.cluster.BrokerEntry;
import io.eventfleet.core.cluster.PartitionLine;
import io.eventfleet.core.cluster.TopicLines;
import io.eventfleet.core.cluster.TopicState;
import io.eventfleet.core.cluster.image.BrokerInfo.BrokerState;
import io.eventfleet.core.cluster.message.Verdict;
import io.eventfleet.core.cluster.port.Guard;
import io.eventfleet.core.cluster.store.ShardDoc;
import io.eventfleet.core.log.TopicPartitionId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.IntPredicate;
import java.util.function.UnaryOperator;

/** The commands on a shard that concern brokers: settling after fencing and unfencing, and stamping registrations. */
final class ShardChanges {

    private final Term term;
    private final IntPredicate present;
    private final Map<Integer, Long> returning = new HashMap<>();

    /** @param present whether a broker had a session in this term */
    ShardChanges(Term term, IntPredicate present) {
        this.term = term;
        this.present = present;
    }

    /** A broker with an intact disk is about to get this epoch; its stamps come before its registry entry. */
    void expectBack(int brokerId, long epoch) {
        returning.put(brokerId, epoch);
    }

    /** The shard that holds the line of a partition. */
    Optional<MetaCell<ShardDoc>> cellOf(TopicPartitionId id) {
        return term.shards().values().stream()
                .filter(cell -> lineOf(cell.durable(), id).isPresent())
                .findFirst();
    }

    /** The line of a partition, if it is in this shard. */
    static Optional<PartitionLine> lineOf(ShardDoc shard, TopicPartitionId id) {
        return Optional.ofNullable(shard.topics().get(id.topicId())).flatMap(topic -> topic.line(id.partition()));
    }

    /** The shard with the line of one partition changed; the same shard if it has no such line, or the line stays. */
    ShardDoc withLine(ShardDoc shard, TopicPartitionId id, UnaryOperator<PartitionLine> change) {
        var topic = shard.topics().get(id.topicId());
        var line = lineOf(shard, id);
        if (topic == null || line.isEmpty()) {
            return shard;
        }
        var next = change.apply(line.get());
        return next == line.get() ? shard : shard.withTopic(topic.withLine(next));
    }

    /** The shard vouches for the broker as it is registered, before it is given a replica here (A3). */
    ShardDoc stampAsRegistered(ShardDoc shard, int brokerId) {
        long epoch = term.broker(brokerId).orElseThrow().epoch();
        return shard.brokerEpochs().getOrDefault(brokerId, -1L) >= epoch ? shard : shard.withStamp(brokerId, epoch);
    }

    /** True if a line names the broker as its leader: if it is fenced, the fold that takes it away is still to come. */
    boolean leads(int brokerId) {
        return term.shards().values().stream()
                .flatMap(cell -> cell.durable().topics().values().stream())
                .flatMap(topic -> topic.lines().stream())
                .anyMatch(line -> line.leader() == brokerId);
    }

    /** True if clients may use the topic: its home says so, whatever other shards with lines of it say. */
    boolean open(UUID topicId) {
        return term.home(topicId)
                .filter(home -> home.state() == TopicState.OPEN)
                .isPresent();
    }

    /** Queues a settling of every shard: the registry, or the set of brokers present, has changed. */
    void settleAll() {
        term.shards().values().forEach(cell -> cell.enqueue(this::settle));
    }

    /** Every line in accordance with the registry and with the stamps of this shard. */
    ShardDoc settle(ShardDoc shard) {
        return eachLine(shard, (topic, line) -> PartitionFold.settle(line, topic.minIsr(), members(shard)));
    }

    /** Completes what a former term left half done (§1.3 step 4, A1): the fold, which takes nobody out of an ELR. */
    void completeHalfDone() {
        settleAll();
        if (!term.guards().on(Guard.KEEP_ELR_AT_TAKEOVER)) {
            term.shards()
                    .values()
                    .forEach(cell -> cell.enqueue(shard -> {
                        var members = members(shard);
                        return eachLine(
                                shard, (topic, line) -> PartitionFold.withoutElrOf(line, id -> !members.inSync(id)));
                    }));
        }
    }

    /** Partitions that the broker leads although another in-sync replica could. */
    int movableLeaders(int brokerId) {
        int movable = 0;
        for (var cell : term.shards().values()) {
            var shard = cell.durable();
            var members = members(shard);
            for (var topic : shard.topics().values()) {
                for (var line : topic.lines()) {
                    boolean other = line.isr().stream().anyMatch(id -> id != brokerId && members.electable(id));
                    movable += line.leader() == brokerId && other ? 1 : 0;
                }
            }
        }
        return movable;
    }

    /**
     * A broker registers with a new epoch: stamps every shard in which it holds a replica, and judges its memberships.
     */
    ShardDoc stamp(ShardDoc shard, int brokerId, long epoch, Verdict verdict) {
        boolean concerned = shard.assigns(brokerId) || shard.awaitsDropOf(brokerId);
        if (!concerned || shard.brokerEpochs().getOrDefault(brokerId, 0L) >= epoch) {
            return shard;
        }
        if (!term.guards().on(Guard.BUMP_ON_REGISTRATION) && verdict == Verdict.INTACT) {
            return shard.withStamp(brokerId, epoch);
        }
        var stamped = shard.withStamp(brokerId, epoch);
        return eachLine(
                stamped,
                (topic, line) ->
                        line.assignedTo(brokerId) || line.moves().dropped().containsKey(brokerId)
                                ? PartitionFold.register(line, brokerId, verdict, topic.minIsr(), members(stamped))
                                : line);
    }

    /** What the fold may know of brokers in this shard. While the claim is running nobody is electable (rule 2). */
    PartitionFold.Members members(ShardDoc shard) {
        return new PartitionFold.Members() {
            @Override
            public boolean inSync(int brokerId) {
                return vouchedFor(brokerId)
                        && term.broker(brokerId)
                                .filter(b ->
                                        b.state() == BrokerState.UNFENCED || b.state() == BrokerState.SHUTTING_DOWN)
                                .isPresent();
            }

            @Override
            public boolean electable(int brokerId) {
                return term.active()
                        && vouchedFor(brokerId)
                        && term.broker(brokerId)
                                .filter(b -> b.state() == BrokerState.UNFENCED)
                                .isPresent();
            }

            @Override
            public boolean returning(int brokerId) {
                long stamp = shard.brokerEpochs().getOrDefault(brokerId, -1L);
                long registered = term.broker(brokerId).map(BrokerEntry::epoch).orElse(-1L);
                return stamp > registered
                        ? returning.getOrDefault(brokerId, -1L) == stamp
                        : stamp == registered
                                && term.broker(brokerId)
                                        .filter(b -> b.state() == BrokerState.FENCED && b.lastUnfencedEpoch() < stamp)
                                        .isPresent();
            }

            @Override
            public boolean present(int brokerId) {
                return present.test(brokerId);
            }

            @Override
            public boolean retired(int brokerId) {
                return term.broker(brokerId)
                        .filter(b -> b.state() == BrokerState.RETIRED)
                        .isPresent();
            }

            private boolean vouchedFor(int brokerId) {
                Long stamp = shard.brokerEpochs().get(brokerId);
                return stamp != null
                        && term.broker(brokerId)
                                .map(BrokerEntry::epoch)
                                .filter(stamp::equals)
                                .isPresent();
            }
        };
    }

    /** A change of one line. */
    @FunctionalInterface
    interface LineChange {
        PartitionLine apply(TopicLines topic, PartitionLine line);
    }

    private static ShardDoc eachLine(ShardDoc shard, LineChange change) {
        var topics = new TreeMap<UUID, TopicLines>(shard.topics());
        boolean changed = false;
        for (var topic : shard.topics().values()) {
            var lines = new ArrayList<PartitionLine>(topic.lines().size());
            boolean topicChanged = false;
            for (var line : topic.lines()) {
                var next = change.apply(topic, line);
                topicChanged |= next != line;
                lines.add(next);
            }
            if (topicChanged) {
                topics.put(topic.topicId(), topic.withLines(lines));
                changed = true;
            }
        }
        return changed ? new ShardDoc(shard.fence(), shard.shardId(), shard.brokerEpochs(), topics) : shard;
    }
}
