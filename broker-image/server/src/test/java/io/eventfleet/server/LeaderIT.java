// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.eventfleet.core.cluster.image.PartitionInfo;
import io.eventfleet.core.log.TopicPartitionId;
import io.eventfleet.core.replication.FollowerFetch;
import io.eventfleet.core.replication.ReplicaFetch;
import io.eventfleet.server.partition.Access;
import io.eventfleet.server.partition.LedReplica;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.DeleteRecordsRequestData;
import org.apache.kafka.common.message.DeleteRecordsResponseData;
import org.apache.kafka.common.message.DeleteRecordsResponseData.DeleteRecordsPartitionResult;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.ListOffsetsRequestData;
import org.apache.kafka.common.message.ListOffsetsResponseData;
import org.apache.kafka.common.message.ListOffsetsResponseData.ListOffsetsPartitionResponse;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A leader on real sockets and a real store, whose one follower is the test. */
class LeaderIT {
    private static final int EPOCH = 3;
    private static final int MIN_ISR = 2;
    private static final long TIMESTAMP = 1_700_000_000_000L;
    private static final int PATIENCE_MS = 10_000;

    @TempDir
    static Path data;

    static FakeCluster cluster;
    static OneBroker broker;

    @BeforeAll
    static void start() throws Exception {
        cluster = new FakeCluster();
        broker = new OneBroker(data, cluster, Map.of());
    }

    @AfterAll
    static void stop() {
        broker.close();
        assertThat(broker.fault.get()).isNull();
    }

    /** This broker leads and the other one is in sync, unless the ISR says otherwise. */
    private static LedReplica lead(String topic, int leaderEpoch, int partitionEpoch, Integer... isr) {
        var id = cluster.put(topic, line(FakeCluster.ME, leaderEpoch, partitionEpoch, isr));
        return await().until(() -> led(id), replica -> replica != null && replica.leaderEpoch() == leaderEpoch);
    }

    private static LedReplica led(UUID topicId) {
        return broker.partitions.find(topicId, 0, -1) instanceof Access.Led(var replica) ? replica : null;
    }

    private static PartitionInfo line(int leader, int leaderEpoch, int partitionEpoch, Integer... isr) {
        return PartitionInfo.of(
                0,
                leader,
                leaderEpoch,
                partitionEpoch,
                MIN_ISR,
                List.of(FakeCluster.ME, FakeCluster.OTHER),
                List.of(isr));
    }

    private static void followTo(LedReplica replica, long offset, long logStartOffset) {
        assertThat(replica.fetched(
                        new ReplicaFetch(FakeCluster.OTHER, 1, replica.leaderEpoch(), offset, logStartOffset)))
                .isEqualTo(FollowerFetch.ACCEPTED);
    }

    @Test
    void acksAllWaitsForTheFollowerAndConsumersSeeNothingBefore() throws Exception {
        var replica = lead("waits", EPOCH, 1, 0, 1);
        try (var producer = new RawClient(broker.port());
                var consumer = new RawClient(broker.port())) {
            var sent = sendProduce(producer, "waits", -1, PATIENCE_MS);
            await().until(() -> replica.log().logEndOffset() == 1);
            assertThat(replica.highWatermark()).isZero();
            var early = fetch(consumer, "waits", 0);
            assertThat(early.errorCode()).isZero();
            assertThat(early.records().sizeInBytes()).isZero();
            var between = fetch(consumer, "waits", 1);
            assertThat(between.errorCode()).isZero();
            assertThat(fetch(consumer, "waits", 2).errorCode()).isEqualTo(Errors.OFFSET_OUT_OF_RANGE.code());

            followTo(replica, 1, 0);
            var answer = receiveProduce(producer, sent);
            assertThat(answer.errorCode()).isZero();
            assertThat(answer.baseOffset()).isZero();
            assertThat(fetch(consumer, "waits", 0).records().sizeInBytes()).isPositive();
        }
    }

