// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;

/**
 * Single requests about partition 0 of a topic (or all of it) to one broker, with none of the retries and checks of a client.
 *
 * @param broker whom to ask, whether it leads or not
 */
record RawRequests(Node broker) {
    /** A reader that does not say which epoch it knows. */
    static final int NO_EPOCH = -1;

    // The newest versions that name topics instead of giving their ids.
    private static final int PRODUCE_VERSION = 12;
    private static final int FETCH_VERSION = 12;
    private static final int METADATA_VERSION = 12;
    private static final int INIT_PRODUCER_ID_VERSION = 4;
    private static final short ALL_IN_SYNC = -1;
    private static final int TIMEOUT_MS = 10_000;
    private static final int MAX_BYTES = 1 << 20;

    /** What keeps the broker from naming the leader of every partition of a topic; {@link Errors#NONE} when it can. */
    Errors describe(String topic) throws IOException {
        var request = new MetadataRequestData()
                .setTopics(List.of(new MetadataRequestData.MetadataRequestTopic().setName(topic)))
                .setAllowAutoTopicCreation(false);
        try (RawConnection connection = RawConnection.to(broker)) {
            var answer = connection.call(ApiKeys.METADATA, METADATA_VERSION, request, new MetadataResponseData());
            var described = answer.topics().iterator().next();
            Errors ofTopic = Errors.forCode(described.errorCode());
            return ofTopic != Errors.NONE
                    ? ofTopic
                    : described.partitions().stream()
                            .map(partition -> Errors.forCode(partition.errorCode()))
                            .filter(error -> error != Errors.NONE)
                            .findFirst()
                            .orElse(Errors.NONE);
        }
    }

    /** What the broker says to these bytes. */
    Errors produce(String topic, ByteBuffer records) throws IOException {
        var request = new ProduceRequestData().setAcks(ALL_IN_SYNC).setTimeoutMs(TIMEOUT_MS);
        request.topicData()
                .add(new ProduceRequestData.TopicProduceData()
                        .setName(topic)
                        .setPartitionData(List.of(new ProduceRequestData.PartitionProduceData()
                                .setIndex(0)
                                .setRecords(MemoryRecords.readableRecords(records)))));
        try (RawConnection connection = RawConnection.to(broker)) {
            var answer = connection.call(ApiKeys.PRODUCE, PRODUCE_VERSION, request, new ProduceResponseData());
            var topics = answer.responses().iterator();
            return Errors.forCode(topics.next().partitionResponses().getFirst().errorCode());
        }
    }

    /** What the broker says to a reader at the start of the partition who knows that epoch. */
    Errors fetch(String topic, int leaderEpoch) throws IOException {
        var partition = new FetchRequestData.FetchPartition()
                .setPartition(0)
                .setCurrentLeaderEpoch(leaderEpoch)
                .setFetchOffset(0)
                .setPartitionMaxBytes(MAX_BYTES);
        var request = new FetchRequestData()
                .setMaxWaitMs(100)
                .setMinBytes(1)
                .setMaxBytes(MAX_BYTES)
                .setSessionId(0)
                .setSessionEpoch(-1)
                .setTopics(List.of(
                        new FetchRequestData.FetchTopic().setTopic(topic).setPartitions(List.of(partition))));
        try (RawConnection connection = RawConnection.to(broker)) {
            var answer = connection.call(ApiKeys.FETCH, FETCH_VERSION, request, new FetchResponseData());
            return Errors.forCode(
                    answer.responses().getFirst().partitions().getFirst().errorCode());
        }
    }

    /** A producer id that nobody has used. */
    long newProducerId() throws IOException {
        var request = new InitProducerIdRequestData().setTransactionalId(null).setTransactionTimeoutMs(60_000);
        try (RawConnection connection = RawConnection.to(broker)) {
            var answer = connection.call(
                    ApiKeys.INIT_PRODUCER_ID, INIT_PRODUCER_ID_VERSION, request, new InitProducerIdResponseData());
            assertThat(Errors.forCode(answer.errorCode())).isEqualTo(Errors.NONE);
            return answer.producerId();
        }
    }
}
