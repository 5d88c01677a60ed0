// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.cluster.controller;

import io.eventfleet.core.cluster.BrokerEntry;
import io.eventfleet.core.cluster.ClusterEffect;
import io.eventfleet.core.cluster.Durability;
import io.eventfleet.core.cluster.PartitionLine;
import io.eventfleet.core.cluster.ReplicaMoves;
import io.eventfleet.core.cluster.TopicLines;
import io.eventfleet.core.cluster.TopicState;
import io.eventfleet.core.cluster.image.BrokerInfo.BrokerState;
import io.eventfleet.core.cluster.image.Endpoint;
import io.eventfleet.core.cluster.message.Message;
import io.eventfleet.core.cluster.port.ClusterSettings;
import io.eventfleet.core.cluster.port.Guards;
import io.eventfleet.core.cluster.port.NodeEffect;
import io.eventfleet.core.cluster.port.NodeIdentity;
import io.eventfleet.core.cluster.store.Doc;
import io.eventfleet.core.cluster.store.Fence;
import io.eventfleet.core.cluster.store.Outcome;
import io.eventfleet.core.cluster.store.RegistryDoc;
import io.eventfleet.core.cluster.store.RequestIds;
import io.eventfleet.core.cluster.store.RootDoc;
import io.eventfleet.core.cluster.store.ShardDoc;
import io.eventfleet.core.cluster.store.StoreEffect;
import io.eventfleet.core.cluster.store.StoreEvent;
import io.eventfleet.core.log.TopicPartitionId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

/**
 * A term with a registry and one shard, claimed and acting: what its deciders write is stored as soon as {@link #at} is
 * called, unless {@link #storeAnswers} was told otherwise. Broker {@code n} has epoch {@code 10 + n}.
 */
final class ActingTerm {

    static final long MS = 1_000_000L;
    static final UUID TOPIC = new UUID(5, 5);
    static final TopicPartitionId PARTITION = new TopicPartitionId(TOPIC, 0);
    private static final Fence FENCE = new Fence(1, "id", 5, 1, "created");

    final List<ClusterEffect> effects = new ArrayList<>();
    final Set<Integer> absent = new HashSet<>();
    final Term term;
    final ShardChanges shardChanges;
    private boolean storeAnswers = true;
    private int version = 1;

    ActingTerm(PartitionLine line, int minIsr, int brokers) {
        var me = new NodeIdentity(
                "c",
                0,
                "pod",
                new UUID(0, 7),
                "boot",
                null,
                Durability.SYNCED,
                new Endpoint("b", 1),
                new TreeMap<>(),
                null);
        term = new Term(new Term.Node(me, ClusterSettings.DEFAULT, Guards.ALL, () -> 4, new RequestIds(2)));
        term.enter(0, effects::add);
        term.beginClaim(5);
        var root =
                RootDoc.created("id").withShards(List.of(term.names().shard(0).name()));
        term.setRoot(new MetaCell<>(term, RootDoc.class, new Doc(term.names().root(), "1", root)));
        var registry = new RegistryDoc(FENCE, new TreeMap<>());
        var shard = new ShardDoc(FENCE, 0, new TreeMap<>(), new TreeMap<>());
        for (int id = 0; id < brokers; id++) {
            registry = registry.with(broker(id));
            shard = shard.withStamp(id, 10 + id);
        }
        term.setRegistry(
                new MetaCell<>(term, RegistryDoc.class, new Doc(term.names().registry(), "1", registry)));
        shard = shard.withTopic(topic(line, minIsr));
        var ref = term.names().shard(0);
        term.shards().put(ref.name(), new MetaCell<>(term, ShardDoc.class, new Doc(ref, "1", shard)));
        shardChanges = new ShardChanges(term, id -> !absent.contains(id));
        at(0);
        term.activate();
        effects.clear();
    }

    static BrokerEntry broker(int id) {
        return new BrokerEntry(
                id,
                10 + id,
                10 + id,
                new UUID(9, id),
                "pod",
                List.of(),
                null,
                BrokerState.UNFENCED,
                new Endpoint("b" + id, 1),
                new TreeMap<>(),
                null,
                new TreeMap<>());
    }

    /** A line in leader epoch 5 and partition epoch 8. */
    static PartitionLine line(int leader, List<Integer> replicas, List<Integer> isr, List<Integer> elr) {
        return new PartitionLine(0, leader, 5, 8, replicas, isr, elr, List.of(), ReplicaMoves.NONE, 1, -1, List.of());
    }

    private static TopicLines topic(PartitionLine line, int minIsr) {
        return new TopicLines(
                TOPIC,
                "t",
                "uid",
                TopicState.OPEN,
                true,
                1,
                minIsr,
                line.replicas().size(),
                0,
                0,
                new TreeMap<>(),
                List.of(line),
                new TreeMap<>());
    }

    MetaCell<ShardDoc> cell() {
        return term.shards().firstEntry().getValue();
    }

    /** The line as it is durable. */
    PartitionLine line() {
        return ShardChanges.lineOf(cell().durable(), PARTITION).orElseThrow();
    }

    BrokerEntry entry(int id) {
        return term.broker(id).orElseThrow();
    }

    void state(int id, BrokerState state) {
        term.registry()
                .enqueue(registry ->
                        registry.with(registry.broker(id).orElseThrow().withState(state)));
        settle();
    }

    /** Changes the topic's block, as the deciders of topics do. */
    void topicIs(TopicState state) {
        cell().enqueue(shard -> shard.withTopic(shard.topics().get(TOPIC).withState(state)));
        settle();
    }

    void storeAnswers(boolean answers) {
        storeAnswers = answers;
    }

    /** Time passes; what is due is written and answered. */
    void at(long nanos) {
        term.enter(nanos, effects::add);
        settle();
    }

    private void settle() {
        for (int round = 0; round < 20; round++) {
            int before = effects.size();
            term.flush();
            var puts = effects.subList(before, effects.size()).stream()
                    .filter(StoreEffect.Put.class::isInstance)
                    .map(StoreEffect.Put.class::cast)
                    .toList();
            if (puts.isEmpty() || !storeAnswers) {
                return;
            }
            puts.forEach(put -> answer(put, Outcome.OK));
        }
    }

    void answer(StoreEffect.Put put, Outcome outcome) {
        term.onReply(new StoreEvent.PutDone(put.reqId(), outcome, Integer.toString(++version)));
    }

    <M extends Message> Optional<M> lastSent(Class<M> type) {
        return effects.stream()
                .filter(NodeEffect.Send.class::isInstance)
                .map(effect -> ((NodeEffect.Send) effect).envelope().message())
                .filter(type::isInstance)
                .map(type::cast)
                .reduce((first, second) -> second);
    }

    long writes() {
        return effects.stream().filter(StoreEffect.Put.class::isInstance).count();
    }
}
