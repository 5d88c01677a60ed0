// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.DeleteRecordsRequestData;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsPartition;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsTopic;
import org.apache.kafka.common.message.DeleteRecordsResponseData;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.ReplicaState;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.ListOffsetsRequestData;
import org.apache.kafka.common.message.ListOffsetsResponseData;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What clients get that send what they should not: Kafka's error, or the end of their connection, and nobody else suffers. */
class BadInputIT {
    private static final short PRODUCE_VERSION = 12;
    private static final short FETCH_VERSION = 12;
    private static final short DELETE_RECORDS_VERSION = 2;

    @TempDir
    static Path data;

    static FakeCluster cluster;
    static OneBroker broker;

    @BeforeAll
    static void start() throws Exception {
        cluster = new FakeCluster();
        broker = new OneBroker(data, cluster, Map.of("socket.request.max.bytes", "200000"));
        cluster.put("topic", 1);
        cluster.put("elsewhere", 1, FakeCluster.OTHER, 7, Map.of());
        cluster.put("lonely", 1, FakeCluster.ME, 1, Map.of("min.insync.replicas", "2"));
        cluster.put("strict", 1, FakeCluster.ME, 1, Map.of("message.timestamp.before.max.ms", "1000"));
        cluster.put("__internal", 1);
        await().until(() -> broker.partitions.led().size() == 4);
    }

    @AfterAll
    static void stop() {
        broker.close();
        assertThat(broker.fault.get()).isNull();
    }

    static Stream<Arguments> garbage() {
        return Stream.of(
                Arguments.of("an HTTP request", "GET / HTTP/1.1\r\nHost: broker\r\n\r\n".getBytes()),
                Arguments.of("a negative length", new byte[] {-1, -1, -1, -1, 0, 0}),
                Arguments.of("a frame over the limit", new byte[] {0, 16, 0, 0, 0}),
                Arguments.of("an empty frame", new byte[] {0, 0, 0, 0}),
                Arguments.of("an unknown API", new byte[] {0, 0, 0, 10, 0x03, (byte) 0xe7, 0, 0, 0, 0, 0, 1, -1, -1}),
                Arguments.of("a body cut short", new byte[] {0, 0, 0, 12, 0, 3, 0, 4, 0, 0, 0, 1, -1, -1, 0, 9}),
                Arguments.of("noise", noise()));
    }

    /** A client that claims to be a follower could hold up, or push, what counts as committed. */
    @ParameterizedTest
    @ValueSource(shorts = {7, 12, 15, 17})
    void refusesClientsThatPoseAsReplicas(short version) throws Exception {
        var request = version < 15
                ? new FetchRequestData().setReplicaId(1)
                : new FetchRequestData()
                        .setReplicaState(new ReplicaState().setReplicaId(1).setReplicaEpoch(1));
        try (var client = new RawClient(broker.port())) {
            var answer = (FetchResponseData) client.exchange(ApiKeys.FETCH, version, request);

            assertThat(answer.errorCode()).isEqualTo(Errors.INVALID_REQUEST.code());
        }
    }

