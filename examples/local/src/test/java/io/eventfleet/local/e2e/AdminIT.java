// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidPartitionsException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Kafka's own Admin client, as tools and frameworks use it. */
@ExtendWith(SharedFleet.class)
class AdminIT {
    private final Fleet fleet;
    private Admin admin;

    AdminIT(Fleet fleet) {
        this.fleet = fleet;
    }

    @BeforeEach
    void connect() {
        admin = fleet.clients().admin();
    }

    @AfterEach
    void disconnect() {
        admin.close(Duration.ofSeconds(5));
    }

    @Test
    void describesTheCluster() throws Exception {
        var cluster = admin.describeCluster();

        assertThat(cluster.nodes().get()).hasSize(fleet.brokers());
        assertThat(cluster.controller().get().id()).isBetween(0, fleet.brokers() - 1);
        assertThat(cluster.clusterId().get()).isNotBlank();
    }

    @Test
    void createsGrowsAndDeletesATopic() throws Exception {
        String topic = "admin-life";
        var created = admin.createTopics(
                List.of(new NewTopic(topic, 3, (short) 1).configs(Map.of("retention.ms", "3600000"))));
        assertThat(created.numPartitions(topic).get()).isEqualTo(3);
        assertThatThrownBy(() -> admin.createTopics(List.of(new NewTopic(topic, 3, (short) 1)))
                        .all()
                        .get())
                .hasCauseInstanceOf(TopicExistsException.class);

        admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(5))).all().get();
        fleet.eventually(() -> assertThat(partitions(topic)).isEqualTo(5));
        assertThatThrownBy(() -> admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(4)))
                        .all()
                        .get())
                .hasCauseInstanceOf(InvalidPartitionsException.class);
        fleet.clients().produce(topic, 4, Map.of(), List.of("to the new partition"));

        admin.deleteTopics(List.of(topic)).all().get();
        // Each question may go to another broker, and each learns of the deletion in its own time.
        fleet.eventually(() -> assertThat(admin.listTopics().names().get()).doesNotContain(topic));
        fleet.eventually(() -> assertThatThrownBy(() ->
                        admin.describeTopics(List.of(topic)).allTopicNames().get())
                .hasCauseInstanceOf(UnknownTopicOrPartitionException.class));
    }

    @Test
    void usesTheDefaultsOfTheClusterWhereATopicSaysNothing() throws Exception {
        var created = admin.createTopics(List.of(new NewTopic("admin-defaults", Optional.empty(), Optional.empty())));

        assertThat(created.numPartitions("admin-defaults").get()).isPositive();
        assertThat(created.replicationFactor("admin-defaults").get()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"with/slash", "with space", "..", "ünïcode"})
    void refusesIllegalTopicNames(String name) {
        assertThatThrownBy(() -> admin.createTopics(List.of(new NewTopic(name, 1, (short) 1)))
                        .all()
                        .get())
                .hasCauseInstanceOf(InvalidTopicException.class);
    }

    @Test
    void refusesANameThatIsTooLong() {
        assertThatThrownBy(() -> admin.createTopics(List.of(new NewTopic("n".repeat(250), 1, (short) 1)))
                        .all()
                        .get())
                .hasCauseInstanceOf(InvalidTopicException.class);
    }

    @Test
    void takesNamesThatKubernetesWouldRefuse() throws Exception {
        String topic = "Upper_Case.and_underscore";
        fleet.clients().createTopic(topic, 1);
        fleet.clients().produce(topic, 0, Map.of(), List.of("works"));

        assertThat(fleet.clients().values(topic, 1)).containsExactly("works");
    }

    @Test
    void showsAndChangesTheSettingsOfATopic() throws Exception {
        String topic = "admin-settings";
        fleet.clients().createTopic(topic, 1);
        fleet.clients().alterTopic(topic, Map.of("retention.ms", "7200000", "max.message.bytes", "500000"));

        fleet.eventually(() -> assertThat(setting(topic, "retention.ms")).isEqualTo("7200000"));
        fleet.eventually(() -> assertThat(setting(topic, "max.message.bytes")).isEqualTo("500000"));
        assertThat(setting(topic, "cleanup.policy")).isEqualTo("delete");
        assertThatThrownBy(() -> fleet.clients().alterTopic(topic, Map.of("retention.ms", "soon")))
                .hasCauseInstanceOf(InvalidConfigurationException.class);
        assertThatThrownBy(() -> fleet.clients().alterTopic(topic, Map.of("no.such.setting", "1")))
                .hasCauseInstanceOf(InvalidConfigurationException.class);
    }

    @Test
    void findsOffsetsByPlaceAndByTime() throws Exception {
        String topic = "admin-offsets";
        TopicPartition partition = new TopicPartition(topic, 0);
        fleet.clients().createTopic(topic, 1);
        fleet.clients().produce(topic, 0, Map.of(), numbers(10));

        assertThat(offset(partition, OffsetSpec.earliest())).isZero();
        assertThat(offset(partition, OffsetSpec.latest())).isEqualTo(10);
        assertThat(offset(partition, OffsetSpec.forTimestamp(0))).isZero();
        assertThat(offset(partition, OffsetSpec.forTimestamp(System.currentTimeMillis() + 60_000)))
                .isEqualTo(-1);
        assertThat(offset(partition, OffsetSpec.maxTimestamp())).isBetween(0L, 9L);
    }

    @Test
    void deletesRecordsBeforeAnOffset() throws Exception {
        String topic = "admin-delete-records";
        TopicPartition partition = new TopicPartition(topic, 0);
        fleet.clients().createTopic(topic, 1);
        fleet.clients().produce(topic, 0, Map.of("batch.size", "0"), numbers(10));

        var deleted = admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(4)));

        assertThat(deleted.lowWatermarks().get(partition).get().lowWatermark()).isEqualTo(4);
        assertThat(offset(partition, OffsetSpec.earliest())).isEqualTo(4);
        assertThat(fleet.clients().values(topic, 1)).containsExactly("4", "5", "6", "7", "8", "9");
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void showsAndSteersAConsumerGroup(String protocol) throws Exception {
        String topic = "admin-group-" + protocol;
        String group = "group-" + protocol;
        TopicPartition partition = new TopicPartition(topic, 0);
        fleet.clients().createTopic(topic, 1);
        fleet.clients().produce(topic, 0, Map.of(), numbers(10));

        Map<String, Object> settings =
                Map.of(ConsumerConfig.GROUP_ID_CONFIG, group, ConsumerConfig.GROUP_PROTOCOL_CONFIG, protocol);
        try (KafkaConsumer<String, String> consumer = fleet.clients().consumer(settings)) {
            consumer.subscribe(List.of(topic));
            fleet.eventually(() -> {
                consumer.poll(Duration.ofMillis(200));
                assertThat(consumer.assignment()).containsExactly(partition);
                assertThat(consumer.position(partition)).isEqualTo(10);
            });
            consumer.commitSync();
            var description =
                    admin.describeConsumerGroups(List.of(group)).all().get().get(group);
            assertThat(description.groupState()).isEqualTo(GroupState.STABLE);
            assertThat(description.members()).hasSize(1);
            assertThat(admin.listGroups().all().get())
                    .anyMatch(listing -> listing.groupId().equals(group));
        }
        assertThat(committed(group, partition)).isEqualTo(10);

        fleet.eventually(() -> admin.alterConsumerGroupOffsets(group, Map.of(partition, new OffsetAndMetadata(3)))
                .all()
                .get());
        assertThat(committed(group, partition)).isEqualTo(3);
        admin.deleteConsumerGroups(List.of(group)).all().get();
        assertThat(admin.listGroups().all().get())
                .noneMatch(listing -> listing.groupId().equals(group));
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void sharesThePartitionsBetweenTheMembersOfAGroup(String protocol) throws Exception {
        String topic = "members-" + protocol;
        fleet.clients().createTopic(topic, 4);
        Map<String, Object> settings = Map.of(
                ConsumerConfig.GROUP_ID_CONFIG, "members-" + protocol, ConsumerConfig.GROUP_PROTOCOL_CONFIG, protocol);
        try (KafkaConsumer<String, String> first = fleet.clients().consumer(settings);
                KafkaConsumer<String, String> second = fleet.clients().consumer(settings)) {
            first.subscribe(List.of(topic));
            second.subscribe(List.of(topic));
            fleet.eventually(() -> {
                first.poll(Duration.ofMillis(100));
                second.poll(Duration.ofMillis(100));
                assertThat(first.assignment()).hasSize(2);
                assertThat(second.assignment()).hasSize(2).doesNotContainAnyElementsOf(first.assignment());
            });
        }
    }

    private int partitions(String topic) throws Exception {
        return admin.describeTopics(List.of(topic))
                .allTopicNames()
                .get()
                .get(topic)
                .partitions()
                .size();
    }

    private String setting(String topic, String key) throws Exception {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        return admin.describeConfigs(Set.of(resource))
                .all()
                .get()
                .get(resource)
                .get(key)
                .value();
    }

    private long offset(TopicPartition partition, OffsetSpec spec) throws Exception {
        return admin.listOffsets(Map.of(partition, spec))
                .partitionResult(partition)
                .get()
                .offset();
    }

    private long committed(String group, TopicPartition partition) throws Exception {
        return admin.listConsumerGroupOffsets(group)
                .partitionsToOffsetAndMetadata()
                .get()
                .get(partition)
                .offset();
    }

    private static List<String> numbers(int count) {
        return IntStream.range(0, count).mapToObj(Integer::toString).toList();
    }
}
