// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.api.group;

import static io.eventfleet.server.api.ApiCalls.call;
import static org.assertj.core.api.Assertions.assertThat;

import io.eventfleet.core.cluster.image.TopicInfo;
import io.eventfleet.protocol.Ids;
import io.eventfleet.server.api.ClusterFixture;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.OffsetDeleteRequestData;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestPartition;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestTopic;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopic;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopics;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponsePartitions;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** OffsetCommit, OffsetFetch and OffsetDelete in every shape that the versions have. */
class OffsetHandlersTest {
    private static final Uuid NOBODYS_ID = Ids.toKafka(new UUID(8, 8));

    private final ClusterFixture cluster = ClusterFixture.ofBrokers(1);
    private final FakeGroups groups = new FakeGroups();
    private final OffsetCommitHandler commit = new OffsetCommitHandler(groups, cluster);
    private final OffsetFetchHandler fetch = new OffsetFetchHandler(groups, cluster);
    private TopicInfo orders;

    @BeforeEach
    void aTopic() {
        orders = cluster.withTopic("orders", 2);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 5, 7, 8, 9})
    void commitsByNameAndAnswersWhatDoesNotExist(int version) throws Exception {
        var response = call(commit, version, commitOf(byName("orders", 0, 2), byName("missing", 0)));

        assertThat(errorsOf(response))
                .isEqualTo(Map.of(
                        "orders-0", Errors.NONE,
                        "orders-2", Errors.UNKNOWN_TOPIC_OR_PARTITION,
                        "missing-0", Errors.UNKNOWN_TOPIC_OR_PARTITION));
        assertThat(response.topics()).as("one entry per topic").hasSize(2);
        assertThat(groups.asked()).hasSize(1);
    }

    @Test
    void commitsById() throws Exception {
        var response = call(commit, 10, commitOf(byId(Ids.toKafka(orders.id()), 1, 5), byId(NOBODYS_ID, 0)));

        assertThat(response.topics()).hasSize(2);
        assertThat(response.topics().get(0).topicId()).isEqualTo(Ids.toKafka(orders.id()));
        assertThat(response.topics().get(0).partitions())
                .extracting(partition -> Errors.forCode(partition.errorCode()))
                .containsExactly(Errors.NONE, Errors.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(response.topics().get(1).topicId()).isEqualTo(NOBODYS_ID);
        assertThat(Errors.forCode(
                        response.topics().get(1).partitions().getFirst().errorCode()))
                .isEqualTo(Errors.UNKNOWN_TOPIC_ID);
        assertThat(((OffsetCommitRequestData) groups.asked().getFirst())
                        .topics()
                        .getFirst()
                        .name())
                .isEqualTo("orders");
    }

    @Test
    void doesNotBotherTheCoordinatorWithNothing() throws Exception {
        var response = call(commit, 9, commitOf(byName("missing", 0, 1)));

        assertThat(errorsOf(response).values()).containsOnly(Errors.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(groups.asked()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5, 7})
    void fetchesOneGroupFlat(int version) throws Exception {
        call(commit, 9, commitOf(byName("orders", 1)));

        var response = call(
                fetch,
                version,
                new OffsetFetchRequestData()
                        .setGroupId("g")
                        .setTopics(List.of(
                                new OffsetFetchRequestTopic().setName("orders").setPartitionIndexes(List.of(0, 1)))));

        assertThat(response.topics().getFirst().partitions())
                .extracting(partition -> partition.committedOffset())
                .containsExactly(-1L, 41L);
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 9})
    void fetchesSeveralGroups(int version) throws Exception {
        call(commit, 9, commitOf(byName("orders", 1)));

        var response = call(
                fetch,
                version,
                new OffsetFetchRequestData()
                        .setGroups(List.of(
                                new OffsetFetchRequestGroup().setGroupId("g").setTopics(null),
                                new OffsetFetchRequestGroup()
                                        .setGroupId("other")
                                        .setTopics(null))));

        assertThat(response.groups()).extracting(group -> group.groupId()).containsExactly("g", "other");
        assertThat(response.groups().get(0).topics().getFirst().name()).isEqualTo("orders");
        assertThat(response.groups().get(1).topics()).isEmpty();
    }

    @Test
    void fetchesById() throws Exception {
        call(commit, 9, commitOf(byName("orders", 1)));

        var response = call(
                fetch,
                10,
                new OffsetFetchRequestData()
                        .setGroups(List.of(new OffsetFetchRequestGroup()
                                .setGroupId("g")
                                .setTopics(List.of(
                                        new OffsetFetchRequestTopics()
                                                .setTopicId(Ids.toKafka(orders.id()))
                                                .setPartitionIndexes(List.of(1)),
                                        new OffsetFetchRequestTopics()
                                                .setTopicId(NOBODYS_ID)
                                                .setPartitionIndexes(List.of(0)))))));

        var topics = response.groups().getFirst().topics();
        assertThat(topics.get(0).topicId()).isEqualTo(Ids.toKafka(orders.id()));
        assertThat(topics.get(0).partitions().getFirst().committedOffset()).isEqualTo(41);
        assertThat(topics.get(1).topicId()).isEqualTo(NOBODYS_ID);
        assertThat(topics.get(1).partitions())
                .extracting(partition -> Errors.forCode(partition.errorCode()))
                .containsExactly(Errors.UNKNOWN_TOPIC_ID);
    }

    @Test
    void leavesOutTopicsThatAreGoneWhenAllAreFetchedById() throws Exception {
        cluster.withTopic("doomed", 1);
        call(commit, 9, commitOf(byName("orders", 1), byName("doomed", 0)));
        cluster.deleteTopic(cluster.current().topic("doomed").orElseThrow().id(), java.time.Duration.ZERO);

        var response = call(
                fetch,
                10,
                new OffsetFetchRequestData()
                        .setGroups(List.of(
                                new OffsetFetchRequestGroup().setGroupId("g").setTopics(null))));

        assertThat(response.groups().getFirst().topics())
                .extracting(topic -> topic.topicId())
                .containsExactly(Ids.toKafka(orders.id()));
    }

    @Test
    void putsTheErrorOfTheWholeWhereTheVersionHasRoomForIt() throws Exception {
        groups.failWith(Errors.NOT_COORDINATOR);
        var flat = new OffsetFetchRequestData()
                .setGroupId("g")
                .setTopics(
                        List.of(new OffsetFetchRequestTopic().setName("orders").setPartitionIndexes(List.of(0, 1))));

        var first = call(fetch, 1, flat.duplicate());
        var second = call(fetch, 2, flat.duplicate());
        var eighth = call(
                fetch,
                8,
                new OffsetFetchRequestData()
                        .setGroups(List.of(
                                new OffsetFetchRequestGroup().setGroupId("g").setTopics(null))));

        assertThat(first.topics().getFirst().partitions())
                .extracting(partition -> Errors.forCode(partition.errorCode()))
                .containsExactly(Errors.NOT_COORDINATOR, Errors.NOT_COORDINATOR);
        assertThat(Errors.forCode(second.errorCode())).isEqualTo(Errors.NOT_COORDINATOR);
        assertThat(Errors.forCode(eighth.groups().getFirst().errorCode())).isEqualTo(Errors.NOT_COORDINATOR);
    }

    @Test
    void deletesOffsetsOfTopicsThatExist() throws Exception {
        var request = new OffsetDeleteRequestData().setGroupId("g");
        for (var name : List.of("orders", "missing")) {
            request.topics()
                    .add(new OffsetDeleteRequestTopic()
                            .setName(name)
                            .setPartitions(List.of(new OffsetDeleteRequestPartition().setPartitionIndex(0))));
        }
        var handler = new OffsetDeleteHandler(groups, cluster);

        var response = call(handler, 0, request.duplicate());
        groups.failWith(Errors.GROUP_ID_NOT_FOUND);
        var failed = call(handler, 0, request.duplicate());

        assertThat(response.topics().find("orders").partitions().find(0).errorCode())
                .isEqualTo(Errors.NONE.code());
        assertThat(response.topics().find("missing").partitions().find(0).errorCode())
                .isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION.code());
        assertThat(Errors.forCode(failed.errorCode())).isEqualTo(Errors.GROUP_ID_NOT_FOUND);
        assertThat(failed.topics()).isEmpty();
    }

    @Test
    void answersCommitsAndFetchesOfNothing() throws Exception {
        assertThat(call(commit, 10, commitOf()).topics()).isEmpty();
        var nothing = new OffsetFetchRequestData()
                .setGroups(List.of(new OffsetFetchRequestGroup().setGroupId("g").setTopics(List.of())));
        assertThat(call(fetch, 10, nothing).groups().getFirst().topics()).isEmpty();
        assertThat(OffsetFetchVersions.withoutOffsets(
                                new OffsetFetchRequestTopics().setPartitionIndexes(List.of(3)), Errors.UNKNOWN_TOPIC_ID)
                        .partitions())
                .extracting(OffsetFetchResponsePartitions::committedOffset)
                .containsExactly(-1L);
    }

    private static OffsetCommitRequestData commitOf(OffsetCommitRequestTopic... topics) {
        return new OffsetCommitRequestData().setGroupId("g").setTopics(List.of(topics));
    }

    private static OffsetCommitRequestTopic byName(String name, int... partitions) {
        return partitions(new OffsetCommitRequestTopic().setName(name), partitions);
    }

    private static OffsetCommitRequestTopic byId(Uuid id, int... partitions) {
        return partitions(new OffsetCommitRequestTopic().setTopicId(id), partitions);
    }

    private static OffsetCommitRequestTopic partitions(OffsetCommitRequestTopic topic, int... partitions) {
        var all = new ArrayList<OffsetCommitRequestPartition>();
        for (int partition : partitions) {
            all.add(new OffsetCommitRequestPartition()
                    .setPartitionIndex(partition)
                    .setCommittedOffset(40 + partition)
                    .setCommittedMetadata(""));
        }
        return topic.setPartitions(all);
    }

    private static Map<String, Errors> errorsOf(OffsetCommitResponseData response) {
        return response.topics().stream()
                .flatMap(topic -> topic.partitions().stream()
                        .map(partition -> Map.entry(
                                topic.name() + "-" + partition.partitionIndex(),
                                Errors.forCode(partition.errorCode()))))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }
}
