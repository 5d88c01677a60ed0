// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.api.admin;

import static io.eventfleet.server.api.ApiCalls.call;
import static org.assertj.core.api.Assertions.assertThat;

import io.eventfleet.core.KafkaError;
import io.eventfleet.core.cluster.image.PartitionInfo;
import io.eventfleet.server.api.ClusterFixture;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData.ReassignablePartition;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData.ReassignableTopic;
import org.apache.kafka.common.message.ElectLeadersRequestData;
import org.apache.kafka.common.message.ElectLeadersRequestData.TopicPartitions;
import org.apache.kafka.common.message.ElectLeadersRequestData.TopicPartitionsCollection;
import org.apache.kafka.common.message.ListPartitionReassignmentsRequestData;
import org.apache.kafka.common.message.ListPartitionReassignmentsRequestData.ListPartitionReassignmentsTopics;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** AlterPartitionReassignments, ListPartitionReassignments and ElectLeaders: what the controller is asked, and what not. */
class ReplicaAdminTest {
    private final ClusterFixture cluster = ClusterFixture.ofBrokers(4);
    private final FakeReplicaAdmin replicas = new FakeReplicaAdmin();

    /** Partition 0 is at rest, 1 is moving from 3 to 4, 2 has lost its leader. */
    @BeforeEach
    void topic() {
        cluster.withPartitions(
                "orders",
                PartitionInfo.of(0, 2, 1, 1, 2, List.of(1, 2), List.of(1, 2)),
                moving(1, List.of(2, 3, 4), List.of(4), List.of(3)),
                PartitionInfo.of(2, PartitionInfo.NO_LEADER, 1, 1, 2, List.of(3, 4), List.of()));
        cluster.withPartitions("__consumer_offsets", PartitionInfo.of(0, 1, 1, 1, 1, List.of(1), List.of(1)));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void reassignsAndCancels(int version) throws Exception {
        replicas.answer(2, KafkaError.INVALID_REPLICA_ASSIGNMENT, "broker 4 is retired");

        var outcomes =
                reassign(version, topic("orders", target(0, List.of(3, 1)), target(1, null), target(2, List.of(4, 3))));

        assertThat(outcomes)
                .isEqualTo(Map.of(
                        "orders-0", "NONE null",
                        "orders-1", "NONE null",
                        "orders-2", "INVALID_REPLICA_ASSIGNMENT broker 4 is retired"));
        assertThat(replicas.asked()).containsExactly("reassign {0=[3, 1], 1=[], 2=[4, 3]}");
        assertThat(cluster.asked()).isEmpty();
    }

    @Test
    void badPartitionsDoNotSpoilTheOthers() throws Exception {
        var outcomes = reassign(
                1,
                topic(
                        "orders",
                        target(0, List.of(3, 1)),
                        target(7, List.of(1, 2)),
                        target(-1, List.of(1, 2)),
                        target(1, List.of(2, 9)),
                        target(2, List.of(2, 2))),
                topic("missing", target(0, List.of(1))));

        assertThat(outcomes)
                .containsEntry("orders-0", "NONE null")
                .containsEntry("orders-7", "UNKNOWN_TOPIC_OR_PARTITION There is no partition 7 of topic 'orders'.")
                .containsEntry("missing-0", "UNKNOWN_TOPIC_OR_PARTITION There is no partition 0 of topic 'missing'.");
        assertThat(outcomes.get("orders--1")).startsWith("UNKNOWN_TOPIC_OR_PARTITION");
        assertThat(outcomes.get("orders-1"))
                .startsWith("INVALID_REPLICA_ASSIGNMENT")
                .contains("broker 9");
        assertThat(outcomes.get("orders-2"))
                .startsWith("INVALID_REPLICA_ASSIGNMENT")
                .contains("twice");
        assertThat(replicas.asked()).containsExactly("reassign {0=[3, 1]}");
    }

    @Test
    void emptyTargetIsNoWayToCancel() throws Exception {
        assertThat(reassign(1, topic("orders", target(1, List.of()))).get("orders-1"))
                .startsWith("INVALID_REPLICA_ASSIGNMENT");
        assertThat(replicas.asked()).isEmpty();
    }

    @Test
    void nothingToCancelIsSaid() throws Exception {
        assertThat(reassign(1, topic("orders", target(0, null))).get("orders-0"))
                .startsWith("NO_REASSIGNMENT_IN_PROGRESS");
        assertThat(replicas.asked()).isEmpty();
    }

    @Test
    void numberOfReplicasChangesForAWholeTopicOnly() throws Exception {
        assertThat(reassign(1, topic("orders", target(0, List.of(1, 2, 3)), target(1, List.of(2, 4))))
                        .get("orders-0"))
                .startsWith("INVALID_REPLICATION_FACTOR")
                .contains("all partitions of topic 'orders' at once");
        assertThat(reassign(1, topic("__consumer_offsets", target(0, List.of(1, 2))))
                        .get("__consumer_offsets-0"))
                .startsWith("INVALID_REPLICATION_FACTOR")
                .contains("internal");
        assertThat(cluster.asked()).isEmpty();

        var outcomes = reassign(
                1,
                topic("orders", target(0, List.of(1, 2, 3)), target(1, List.of(2, 3, 4)), target(2, List.of(3, 4, 1))));

        assertThat(outcomes.values()).containsOnly("NONE null");
        assertThat(cluster.asked()).containsExactly("replicas of orders 3");
        assertThat(replicas.asked())
                .containsExactly("reassign {1=[2, 4]}", "reassign {0=[1, 2, 3], 1=[2, 3, 4], 2=[3, 4, 1]}");
    }

    @Test
    void numberOfReplicasIsKeptWhenTheClientSaysSo() throws Exception {
        var request = new AlterPartitionReassignmentsRequestData()
                .setAllowReplicationFactorChange(false)
                .setTopics(
                        List.of(topic("orders", target(0, List.of(1)), target(1, List.of(2)), target(2, List.of(3)))));

        assertThat(reassign(1, request).values()).allSatisfy(outcome -> assertThat(outcome)
                .startsWith("INVALID_REPLICATION_FACTOR")
                .contains("which the request does not allow"));
        assertThat(replicas.asked()).isEmpty();
        assertThat(cluster.asked()).isEmpty();
    }

    @Test
    void nothingMovesWhenTheNumberOfReplicasCannotBeDeclared() throws Exception {
        cluster.failNext(new org.apache.kafka.common.errors.PolicyViolationException("too many"));

        var outcomes =
                reassign(1, topic("orders", target(0, List.of(1)), target(1, List.of(2)), target(2, List.of(3))));

        assertThat(outcomes.values()).containsOnly("POLICY_VIOLATION too many");
        assertThat(replicas.asked()).isEmpty();
    }

    @Test
    void silentControllerIsNoSuccess() throws Exception {
        replicas.fail(new org.apache.kafka.common.errors.TimeoutException("no answer"));

        assertThat(reassign(1, topic("orders", target(0, List.of(3, 1)))).get("orders-0"))
                .startsWith("REQUEST_TIMED_OUT");
    }

    @Test
    void requestsThatContradictThemselvesAreRefused() throws Exception {
        assertThat(reassign(1, topic("orders", target(0, List.of(1, 2)), target(0, List.of(2, 1))))
                        .get("orders-0"))
                .startsWith("INVALID_REQUEST");
        var twice = call(
                alter(),
                1,
                new AlterPartitionReassignmentsRequestData()
                        .setTopics(List.of(topic("orders", target(0, null)), topic("orders", target(1, null)))));
        assertThat(Errors.forCode(twice.errorCode())).isEqualTo(Errors.INVALID_REQUEST);

        var many = new ArrayList<ReassignablePartition>();
        for (int i = 0; i <= AdminLimits.MAX_PARTITIONS_PER_REQUEST; i++) {
            many.add(target(i, List.of(1, 2)));
        }
        var tooMany = call(
                alter(),
                1,
                new AlterPartitionReassignmentsRequestData()
                        .setTopics(List.of(topic("orders", many.toArray(ReassignablePartition[]::new)))));
        assertThat(Errors.forCode(tooMany.errorCode())).isEqualTo(Errors.POLICY_VIOLATION);
        assertThat(replicas.asked()).isEmpty();
    }

    @Test
    void listsWhatIsMoving() throws Exception {
        var all = call(list(), 0, new ListPartitionReassignmentsRequestData().setTopics(null));

        assertThat(all.topics()).singleElement().satisfies(topic -> {
            assertThat(topic.name()).isEqualTo("orders");
            assertThat(topic.partitions()).singleElement().satisfies(partition -> {
                assertThat(partition.partitionIndex()).isEqualTo(1);
                assertThat(partition.replicas()).containsExactly(2, 3, 4);
                assertThat(partition.addingReplicas()).containsExactly(4);
                assertThat(partition.removingReplicas()).containsExactly(3);
            });
        });
        assertThat(listed("orders", 1)).isEqualTo(1);
        assertThat(listed("orders", 0)).isZero();
        assertThat(listed("missing", 1)).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void electsNamedPartitions(int version) throws Exception {
        replicas.answer(1, KafkaError.ELECTION_NOT_NEEDED, "");

        var results = elect(version, 0, named("orders", 0, 1, 5));

        assertThat(results)
                .isEqualTo(Map.of(
                        "orders-0", "NONE null",
                        "orders-1", "ELECTION_NOT_NEEDED null",
                        "orders-5", "UNKNOWN_TOPIC_OR_PARTITION There is no partition 5 of topic 'orders'."));
        assertThat(replicas.asked()).containsExactly("elect PREFERRED [0, 1]");
    }

    @Test
    void electsWhereItIsNeededWhenNothingIsNamed() throws Exception {
        replicas.answer(0, KafkaError.ELECTION_NOT_NEEDED, "");
        replicas.answer(2, KafkaError.ELIGIBLE_LEADERS_NOT_AVAILABLE, "no replica is up");

        assertThat(elect(2, 0, null)).isEqualTo(Map.of("orders-2", "ELIGIBLE_LEADERS_NOT_AVAILABLE no replica is up"));
        assertThat(elect(2, 1, null)).containsOnlyKeys("orders-2");
        assertThat(replicas.asked()).containsExactly("elect PREFERRED [0, 2]", "elect UNCLEAN [2]");
    }

    @Test
    void electionWithoutAnAnswerIsNoSuccess() throws Exception {
        replicas.fail(new org.apache.kafka.common.errors.TimeoutException("no answer"));

        assertThat(elect(2, 0, named("orders", 0)).get("orders-0")).startsWith("REQUEST_TIMED_OUT");
    }

    @Test
    void unknownKindsOfElectionAreRefused() throws Exception {
        var response = call(
                new ElectLeadersHandler(replicas, cluster),
                2,
                new ElectLeadersRequestData().setElectionType((byte) 2).setTopicPartitions(null));

        assertThat(Errors.forCode(response.errorCode())).isEqualTo(Errors.INVALID_REQUEST);
        assertThat(replicas.asked()).isEmpty();
    }

    private AlterPartitionReassignmentsHandler alter() {
        return new AlterPartitionReassignmentsHandler(replicas, cluster, cluster);
    }

    private ListPartitionReassignmentsHandler list() {
        return new ListPartitionReassignmentsHandler(cluster);
    }

    private Map<String, String> reassign(int version, ReassignableTopic... topics) throws Exception {
        return reassign(version, new AlterPartitionReassignmentsRequestData().setTopics(List.of(topics)));
    }

    private Map<String, String> reassign(int version, AlterPartitionReassignmentsRequestData request) throws Exception {
        var response = call(alter(), version, request);
        assertThat(Errors.forCode(response.errorCode())).isEqualTo(Errors.NONE);
        var outcomes = new TreeMap<String, String>();
        response.responses().forEach(topic -> topic.partitions()
                .forEach(partition -> outcomes.put(
                        topic.name() + "-" + partition.partitionIndex(),
                        Errors.forCode(partition.errorCode()) + " " + partition.errorMessage())));
        return outcomes;
    }

    private int listed(String topic, int partition) throws Exception {
        var request = new ListPartitionReassignmentsRequestData()
                .setTopics(List.of(
                        new ListPartitionReassignmentsTopics().setName(topic).setPartitionIndexes(List.of(partition))));
        return call(list(), 0, request).topics().size();
    }

    private Map<String, String> elect(int version, int type, @Nullable TopicPartitionsCollection partitions)
            throws Exception {
        var response = call(
                new ElectLeadersHandler(replicas, cluster),
                version,
                new ElectLeadersRequestData().setElectionType((byte) type).setTopicPartitions(partitions));
        var results = new TreeMap<String, String>();
        response.replicaElectionResults().forEach(topic -> topic.partitionResult()
                .forEach(partition -> results.put(
                        topic.topic() + "-" + partition.partitionId(),
                        Errors.forCode(partition.errorCode()) + " " + partition.errorMessage())));
        return results;
    }

    private static TopicPartitionsCollection named(String topic, Integer... partitions) {
        return new TopicPartitionsCollection(
                List.of(new TopicPartitions().setTopic(topic).setPartitions(List.of(partitions)))
                        .iterator());
    }

    private static ReassignableTopic topic(String name, ReassignablePartition... partitions) {
        return new ReassignableTopic().setName(name).setPartitions(List.of(partitions));
    }

    private static ReassignablePartition target(int partition, @Nullable List<Integer> brokers) {
        return new ReassignablePartition().setPartitionIndex(partition).setReplicas(brokers);
    }

    private static PartitionInfo moving(
            int partition, List<Integer> all, List<Integer> adding, List<Integer> removing) {
        return new PartitionInfo(partition, all.getFirst(), 1, 1, 2, all, all, List.of(), adding, removing, -1);
    }
}
