// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.api.admin;

import static io.eventfleet.server.api.ApiCalls.call;
import static org.assertj.core.api.Assertions.assertThat;

import io.eventfleet.config.BrokerConfig;
import io.eventfleet.protocol.Ids;
import io.eventfleet.server.api.ApiCalls;
import io.eventfleet.server.api.ClusterFixture;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import org.apache.kafka.common.message.CreatePartitionsRequestData;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsAssignment;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsTopic;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableReplicaAssignment;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopicConfig;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicResult;
import org.apache.kafka.common.message.DeleteTopicsRequestData;
import org.apache.kafka.common.message.DeleteTopicsRequestData.DeleteTopicState;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** CreateTopics, DeleteTopics and CreatePartitions: what is asked of the cluster, and what is refused with which words. */
class TopicAdminTest {
    private final ClusterFixture cluster = ClusterFixture.ofBrokers(3);
    private final BrokerConfig config = config(Map.of("num.partitions", "5"));

    @ParameterizedTest
    @ValueSource(ints = {2, 4, 5, 7})
    void createsATopicAndShowsIt(int version) throws Exception {
        var result = create(version, topic("orders", 2, 1).setConfigs(configs("retention.ms", "1000")));

        assertThat(Errors.forCode(result.errorCode())).isEqualTo(Errors.NONE);
        assertThat(cluster.asked()).containsExactly("create orders 2 1 {retention.ms=1000} []");
        if (version >= 5) {
            assertThat(result.numPartitions()).isEqualTo(2);
            assertThat(result.replicationFactor()).isEqualTo((short) 1);
            assertThat(result.configs())
                    .anySatisfy(setting -> {
                        assertThat(setting.name()).isEqualTo("retention.ms");
                        assertThat(setting.value()).isEqualTo("1000");
                        assertThat(setting.configSource()).isEqualTo((byte) 1);
                    })
                    .anySatisfy(setting -> {
                        assertThat(setting.name()).isEqualTo("cleanup.policy");
                        assertThat(setting.configSource()).isEqualTo((byte) 5);
                    });
        }
        if (version >= 7) {
            assertThat(result.topicId())
                    .isEqualTo(Ids.toKafka(
                            cluster.current().topic("orders").orElseThrow().id()));
        }
    }

    @Test
    void onlyValidatesWhenAskedTo() throws Exception {
        var response = call(
                handler(),
                7,
                new CreateTopicsRequestData()
                        .setTopics(collection(topic("orders", -1, -1)))
                        .setValidateOnly(true));

        var result = response.topics().find("orders");
        assertThat(Errors.forCode(result.errorCode())).isEqualTo(Errors.NONE);
        assertThat(result.numPartitions()).as("num.partitions of the broker").isEqualTo(5);
        assertThat(result.replicationFactor()).isEqualTo((short) 1);
        assertThat(cluster.asked()).containsExactly("create orders -1 -1 {} [] validateOnly");
        assertThat(cluster.current().topic("orders")).isEmpty();
    }

