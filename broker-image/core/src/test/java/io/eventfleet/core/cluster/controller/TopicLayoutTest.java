// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.cluster.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventfleet.core.cluster.BrokerEntry;
import io.eventfleet.core.cluster.Durability;
import io.eventfleet.core.cluster.PartitionLine;
import io.eventfleet.core.cluster.image.BrokerInfo.BrokerState;
import io.eventfleet.core.cluster.image.Endpoint;
import io.eventfleet.core.cluster.port.ClusterSettings;
import io.eventfleet.core.cluster.port.Guards;
import io.eventfleet.core.cluster.port.NodeIdentity;
import io.eventfleet.core.cluster.store.Doc;
import io.eventfleet.core.cluster.store.Fence;
import io.eventfleet.core.cluster.store.RegistryDoc;
import io.eventfleet.core.cluster.store.RequestIds;
import io.eventfleet.core.cluster.store.ShardDoc;
import io.eventfleet.core.cluster.store.TopicDoc;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which brokers new partitions are given, and when there is nothing to do but wait. */
class TopicLayoutTest {

    private static final UUID TOPIC = new UUID(5, 5);
    private static final Fence FENCE = new Fence(1, "id", 5, 1, "created");

    private final Set<Integer> registering = new HashSet<>();
    private Term term;
    private TopicLayout layout;

    @BeforeEach
    void twoBrokersOfWhichTheSecondIsFenced() {
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
        term.enter(0, effect -> {});
        term.beginClaim(5);
        term.activate();
        var brokers = new RegistryDoc(FENCE, new TreeMap<>())
                .with(broker(0, BrokerState.UNFENCED))
                .with(broker(1, BrokerState.FENCED));
        term.setRegistry(
                new MetaCell<>(term, RegistryDoc.class, new Doc(term.names().registry(), "1", brokers)));
        layout = new TopicLayout(term, new ShardChanges(term, id -> true), registering::contains);
    }

    private static BrokerEntry broker(int id, BrokerState state) {
        return new BrokerEntry(
                id,
                7,
                7,
                new UUID(9, id),
                "pod",
                List.of(),
                null,
                state,
                new Endpoint("b" + id, 1),
                new TreeMap<>(),
                null,
                new TreeMap<>());
    }

    private ShardDoc shardWithStamp(long epochOfBroker0) {
        var shard = new ShardDoc(FENCE, 0, new TreeMap<>(), new TreeMap<>()).withStamp(0, epochOfBroker0);
        var ref = term.names().shard(0);
        term.shards().put(ref.name(), new MetaCell<>(term, ShardDoc.class, new Doc(ref, "1", shard)));
        return shard;
    }

    private static TopicDoc topic(List<List<Integer>> assignment) {
        return new TopicDoc("uid", "t", 1, 1, new TreeMap<>(), assignment, "2026", false, true, false, false, null);
    }

    private List<PartitionLine> placed(ShardDoc shard, TopicDoc doc) {
        boolean possible = layout.possible(doc, TOPIC, term.names().shard(0).name());
        var after = layout.place(shard, doc, TOPIC, 9, null);
        assertThat(after != shard).isEqualTo(possible);
        return possible ? after.topics().get(TOPIC).lines() : List.of();
    }

    @Test
    void givesNewPartitionsOnlyToBrokersThatCanLeadThem() {
        assertThat(placed(shardWithStamp(7), topic(List.of()))).singleElement().satisfies(line -> {
            assertThat(line.leader()).isZero();
            assertThat(line.isr()).containsExactly(0);
        });
        assertThat(placed(shardWithStamp(7), topic(List.of(List.of(0))))).hasSize(1);
    }

    @Test
    void waitsWhileTheShardVouchesForANewerEpochThanTheRegistry() {
        assertThat(placed(shardWithStamp(8), topic(List.of()))).isEmpty();
    }

    @Test
    void waitsWhileTheOnlyBrokerRegisters() {
        registering.add(0);

        assertThat(placed(shardWithStamp(7), topic(List.of()))).isEmpty();
    }

    @Test
    void givesReplicasToABrokerThatIsAwayWhereThereAreNotEnoughOthers() {
        var two = new TopicDoc("uid", "t", 1, 2, new TreeMap<>(), List.of(), "2026", false, true, false, false, null);

        assertThat(placed(shardWithStamp(7), two)).singleElement().satisfies(line -> {
            assertThat(line.replicas()).containsExactly(0, 1);
            assertThat(line.isr()).containsExactly(0);
            assertThat(line.leader()).isZero();
        });
        registering.add(1);
        assertThat(placed(shardWithStamp(7), two)).isEmpty();
    }

    @Test
    void waitsWhileAChosenBrokerCannotBeUsed() {
        var shard = shardWithStamp(7);

        assertThat(placed(shard, topic(List.of(List.of(1))))).isEmpty();
        assertThat(placed(shard, topic(List.of(List.of(4))))).isEmpty();
    }

    @Test
    void doesNotPlaceAnAssignmentThatContradictsTheReplicationFactor() {
        var shard = shardWithStamp(7);

        assertThat(placed(shard, topic(List.of(List.of(0, 0))))).isEmpty();
        assertThat(placed(shard, topic(List.of(List.of())))).isEmpty();
    }

    @Test
    void letsEveryReplicaOfAPartitionBornWithoutInSyncReplicasLead() {
        assertThat(PartitionLine.created(0, List.of(1, 0), List.of(), 9).elr()).containsExactly(1, 0);
    }
}
