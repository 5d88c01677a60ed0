// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.DeleteRecordsRequestData;
import org.apache.kafka.common.message.DescribeClusterRequestData;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData;
import org.apache.kafka.common.message.ElectLeadersRequestData;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.ListOffsetsRequestData;
import org.apache.kafka.common.message.ListPartitionReassignmentsRequestData;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every offered version of every API about records and metadata can be answered, for all kinds of topics. */
class EveryVersionIT {
    private static final List<ApiKeys> KEYS = List.of(
            ApiKeys.PRODUCE,
            ApiKeys.FETCH,
            ApiKeys.LIST_OFFSETS,
            ApiKeys.METADATA,
            ApiKeys.API_VERSIONS,
            ApiKeys.OFFSET_FOR_LEADER_EPOCH,
            ApiKeys.DELETE_RECORDS,
            ApiKeys.DESCRIBE_CLUSTER,
            ApiKeys.ELECT_LEADERS,
            ApiKeys.ALTER_PARTITION_REASSIGNMENTS,
            ApiKeys.LIST_PARTITION_REASSIGNMENTS,
            ApiKeys.DESCRIBE_TOPIC_PARTITIONS);
    private static final List<String> TOPICS = List.of("here", "elsewhere", "nowhere");

    @TempDir
    static Path data;

    static OneBroker broker;
    static Map<String, UUID> ids;