    private static byte[] noise() {
        var bytes = new byte[4_096];
        new Random(42).nextBytes(bytes);
        bytes[0] = 0;
        bytes[1] = 0;
        bytes[2] = 1;
        return bytes;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("garbage")
    void closesTheConnectionThatSends(String what, byte[] bytes) throws Exception {
        try (var client = new RawClient(broker.port())) {
            client.write(bytes);

            assertThat(client.isClosedByPeer()).isTrue();
        }
        assertServes();
    }

    @Test
    void keepsTheRecordsOfInternalTopics() throws Exception {
        try (var client = new RawClient(broker.port())) {
            var request = new DeleteRecordsRequestData()
                    .setTopics(List.of(new DeleteRecordsTopic()
                            .setName("__internal")
                            .setPartitions(List.of(new DeleteRecordsPartition()
                                    .setPartitionIndex(0)
                                    .setOffset(0)))));
            var answer = (DeleteRecordsResponseData)
                    client.exchange(ApiKeys.DELETE_RECORDS, DELETE_RECORDS_VERSION, request);

            var partition =
                    answer.topics().iterator().next().partitions().iterator().next();
            assertThat(Errors.forCode(partition.errorCode())).isEqualTo(Errors.INVALID_TOPIC_EXCEPTION);
        }
    }

    @Test
    void survivesHalfAFrame() throws Exception {
        var frame = RawClient.frame(ApiKeys.METADATA, (short) 9, new MetadataRequestData(), 1);
        for (int length = 1; length < frame.length; length += 3) {
            try (var client = new RawClient(broker.port())) {
                client.write(Arrays.copyOf(frame, length));
            }
        }
        assertServes();
    }

    @Test
    void joinsAFrameThatComesByteByByte() throws Exception {
        var frame = RawClient.frame(ApiKeys.API_VERSIONS, (short) 0, new ApiVersionsRequestData(), 1);
        try (var client = new RawClient(broker.port())) {
            for (var single : frame) {
                client.write(new byte[] {single});
            }
            assertThat(client.receive(ApiKeys.API_VERSIONS, (short) 0, 1)).isNotNull();
        }
    }

    @Test
    void answersRequestsThatComeTogetherInTheirOrder() throws Exception {
        try (var client = new RawClient(broker.port())) {
            var ids = new ArrayList<Integer>();
            for (int i = 0; i < 50; i++) {
                ids.add(client.send(ApiKeys.PRODUCE, PRODUCE_VERSION, produce("topic", batch())));
                ids.add(client.send(ApiKeys.METADATA, (short) 9, new MetadataRequestData()));
            }
            for (int i = 0; i < ids.size(); i++) {
                var key = i % 2 == 0 ? ApiKeys.PRODUCE : ApiKeys.METADATA;
                var version = i % 2 == 0 ? PRODUCE_VERSION : (short) 9;
                assertThat(client.receive(key, version, ids.get(i))).isNotNull();
            }
        }
    }

    @Test
    void answersAnApiVersionsRequestFromTheFutureInVersionZero() throws Exception {
        try (var client = new RawClient(broker.port())) {
            var header = ByteBuffer.allocate(15)
                    .putInt(11)
                    .putShort(ApiKeys.API_VERSIONS.id)
                    .putShort((short) 99)
                    .putInt(1)
                    .putShort((short) -1)
                    .put((byte) 0);
            client.write(header.array());
            var answer = (ApiVersionsResponseData) client.receive(ApiKeys.API_VERSIONS, (short) 0, 1);

            assertThat(answer.errorCode()).isEqualTo(Errors.UNSUPPORTED_VERSION.code());
            assertThat(answer.apiKeys()).hasSize(1);
            assertThat(answer.apiKeys().find(ApiKeys.API_VERSIONS.id)).isNotNull();
        }
    }

    @Test
    void offersProduceFromVersionZeroAndNothingThatIsNotImplemented() throws Exception {
        try (var client = new RawClient(broker.port())) {
            var answer = (ApiVersionsResponseData) client.exchange(
                    ApiKeys.API_VERSIONS,
                    (short) 3,
                    new ApiVersionsRequestData().setClientSoftwareName("raw").setClientSoftwareVersion("1"));

            assertThat(answer.apiKeys().find(ApiKeys.PRODUCE.id).minVersion()).isZero();
            assertThat(answer.apiKeys().find(ApiKeys.END_TXN.id)).isNull();
            assertThat(answer.apiKeys().find(ApiKeys.ALTER_PARTITION.id)).isNull();
        }
    }

    static Stream<Arguments> refusedBatches() {
        var magic1 = batch();
        magic1.put(16, (byte) 1);
        var magic0 = batch();
        magic0.put(16, (byte) 0);
        var corrupt = batch();
        corrupt.put(corrupt.limit() - 2, (byte) (corrupt.get(corrupt.limit() - 2) ^ 1));
        var cutOff = batch();
        cutOff.limit(cutOff.limit() - 5);
        return Stream.of(
                Arguments.of("topic", corrupt, Errors.CORRUPT_MESSAGE),
                Arguments.of("topic", magic0, Errors.INVALID_RECORD),
                Arguments.of("topic", magic1, Errors.INVALID_RECORD),
                Arguments.of("topic", cutOff, Errors.CORRUPT_MESSAGE),
                Arguments.of("topic", ByteBuffer.allocate(0), Errors.INVALID_RECORD),
                Arguments.of("topic", ByteBuffer.allocate(40), Errors.INVALID_RECORD),
                Arguments.of("topic", batches(2), Errors.INVALID_RECORD),
                Arguments.of("topic", transactional(), Errors.INVALID_TXN_STATE),
                Arguments.of("topic", aged(System.currentTimeMillis() + 7_200_000), Errors.INVALID_TIMESTAMP),
                Arguments.of("strict", aged(1), Errors.INVALID_TIMESTAMP),
                Arguments.of("elsewhere", batch(), Errors.NOT_LEADER_OR_FOLLOWER),
                Arguments.of("nowhere", batch(), Errors.UNKNOWN_TOPIC_OR_PARTITION),
                Arguments.of("lonely", batch(), Errors.NOT_ENOUGH_REPLICAS),
                Arguments.of("__internal", batch(), Errors.INVALID_TOPIC_EXCEPTION));
    }

    @ParameterizedTest(name = "{2} in {0}")
    @MethodSource("refusedBatches")
    void refusesABatchWith(String topic, ByteBuffer batch, Errors error) throws Exception {
        var end = endOf(topic);
        try (var client = new RawClient(broker.port())) {
            var answer = partition(client, produce(topic, batch));

            assertThat(Errors.forCode(answer.errorCode())).isEqualTo(error);
            assertThat(answer.baseOffset()).isEqualTo(-1);
        }
        assertThat(endOf(topic)).isEqualTo(end);
    }

    @Test
    void tellsWhoLeadsInstead() throws Exception {
        try (var client = new RawClient(broker.port())) {
            var answer = (ProduceResponseData)
                    client.exchange(ApiKeys.PRODUCE, PRODUCE_VERSION, produce("elsewhere", batch()));
            var part = answer.responses().iterator().next().partitionResponses().getFirst();

            assertThat(part.currentLeader().leaderId()).isEqualTo(FakeCluster.OTHER);
            assertThat(part.currentLeader().leaderEpoch()).isEqualTo(7);
            assertThat(answer.nodeEndpoints().find(FakeCluster.OTHER).rack()).isEqualTo("rack-1");
        }
    }

    @Test
    void refusesUnknownAcks() throws Exception {
        try (var client = new RawClient(broker.port())) {
            var answer = partition(client, produce("topic", batch()).setAcks((short) 2));

            assertThat(answer.errorCode()).isEqualTo(Errors.INVALID_REQUIRED_ACKS.code());
        }
    }

    @Test
    void closesTheConnectionWhenAProduceWithoutAcknowledgementIsRefused() throws Exception {
        try (var client = new RawClient(broker.port())) {
            client.send(
                    ApiKeys.PRODUCE,
                    PRODUCE_VERSION,
                    produce("nowhere", batch()).setAcks((short) 0));

            assertThat(client.isClosedByPeer()).isTrue();
        }
    }

    @Test
    void acknowledgesARetriedBatchWithItsFirstOffsetAndFencesOldProducers() throws Exception {
        putAndAwait("idempotent");
        try (var client = new RawClient(broker.port())) {
            var first = partition(client, produce("idempotent", idempotent(77, (short) 1, 0, 3)));
            var again = partition(client, produce("idempotent", idempotent(77, (short) 1, 0, 3)));
            var gap = partition(client, produce("idempotent", idempotent(77, (short) 1, 9, 1)));
            var zombie = partition(client, produce("idempotent", idempotent(77, (short) 0, 0, 1)));

            assertThat(first.errorCode()).isZero();
            assertThat(again.errorCode()).isZero();
            assertThat(again.baseOffset()).isEqualTo(first.baseOffset());
            assertThat(gap.errorCode()).isEqualTo(Errors.OUT_OF_ORDER_SEQUENCE_NUMBER.code());
            assertThat(zombie.errorCode()).isEqualTo(Errors.INVALID_PRODUCER_EPOCH.code());
        }
        assertThat(endOf("idempotent")).isEqualTo(3);
    }

    static Stream<Arguments> refusedFetches() {
        return Stream.of(
                Arguments.of("topic", 1_000_000L, -1, Errors.OFFSET_OUT_OF_RANGE),
                Arguments.of("topic", -5L, -1, Errors.OFFSET_OUT_OF_RANGE),
                Arguments.of("topic", 0L, 0, Errors.FENCED_LEADER_EPOCH),
                Arguments.of("topic", 0L, 5, Errors.UNKNOWN_LEADER_EPOCH),
                Arguments.of("elsewhere", 0L, 7, Errors.NOT_LEADER_OR_FOLLOWER),
                Arguments.of("elsewhere", 0L, 6, Errors.FENCED_LEADER_EPOCH),
                Arguments.of("nowhere", 0L, -1, Errors.UNKNOWN_TOPIC_OR_PARTITION));
    }

    @ParameterizedTest(name = "{3} in {0} at {1}")
    @MethodSource("refusedFetches")
    void refusesAFetchWith(String topic, long offset, int epoch, Errors error) throws Exception {
        try (var client = new RawClient(broker.port())) {
            var answer = (FetchResponseData) client.exchange(ApiKeys.FETCH, FETCH_VERSION, fetch(topic, offset, epoch));

            assertThat(Errors.forCode(answer.responses()
                            .getFirst()
                            .partitions()
                            .getFirst()
                            .errorCode()))
                    .isEqualTo(error);
        }
    }

    @Test
    void refusesAnUnknownTopicIdAndAnUnknownSession() throws Exception {
        try (var client = new RawClient(broker.port())) {
            var byId = fetch("", 0, -1);
            byId.topics().getFirst().setTopicId(Uuid.fromString("AAAAAAAAAAAAAAAAAAAAAQ"));
            var answer = (FetchResponseData) client.exchange(ApiKeys.FETCH, (short) 13, byId);
            var session = (FetchResponseData) client.exchange(
                    ApiKeys.FETCH,
                    FETCH_VERSION,
                    fetch("topic", 0, -1).setSessionId(99).setSessionEpoch(4));

            assertThat(answer.responses().getFirst().partitions().getFirst().errorCode())
                    .isEqualTo(Errors.UNKNOWN_TOPIC_ID.code());
            assertThat(session.errorCode()).isEqualTo(Errors.FETCH_SESSION_ID_NOT_FOUND.code());
        }
    }

    @Test
    void tellsOfIllegalTopicNames() throws Exception {
        try (var client = new RawClient(broker.port())) {
            var request = new MetadataRequestData()
                    .setTopics(List.of(new MetadataRequestData.MetadataRequestTopic().setName("no spaces!")));
            var answer = (MetadataResponseData) client.exchange(ApiKeys.METADATA, (short) 9, request);

            assertThat(answer.topics().iterator().next().errorCode()).isEqualTo(Errors.INVALID_TOPIC_EXCEPTION.code());
        }
    }

    @Test
    void deletesTheDataOfAPurgedTopicAndForgetsIt() throws Exception {
        UUID id = putAndAwait("purged");
        try (var client = new RawClient(broker.port())) {
            assertThat(partition(client, produce("purged", batch())).errorCode())
                    .isZero();
            cluster.deleteTopic(id, null);
            broker.partitions.purge(id).toCompletableFuture().get();

            assertThat(partition(client, produce("purged", batch())).errorCode())
                    .isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION.code());
        }
    }