    @Test
    void acksAllIsRefusedBelowMinIsrAndTimesOutWithoutTheFollower() throws Exception {
        var replica = lead("short", EPOCH, 1, 0);
        try (var producer = new RawClient(broker.port())) {
            assertThat(produce(producer, "short", -1, 100).errorCode()).isEqualTo(Errors.NOT_ENOUGH_REPLICAS.code());
            assertThat(replica.log().logEndOffset()).isZero();
            assertThat(produce(producer, "short", 1, 100).errorCode()).isZero();
            assertThat(replica.highWatermark()).isZero();
            followTo(replica, 1, 0);
            assertThat(broker.gateway.proposals())
                    .anyMatch(proposal -> proposal.id().equals(replica.id())
                            && proposal.isr().keySet().equals(Set.of(0, 1)));
            lead("short", EPOCH, 2, 0, 1);
            assertThat(replica.highWatermark()).isEqualTo(1);
            assertThat(produce(producer, "short", -1, 100).errorCode()).isEqualTo(Errors.REQUEST_TIMED_OUT.code());
        }
    }

    @Test
    void aWaitingProducerIsToldTheNewLeader() throws Exception {
        var replica = lead("moves", EPOCH, 1, 0, 1);
        try (var producer = new RawClient(broker.port())) {
            var sent = sendProduce(producer, "moves", -1, PATIENCE_MS);
            await().until(() -> replica.log().logEndOffset() == 1);
            cluster.put("moves", line(FakeCluster.OTHER, EPOCH + 1, 2, 0, 1));
            var response = (ProduceResponseData) producer.receive(ApiKeys.PRODUCE, (short) 12, sent);
            var answer =
                    response.responses().iterator().next().partitionResponses().getFirst();
            assertThat(answer.errorCode()).isEqualTo(Errors.NOT_LEADER_OR_FOLLOWER.code());
            assertThat(answer.currentLeader().leaderId()).isEqualTo(FakeCluster.OTHER);
            assertThat(answer.currentLeader().leaderEpoch()).isEqualTo(EPOCH + 1);
            assertThat(response.nodeEndpoints().find(FakeCluster.OTHER)).isNotNull();
            await().until(() -> broker.followers.followed().containsKey(replica.id()));
        }
    }

    @Test
    void aWaitingConsumerIsToldTheNewLeader() throws Exception {
        lead("moves-too", EPOCH, 1, 0, 1);
        try (var consumer = new RawClient(broker.port())) {
            var sent = consumer.send(ApiKeys.FETCH, (short) 12, fetchRequest("moves-too", 0, PATIENCE_MS));
            cluster.put("moves-too", line(FakeCluster.OTHER, EPOCH + 1, 2, 0, 1));
            var response = (FetchResponseData) consumer.receive(ApiKeys.FETCH, (short) 12, sent);
            var answer = response.responses().getFirst().partitions().getFirst();
            assertThat(answer.errorCode()).isEqualTo(Errors.NOT_LEADER_OR_FOLLOWER.code());
            assertThat(answer.currentLeader().leaderId()).isEqualTo(FakeCluster.OTHER);
        }
    }

    @Test
    void aNewLeaderTellsNoLatestOffsetUntilItKnowsWhatWasCommitted() throws Exception {
        var before = lead("elected", EPOCH, 1, 0, 1);
        try (var client = new RawClient(broker.port())) {
            assertThat(produce(client, "elected", 1, 100).errorCode()).isZero();
            assertThat(before.highWatermark()).isZero();
            var replica = lead("elected", EPOCH + 1, 2, 0, 1);

            assertThat(listOffsets(client, "elected", -1, 7).errorCode()).isEqualTo(Errors.OFFSET_NOT_AVAILABLE.code());
            assertThat(listOffsets(client, "elected", -1, 4).errorCode()).isEqualTo(Errors.LEADER_NOT_AVAILABLE.code());
            assertThat(listOffsets(client, "elected", TIMESTAMP, 7).errorCode())
                    .isEqualTo(Errors.OFFSET_NOT_AVAILABLE.code());
            assertThat(listOffsets(client, "elected", -3, 7).errorCode()).isEqualTo(Errors.OFFSET_NOT_AVAILABLE.code());
            assertThat(listOffsets(client, "elected", TIMESTAMP + 1, 7).errorCode())
                    .isZero();
            assertThat(listOffsets(client, "elected", -2, 7).offset()).isZero();
            // A consumer that read up to 1 from the leader before must not take the lagging high watermark for a loss.
            assertThat(endOfEpoch(client, "elected", EPOCH)).isEqualTo(1);

            followTo(replica, 1, 0);
            assertThat(listOffsets(client, "elected", -1, 7).offset()).isEqualTo(1);
            assertThat(listOffsets(client, "elected", TIMESTAMP, 7).offset()).isZero();
            assertThat(listOffsets(client, "elected", -3, 7).offset()).isZero();
        }
    }