    @BeforeAll
    static void start() throws Exception {
        var cluster = new FakeCluster();
        broker = new OneBroker(data, cluster, Map.of());
        ids = Map.of(
                "here", cluster.put("here", 1),
                "elsewhere", cluster.put("elsewhere", 1, FakeCluster.OTHER, 3, Map.of()),
                "nowhere", UUID.randomUUID());
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    static Stream<Arguments> versions() {
        return KEYS.stream().flatMap(key -> IntStream.rangeClosed(key.oldestVersion(), key.latestVersion(false))
                .mapToObj(version -> Arguments.of(key, (short) version)));
    }

    @ParameterizedTest
    @MethodSource("versions")
    void isAnswered(ApiKeys key, short version) throws Exception {
        try (var client = new RawClient(broker.port())) {
            var answer = client.exchange(key, version, request(key, version));

            assertThat(answer.apiKey()).isEqualTo(key.id);
            assertThat(client.exchange(ApiKeys.API_VERSIONS, (short) 0, new ApiVersionsRequestData()))
                    .isInstanceOf(ApiVersionsResponseData.class);
        }
    }

    private static ApiMessage request(ApiKeys key, short version) {
        return switch (key) {
            case PRODUCE -> produce(version);
            case FETCH -> fetch(version);
            case LIST_OFFSETS -> listOffsets(version);
            case METADATA -> metadata(version);
            case API_VERSIONS ->
                new ApiVersionsRequestData().setClientSoftwareName("raw").setClientSoftwareVersion("1");
            case OFFSET_FOR_LEADER_EPOCH -> offsetForLeaderEpoch();
            case DELETE_RECORDS -> deleteRecords();
            case DESCRIBE_CLUSTER ->
                new DescribeClusterRequestData()
                        .setIncludeClusterAuthorizedOperations(true)
                        .setIncludeFencedBrokers(version >= 2);
            case DESCRIBE_TOPIC_PARTITIONS -> describe();
            case ELECT_LEADERS -> electLeaders(version);
            case ALTER_PARTITION_REASSIGNMENTS -> reassign(version);
            case LIST_PARTITION_REASSIGNMENTS -> listReassignments();
            default -> throw new IllegalArgumentException(key.name);
        };
    }

    private static ProduceRequestData produce(short version) {
        var request = new ProduceRequestData().setAcks((short) -1).setTimeoutMs(1_000);
        for (var topic : TOPICS) {
            var records = MemoryRecords.withRecords(Compression.NONE, new SimpleRecord("value".getBytes()));
            request.topicData()
                    .add(new ProduceRequestData.TopicProduceData()
                            .setName(version < 13 ? topic : "")
                            .setTopicId(version < 13 ? Uuid.ZERO_UUID : id(topic))
                            .setPartitionData(List.of(new ProduceRequestData.PartitionProduceData()
                                    .setIndex(0)
                                    .setRecords(records))));
        }
        return request;
    }

    private static FetchRequestData fetch(short version) {
        var topics = new ArrayList<FetchRequestData.FetchTopic>();
        for (var topic : TOPICS) {
            topics.add(new FetchRequestData.FetchTopic()
                    .setTopic(version < 13 ? topic : "")
                    .setTopicId(version < 13 ? Uuid.ZERO_UUID : id(topic))
                    .setPartitions(List.of(new FetchRequestData.FetchPartition()
                            .setPartition(0)
                            .setPartitionMaxBytes(1_000))));
        }
        return new FetchRequestData().setMaxWaitMs(100).setMinBytes(1).setTopics(topics);
    }

    private static ListOffsetsRequestData listOffsets(short version) {
        var special = version >= 7 ? List.of(-1L, -2L, -3L, 5L) : List.of(-1L, -2L, 5L);
        var topics = new ArrayList<ListOffsetsRequestData.ListOffsetsTopic>();
        for (var topic : TOPICS) {
            topics.add(new ListOffsetsRequestData.ListOffsetsTopic()
                    .setName(topic)
                    .setPartitions(special.stream()
                            .map(timestamp -> new ListOffsetsRequestData.ListOffsetsPartition()
                                    .setPartitionIndex(0)
                                    .setTimestamp(timestamp))
                            .toList()));
        }
        return new ListOffsetsRequestData().setTopics(topics);
    }

    private static MetadataRequestData metadata(short version) {
        var topics = new ArrayList<MetadataRequestData.MetadataRequestTopic>();
        for (var topic : TOPICS) {
            topics.add(new MetadataRequestData.MetadataRequestTopic().setName(topic));
            if (version >= 12) {
                topics.add(new MetadataRequestData.MetadataRequestTopic()
                        .setName(null)
                        .setTopicId(id(topic)));
            }
        }
        return new MetadataRequestData().setTopics(topics).setIncludeTopicAuthorizedOperations(version >= 8);
    }

    private static OffsetForLeaderEpochRequestData offsetForLeaderEpoch() {
        var request = new OffsetForLeaderEpochRequestData();
        for (var topic : TOPICS) {
            request.topics()
                    .add(new OffsetForLeaderEpochRequestData.OffsetForLeaderTopic()
                            .setTopic(topic)
                            .setPartitions(List.of(new OffsetForLeaderEpochRequestData.OffsetForLeaderPartition()
                                    .setPartition(0)
                                    .setLeaderEpoch(1))));
        }
        return request;
    }

    private static DeleteRecordsRequestData deleteRecords() {
        var topics = TOPICS.stream()
                .map(topic -> new DeleteRecordsRequestData.DeleteRecordsTopic()
                        .setName(topic)
                        .setPartitions(List.of(new DeleteRecordsRequestData.DeleteRecordsPartition()
                                .setPartitionIndex(0)
                                .setOffset(0))))
                .toList();
        return new DeleteRecordsRequestData().setTopics(topics);
    }

    private static DescribeTopicPartitionsRequestData describe() {
        return new DescribeTopicPartitionsRequestData()
                .setTopics(TOPICS.stream()
                        .map(topic -> new DescribeTopicPartitionsRequestData.TopicRequest().setName(topic))
                        .toList());
    }

    private static ElectLeadersRequestData electLeaders(short version) {
        var partitions = new ElectLeadersRequestData.TopicPartitionsCollection();
        TOPICS.forEach(topic -> partitions.mustAdd(
                new ElectLeadersRequestData.TopicPartitions().setTopic(topic).setPartitions(List.of(0, 7))));
        return new ElectLeadersRequestData()
                .setElectionType((byte) (version == 0 ? 0 : 1))
                .setTopicPartitions(partitions);
    }

    private static AlterPartitionReassignmentsRequestData reassign(short version) {
        return new AlterPartitionReassignmentsRequestData()
                .setAllowReplicationFactorChange(version == 0)
                .setTopics(TOPICS.stream()
                        .map(topic -> new AlterPartitionReassignmentsRequestData.ReassignableTopic()
                                .setName(topic)
                                .setPartitions(List.of(
                                        new AlterPartitionReassignmentsRequestData.ReassignablePartition()
                                                .setPartitionIndex(0)
                                                .setReplicas(List.of(FakeCluster.OTHER)),
                                        new AlterPartitionReassignmentsRequestData.ReassignablePartition()
                                                .setPartitionIndex(1)
                                                .setReplicas(null))))
                        .toList());
    }

    private static ListPartitionReassignmentsRequestData listReassignments() {
        return new ListPartitionReassignmentsRequestData()
                .setTopics(TOPICS.stream()
                        .map(topic -> new ListPartitionReassignmentsRequestData.ListPartitionReassignmentsTopics()
                                .setName(topic)
                                .setPartitionIndexes(List.of(0)))
                        .toList());
    }

    private static Uuid id(String topic) {
        var id = ids.get(topic);
        return new Uuid(id.getMostSignificantBits(), id.getLeastSignificantBits());
    }
}