    /** A log is opened in the background; until then its producers are told to ask again. */
    private static UUID putAndAwait(String topic) {
        var id = cluster.put(topic, 1);
        await().until(() -> broker.partitions.led().stream()
                .anyMatch(replica -> replica.id().topicId().equals(id)));
        return id;
    }

    private static void assertServes() throws Exception {
        try (var client = new RawClient(broker.port())) {
            assertThat(partition(client, produce("topic", batch())).errorCode()).isZero();
        }
    }

    private static long endOf(String topic) throws Exception {
        try (var client = new RawClient(broker.port())) {
            var request = new ListOffsetsRequestData()
                    .setTopics(List.of(new ListOffsetsRequestData.ListOffsetsTopic()
                            .setName(topic)
                            .setPartitions(List.of(new ListOffsetsRequestData.ListOffsetsPartition()
                                    .setPartitionIndex(0)
                                    .setTimestamp(-1)))));
            var answer = (ListOffsetsResponseData) client.exchange(ApiKeys.LIST_OFFSETS, (short) 7, request);
            return answer.topics().getFirst().partitions().getFirst().offset();
        }
    }

    private static PartitionProduceResponse partition(RawClient client, ProduceRequestData request) throws Exception {
        var answer = (ProduceResponseData) client.exchange(ApiKeys.PRODUCE, PRODUCE_VERSION, request);
        return answer.responses().iterator().next().partitionResponses().getFirst();
    }

