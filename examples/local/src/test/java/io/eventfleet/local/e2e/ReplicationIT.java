// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitionReassignment;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the in-sync replicas of a partition are, and what that means for writers, readers and disks. */
@ExtendWith(SharedFleet.class)
class ReplicationIT {
    private static final int SOME_RECORDS = 300;

    private final Fleet fleet;

    ReplicationIT(Fleet fleet) {
        this.fleet = fleet;
    }

    @AfterEach
    void everythingIsInSyncAgain() {
        fleet.heal();
    }

    @Test
    void aFollowerThatDiesLeavesTheInSyncReplicasAndComesBack() throws Exception {
        Replicated topic = Replicated.create(fleet, "isr-shrinks", 1);
        Production production = topic.produce();
        try (production) {
            production.awaitMore(SOME_RECORDS);
            assertThat(topic.inSync(0)).hasSize(3);
            int follower = topic.followers(0).getFirst();
            fleet.takeDown(follower);
            fleet.eventually(() -> assertThat(topic.inSync(0)).hasSize(2).doesNotContain(follower));
            production.awaitMore(SOME_RECORDS);
            fleet.letUp(follower);
            fleet.eventually(() -> assertThat(topic.inSync(0)).hasSize(3));
            production.awaitMore(SOME_RECORDS);
        }

        production.assertNothingLostOrTwice();
        topic.assertReplicasAreEqual();
    }

    @Test
    void oneOfThreeRefusesWritesAndServesReads() throws Exception {
        Replicated topic = Replicated.create(fleet, "isr-below-min", 1);
        fleet.clients().produce(topic.name(), 0, Map.of(), List.of("1", "2", "3"));
        Node leader = fleet.clients().leader(topic.name(), 0);
        List<Integer> followers = topic.followers(0);
        followers.forEach(fleet::takeDown);

        fleet.eventually(() -> assertThat(topic.inSync(0)).containsExactly(leader.id()));
        assertThat(new RawRequests(leader).produce(topic.name(), record("refused")))
                .isEqualTo(Errors.NOT_ENOUGH_REPLICAS);
        assertThat(fleet.clients().values(topic.name(), 1)).containsExactly("1", "2", "3");

        followers.forEach(fleet::letUp);
        fleet.eventually(() -> assertThat(topic.inSync(0)).hasSize(3));
        fleet.clients().produce(topic.name(), 0, Map.of(), List.of("4"));
        assertThat(fleet.clients().values(topic.name(), 1))
                .startsWith("1", "2", "3")
                .endsWith("4");
    }

    @Test
    void anEmptyDiskIsFilledAgain() throws Exception {
        Replicated topic = Replicated.create(fleet, "disk-lost", 2);
        Production production = topic.produce();
        try (production) {
            production.awaitMore(SOME_RECORDS);
            int victim = topic.leader(0);
            fleet.wipeBeforeNextStart(victim);
            fleet.killBroker(victim);
            production.awaitMore(SOME_RECORDS);
            fleet.heal();
            production.awaitMore(SOME_RECORDS);
        }

        production.assertNothingLostOrTwice();
        topic.assertReplicasAreEqual();
    }

    @Test
    void movesAPartitionToOtherBrokersUnderLoad() throws Exception {
        String name = "reassigned";
        fleet.clients()
                .createTopic(new NewTopic(name, Map.of(0, List.of(0, 1))).configs(Map.of("min.insync.replicas", "2")));
        TopicPartition partition = new TopicPartition(name, 0);
        Production production = Production.start(fleet, name, 1);
        try (production;
                Admin admin = fleet.clients().admin()) {
            production.awaitMore(SOME_RECORDS);
            admin.alterPartitionReassignments(
                            Map.of(partition, Optional.of(new NewPartitionReassignment(List.of(2, 1)))))
                    .all()
                    .get();
            fleet.eventually(() -> {
                assertThat(admin.listPartitionReassignments(Set.of(partition))
                                .reassignments()
                                .get())
                        .isEmpty();
                var info = fleet.clients().describe(name, 0);
                assertThat(info.replicas()).extracting(Node::id).containsExactly(2, 1);
                assertThat(info.isr()).extracting(Node::id).containsExactlyInAnyOrder(1, 2);
            });
            production.awaitMore(SOME_RECORDS);
            assertThat(fleet.clients().leader(name, 0).id()).isIn(1, 2);
        }

        production.assertNothingLostOrTwice();
    }

    private static ByteBuffer record(String value) {
        return MemoryRecords.withRecords(
                        Compression.NONE, new SimpleRecord(null, value.getBytes(StandardCharsets.UTF_8)))
                .buffer();
    }
}