    @Test
    void deletedRecordsAreGoneEverywhereWhenItIsAnswered() throws Exception {
        var replica = lead("trimmed", EPOCH, 1, 0, 1);
        try (var client = new RawClient(broker.port())) {
            produce(client, "trimmed", 1, 100);
            followTo(replica, 1, 0);
            assertThat(deleteRecords(client, "trimmed", 1, 100).errorCode()).isEqualTo(Errors.REQUEST_TIMED_OUT.code());
            var sent = client.send(ApiKeys.DELETE_RECORDS, (short) 2, deleteRecordsRequest("trimmed", 1, PATIENCE_MS));
            followTo(replica, 1, 1);
            var answer = deleted((DeleteRecordsResponseData) client.receive(ApiKeys.DELETE_RECORDS, (short) 2, sent));
            assertThat(answer.errorCode()).isZero();
            assertThat(answer.lowWatermark()).isEqualTo(1);
        }
    }

    @Test
    void whoCallsItselfAReplicaOnAClientsListenerIsRefused() throws Exception {
        var replica = lead("private", EPOCH, 1, 0, 1);
        try (var client = new RawClient(broker.port())) {
            produce(client, "private", 1, 100);
            var request = fetchRequest("private", 0, 0).setReplicaId(FakeCluster.OTHER);
            var response = (FetchResponseData) client.exchange(ApiKeys.FETCH, (short) 12, request);
            assertThat(response.errorCode()).isEqualTo(Errors.INVALID_REQUEST.code());
            assertThat(response.responses()).allSatisfy(topic -> assertThat(topic.partitions())
                    .allSatisfy(
                            partition -> assertThat(partition.errorCode()).isEqualTo(Errors.INVALID_REQUEST.code())));
            assertThat(replica.follower(FakeCluster.OTHER).orElseThrow().offset())
                    .isEqualTo(-1);
        }
    }

    @Test
    void metricsTellOfMissingReplicas() {
        var id = new TopicPartitionId(cluster.put("measured", line(FakeCluster.ME, EPOCH, 1, 0, 1)), 0);
        await().until(() -> led(id.topicId()) != null);
        var before = broker.partitions.isrChanges().shrinks();
        cluster.put("measured", line(FakeCluster.ME, EPOCH, 2, 0));
        assertThat(broker.partitions.isrChanges().shrinks()).isEqualTo(before + 1);
        assertThat(broker.metrics.render())
                .containsPattern("eventfleet_under_replicated_partitions [1-9]")
                .containsPattern("eventfleet_under_min_isr_partitions [1-9]")
                .containsPattern("eventfleet_leader_partitions [1-9]")
                .contains("eventfleet_isr_shrinks_total " + (before + 1))
                .contains("eventfleet_isr_expands_total")
                .contains("eventfleet_follower_partitions");
    }

    private static int sendProduce(RawClient client, String topic, int acks, int timeoutMs) throws IOException {
        var batch = MemoryRecords.withRecords(Compression.NONE, new SimpleRecord(TIMESTAMP, "value".getBytes()));
        var request = new ProduceRequestData().setAcks((short) acks).setTimeoutMs(timeoutMs);
        request.topicData()
                .add(new ProduceRequestData.TopicProduceData()
                        .setName(topic)
                        .setPartitionData(List.of(new ProduceRequestData.PartitionProduceData()
                                .setIndex(0)
                                .setRecords(batch))));
        return client.send(ApiKeys.PRODUCE, (short) 12, request);
    }