    private static ProduceRequestData produce(String topic, ByteBuffer batch) {
        var request = new ProduceRequestData().setAcks((short) -1).setTimeoutMs(1_000);
        request.topicData()
                .add(new ProduceRequestData.TopicProduceData()
                        .setName(topic)
                        .setPartitionData(List.of(new ProduceRequestData.PartitionProduceData()
                                .setIndex(0)
                                .setRecords(MemoryRecords.readableRecords(batch)))));
        return request;
    }

    private static FetchRequestData fetch(String topic, long offset, int epoch) {
        return new FetchRequestData()
                .setMaxWaitMs(0)
                .setMinBytes(1)
                .setTopics(List.of(new FetchRequestData.FetchTopic()
                        .setTopic(topic)
                        .setPartitions(List.of(new FetchRequestData.FetchPartition()
                                .setPartition(0)
                                .setFetchOffset(offset)
                                .setCurrentLeaderEpoch(epoch)
                                .setPartitionMaxBytes(1_000)))));
    }

    private static ByteBuffer batch() {
        return aged(System.currentTimeMillis());
    }

    private static ByteBuffer aged(long timestampMs) {
        return MemoryRecords.withRecords(Compression.NONE, new SimpleRecord(timestampMs, "value".getBytes()))
                .buffer();
    }

    private static ByteBuffer batches(int count) {
        var one = batch();
        var all = ByteBuffer.allocate(one.remaining() * count);
        for (int i = 0; i < count; i++) {
            all.put(one.duplicate());
        }
        return all.flip();
    }

    private static ByteBuffer transactional() {
        return MemoryRecords.withTransactionalRecords(
                        Compression.NONE, 5L, (short) 0, 0, new SimpleRecord(1, "value".getBytes()))
                .buffer();
    }

    private static ByteBuffer idempotent(long producerId, short epoch, int sequence, int count) {
        var records = new SimpleRecord[count];
        Arrays.fill(records, new SimpleRecord(System.currentTimeMillis(), "value".getBytes()));
        return MemoryRecords.withRecords(
                        RecordBatch.CURRENT_MAGIC_VALUE,
                        0L,
                        Compression.NONE,
                        TimestampType.CREATE_TIME,
                        producerId,
                        epoch,
                        sequence,
                        RecordBatch.NO_PARTITION_LEADER_EPOCH,
                        false,
                        records)
                .buffer();
    }
}