    @Test
    void takesManualAssignments() throws Exception {
        var result = create(7, topic("placed", -1, -1).setAssignments(assignments(List.of(1, 2), List.of(3, 1))));

        assertThat(Errors.forCode(result.errorCode())).isEqualTo(Errors.NONE);
        assertThat(result.numPartitions()).isEqualTo(2);
        assertThat(cluster.asked()).containsExactly("create placed -1 -1 {} [[1, 2], [3, 1]]");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            bad/name | 1  | 1  | INVALID_TOPIC_EXCEPTION    | Topic name is invalid
            ..       | 1  | 1  | INVALID_TOPIC_EXCEPTION    | Topic name is invalid
            existing | 1  | 1  | TOPIC_ALREADY_EXISTS       | already exists
            exist.ing| 1  | 1  | INVALID_TOPIC_EXCEPTION    | collides with existing topic: exist_ing
            __consumer_offsets | 1 | 1 | INVALID_TOPIC_EXCEPTION | is internal
            orders   | 0  | 1  | INVALID_PARTITIONS         | invalid non-positive value: 0
            orders   | -2 | 1  | INVALID_PARTITIONS         | invalid non-positive value: -2
            orders   | 1  | 0  | INVALID_REPLICATION_FACTOR | invalid non-positive value: 0
            orders   | 1  | 4  | INVALID_REPLICATION_FACTOR | only 3 broker(s) are registered
            orders   | 1  | 8  | INVALID_REPLICATION_FACTOR | above the 7 replicas
            orders   | 10001 | 1 | POLICY_VIOLATION         | Excessively large number of partitions
            """)
    void refusesBadTopics(String name, int partitions, int replicas, Errors error, String words) throws Exception {
        cluster.withTopic("existing", 1);
        cluster.withTopic("exist_ing", 1);

        var result = create(7, topic(name, partitions, replicas));

        assertThat(Errors.forCode(result.errorCode())).isEqualTo(error);
        assertThat(result.errorMessage()).contains(words);
        assertThat(cluster.asked()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "retention.ms, abc, retention.ms",
        "no.such.key, 1, no.such.key",
        "compression.type, gzip, compression.type",
        "min.insync.replicas, 0, min.insync.replicas"
    })
    void namesTheSettingThatItRefuses(String key, String value, String words) throws Exception {
        var result = create(7, topic("orders", 1, 1).setConfigs(configs(key, value)));

        assertThat(Errors.forCode(result.errorCode())).isEqualTo(Errors.INVALID_CONFIG);
        assertThat(result.errorMessage()).contains(words);
        assertThat(cluster.asked()).isEmpty();
    }

    @Test
    void refusesNullSettings() throws Exception {
        var result = create(7, topic("orders", 1, 1).setConfigs(configs("retention.ms", null)));

        assertThat(Errors.forCode(result.errorCode())).isEqualTo(Errors.INVALID_CONFIG);
        assertThat(result.errorMessage()).contains("retention.ms");
    }

    @Test
    void refusesBadAssignments() throws Exception {
        assertRefused(topic("a", 1, -1).setAssignments(assignments(List.of(1))), Errors.INVALID_REQUEST);
        assertRefused(topic("a", -1, -1).setAssignments(assignments(List.of(9))), Errors.INVALID_REPLICA_ASSIGNMENT);
        assertRefused(topic("a", -1, -1).setAssignments(assignments(List.of(1, 1))), Errors.INVALID_REPLICA_ASSIGNMENT);
        assertRefused(topic("a", -1, -1).setAssignments(assignments(List.of())), Errors.INVALID_REPLICA_ASSIGNMENT);
        assertRefused(
                topic("a", -1, -1).setAssignments(assignments(List.of(1, 2), List.of(1))),
                Errors.INVALID_REPLICA_ASSIGNMENT);
        assertRefused(
                topic("a", -1, -1).setAssignments(assignments(List.of(1, 2, 3, 4, 5, 6, 7, 8))),
                Errors.INVALID_REPLICA_ASSIGNMENT);
        var gap = topic("a", -1, -1);
        gap.assignments()
                .add(new CreatableReplicaAssignment().setPartitionIndex(1).setBrokerIds(List.of(1)));
        assertRefused(gap, Errors.INVALID_REPLICA_ASSIGNMENT);
        assertThat(cluster.asked()).isEmpty();
    }

    @Test
    void refusesTopicsNamedTwiceAndCreatesTheOthers() throws Exception {
        var request = new CreateTopicsRequestData();
        request.topics().mustAdd(topic("twice", 1, 1));
        request.topics().mustAdd(topic("twice", 2, 1));
        request.topics().mustAdd(topic("once", 1, 1));

        var response = call(handler(), 7, request);

        assertThat(response.topics()).hasSize(2);
        assertThat(Errors.forCode(response.topics().find("twice").errorCode())).isEqualTo(Errors.INVALID_REQUEST);
        assertThat(response.topics().find("twice").errorMessage()).contains(ApiCalls.CLIENT_ID);
        assertThat(Errors.forCode(response.topics().find("once").errorCode())).isEqualTo(Errors.NONE);
    }

    @Test
    void answersEveryTopicWhenTheClusterFails() throws Exception {
        cluster.failNext(new IllegalStateException("broken"));
        var request = new CreateTopicsRequestData();
        request.topics().mustAdd(topic("first", 1, 1));
        request.topics().mustAdd(topic("second", 1, 1));

        var response = call(handler(), 7, request);

        assertThat(Errors.forCode(response.topics().find("first").errorCode())).isEqualTo(Errors.UNKNOWN_SERVER_ERROR);
        assertThat(Errors.forCode(response.topics().find("second").errorCode())).isEqualTo(Errors.NONE);
    }

    @Test
    void deletesByNameAndById() throws Exception {
        var first = cluster.withTopic("first", 1);
        var second = cluster.withTopic("second", 1);
        var delete = new DeleteTopicsHandler(cluster, cluster, true);

        var byName = call(delete, 3, new DeleteTopicsRequestData().setTopicNames(List.of("first", "missing")));
        var byId = call(
                delete,
                6,
                new DeleteTopicsRequestData()
                        .setTopics(List.of(
                                new DeleteTopicState().setName(null).setTopicId(Ids.toKafka(second.id())),
                                new DeleteTopicState().setName(null).setTopicId(Ids.toKafka(new UUID(7, 7))))));

        assertThat(byName.responses().find("first").errorCode()).isEqualTo(Errors.NONE.code());
        assertThat(byName.responses().find("missing").errorCode()).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION.code());
        assertThat(byId.responses().find("second").errorCode()).isEqualTo(Errors.NONE.code());
        assertThat(byId.responses())
                .anySatisfy(result -> assertThat(result.errorCode()).isEqualTo(Errors.UNKNOWN_TOPIC_ID.code()));
        assertThat(cluster.asked()).containsExactly("delete " + first.id(), "delete " + second.id());
    }

    @Test
    void refusesDeletionsThatMakeNoSense() throws Exception {
        var topic = cluster.withTopic("first", 1);
        cluster.withTopic("__consumer_offsets", 1, Map.of(), true);
        var delete = new DeleteTopicsHandler(cluster, cluster, true);
        var both = new DeleteTopicState().setName("first").setTopicId(Ids.toKafka(topic.id()));

        assertThat(deletionError(delete, both)).isEqualTo(Errors.INVALID_REQUEST);
        assertThat(deletionError(delete, new DeleteTopicState().setName(null))).isEqualTo(Errors.INVALID_REQUEST);
        assertThat(deletionError(delete, new DeleteTopicState().setName("__consumer_offsets")))
                .isEqualTo(Errors.INVALID_TOPIC_EXCEPTION);
        assertThat(deletionError(
                        new DeleteTopicsHandler(cluster, cluster, false), new DeleteTopicState().setName("first")))
                .isEqualTo(Errors.TOPIC_DELETION_DISABLED);
        assertThat(cluster.asked()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "orders, 5, NONE",
        "orders, 2, INVALID_PARTITIONS",
        "orders, 1, INVALID_PARTITIONS",
        "missing, 5, UNKNOWN_TOPIC_OR_PARTITION",
        "__consumer_offsets, 50, INVALID_PARTITIONS",
        "orders, 20000, POLICY_VIOLATION"
    })
    void growsTopicsOnlyUpwards(String name, int count, Errors expected) throws Exception {
        cluster.withTopic("orders", 2);
        cluster.withTopic("__consumer_offsets", 1, Map.of(), true);

        var error = growError(
                new CreatePartitionsTopic().setName(name).setCount(count).setAssignments(null));

        assertThat(error).isEqualTo(expected);
        assertThat(cluster.asked()).hasSize(expected == Errors.NONE ? 1 : 0);
    }

    @Test
    void takesAssignmentsOfAddedPartitions() throws Exception {
        cluster.withTopic("orders", 2);

        var error = growError(added("orders", 4, List.of(2), List.of(3)));

        assertThat(error).isEqualTo(Errors.NONE);
        assertThat(cluster.asked()).containsExactly("grow orders 4 [[2], [3]]");
    }

    @Test
    void refusesBadAssignmentsOfAddedPartitions() throws Exception {
        cluster.withTopic("orders", 2);

        for (var bad : List.of(
                added("orders", 3, List.of(9)),
                added("orders", 3, List.of(1, 2)),
                added("orders", 3, List.of()),
                added("orders", 4, List.of(1)),
                added("orders", 3, List.of(1), List.of(2)))) {
            assertThat(growError(bad)).isEqualTo(Errors.INVALID_REPLICA_ASSIGNMENT);
        }
        assertThat(cluster.asked()).isEmpty();
    }

    @SafeVarargs
    private static CreatePartitionsTopic added(String topic, int count, List<Integer>... brokersOfPartitions) {
        return new CreatePartitionsTopic()
                .setName(topic)
                .setCount(count)
                .setAssignments(Arrays.stream(brokersOfPartitions)
                        .map(brokers -> new CreatePartitionsAssignment().setBrokerIds(brokers))
                        .toList());
    }

    private Errors growError(CreatePartitionsTopic topic) throws Exception {
        var request = new CreatePartitionsRequestData();
        request.topics().mustAdd(topic);
        var response = call(new CreatePartitionsHandler(cluster, cluster), 3, request);
        return Errors.forCode(response.results().getFirst().errorCode());
    }

    private static Errors deletionError(DeleteTopicsHandler delete, DeleteTopicState topic) throws Exception {
        var response = call(delete, 6, new DeleteTopicsRequestData().setTopics(List.of(topic)));
        return Errors.forCode(response.responses().iterator().next().errorCode());
    }

    private void assertRefused(CreatableTopic topic, Errors error) throws Exception {
        var result = create(7, topic);
        assertThat(Errors.forCode(result.errorCode())).as(result.errorMessage()).isEqualTo(error);
    }

    private CreatableTopicResult create(int version, CreatableTopic topic) throws Exception {
        var name = topic.name();
        var response = call(handler(), version, new CreateTopicsRequestData().setTopics(collection(topic)));
        return response.topics().find(name);
    }

    private CreateTopicsHandler handler() {
        return new CreateTopicsHandler(cluster, cluster, config);
    }

    private static CreateTopicsRequestData.CreatableTopicCollection collection(CreatableTopic topic) {
        return new CreateTopicsRequestData.CreatableTopicCollection(
                List.of(topic).iterator());
    }

    private static CreatableTopic topic(String name, int partitions, int replicas) {
        return new CreatableTopic().setName(name).setNumPartitions(partitions).setReplicationFactor((short) replicas);
    }

    private static CreateTopicsRequestData.CreatableTopicConfigCollection configs(String key, String value) {
        return new CreateTopicsRequestData.CreatableTopicConfigCollection(
                List.of(new CreatableTopicConfig().setName(key).setValue(value)).iterator());
    }

    @SafeVarargs
    private static CreateTopicsRequestData.CreatableReplicaAssignmentCollection assignments(
            List<Integer>... brokersOfPartitions) {
        var all = new CreateTopicsRequestData.CreatableReplicaAssignmentCollection();
        for (int partition = 0; partition < brokersOfPartitions.length; partition++) {
            all.add(new CreatableReplicaAssignment()
                    .setPartitionIndex(partition)
                    .setBrokerIds(brokersOfPartitions[partition]));
        }
        return all;
    }

    static BrokerConfig config(Map<String, String> settings) {
        var properties = new Properties();
        properties.putAll(settings);
        return BrokerConfig.parse(properties, Map.of());
    }
}