    private static PartitionProduceResponse receiveProduce(RawClient client, int sent) throws IOException {
        return ((ProduceResponseData) client.receive(ApiKeys.PRODUCE, (short) 12, sent))
                .responses()
                .iterator()
                .next()
                .partitionResponses()
                .getFirst();
    }

    private static PartitionProduceResponse produce(RawClient client, String topic, int acks, int timeoutMs)
            throws IOException {
        return receiveProduce(client, sendProduce(client, topic, acks, timeoutMs));
    }

    private static FetchRequestData fetchRequest(String topic, long offset, int maxWaitMs) {
        return new FetchRequestData()
                .setMaxWaitMs(maxWaitMs)
                .setMinBytes(1)
                .setTopics(List.of(new FetchRequestData.FetchTopic()
                        .setTopic(topic)
                        .setPartitions(List.of(new FetchRequestData.FetchPartition()
                                .setPartition(0)
                                .setFetchOffset(offset)
                                .setPartitionMaxBytes(1_000)))));
    }

    private static FetchResponseData.PartitionData fetch(RawClient client, String topic, long offset)
            throws IOException {
        return ((FetchResponseData) client.exchange(ApiKeys.FETCH, (short) 12, fetchRequest(topic, offset, 0)))
                .responses()
                .getFirst()
                .partitions()
                .getFirst();
    }

    private static ListOffsetsPartitionResponse listOffsets(RawClient client, String topic, long timestamp, int version)
            throws IOException {
        var request = new ListOffsetsRequestData()
                .setReplicaId(-1)
                .setTopics(List.of(new ListOffsetsRequestData.ListOffsetsTopic()
                        .setName(topic)
                        .setPartitions(List.of(new ListOffsetsRequestData.ListOffsetsPartition()
                                .setPartitionIndex(0)
                                .setTimestamp(timestamp)))));
        return ((ListOffsetsResponseData) client.exchange(ApiKeys.LIST_OFFSETS, (short) version, request))
                .topics()
                .getFirst()
                .partitions()
                .getFirst();
    }

    private static long endOfEpoch(RawClient client, String topic, int leaderEpoch) throws IOException {
        var request = new OffsetForLeaderEpochRequestData();
        request.topics()
                .add(new OffsetForLeaderEpochRequestData.OffsetForLeaderTopic()
                        .setTopic(topic)
                        .setPartitions(List.of(new OffsetForLeaderEpochRequestData.OffsetForLeaderPartition()
                                .setPartition(0)
                                .setLeaderEpoch(leaderEpoch))));
        return ((OffsetForLeaderEpochResponseData) client.exchange(ApiKeys.OFFSET_FOR_LEADER_EPOCH, (short) 4, request))
                .topics()
                .iterator()
                .next()
                .partitions()
                .getFirst()
                .endOffset();
    }

    private static DeleteRecordsRequestData deleteRecordsRequest(String topic, long offset, int timeoutMs) {
        return new DeleteRecordsRequestData()
                .setTimeoutMs(timeoutMs)
                .setTopics(List.of(new DeleteRecordsRequestData.DeleteRecordsTopic()
                        .setName(topic)
                        .setPartitions(List.of(new DeleteRecordsRequestData.DeleteRecordsPartition()
                                .setPartitionIndex(0)
                                .setOffset(offset)))));
    }

    private static DeleteRecordsPartitionResult deleteRecords(
            RawClient client, String topic, long offset, int timeoutMs) throws IOException {
        return deleted((DeleteRecordsResponseData)
                client.exchange(ApiKeys.DELETE_RECORDS, (short) 2, deleteRecordsRequest(topic, offset, timeoutMs)));
    }

    private static DeleteRecordsPartitionResult deleted(DeleteRecordsResponseData response) {
        return response.topics().iterator().next().partitions().iterator().next();
    }
}
