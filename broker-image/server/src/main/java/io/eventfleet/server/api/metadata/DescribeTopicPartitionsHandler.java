// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.api.metadata;

import io.eventfleet.core.KafkaError;
import io.eventfleet.core.cluster.image.ClusterImage;
import io.eventfleet.core.cluster.image.ClusterImages;
import io.eventfleet.core.cluster.image.PartitionInfo;
import io.eventfleet.core.cluster.image.TopicInfo;
import io.eventfleet.protocol.ErrorCodes;
import io.eventfleet.protocol.Ids;
import io.eventfleet.protocol.RequestContext;
import io.eventfleet.server.api.ApiHandler;
import io.eventfleet.server.api.AuthorizedOperations;
import io.eventfleet.server.api.BrokerAddresses;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData.TopicRequest;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData.Cursor;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData.DescribeTopicPartitionsResponsePartition;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData.DescribeTopicPartitionsResponseTopic;
import org.apache.kafka.common.protocol.ApiKeys;

/** DescribeTopicPartitions (KIP-966): topics in the order of their names, page by page. */
final class DescribeTopicPartitionsHandler
        implements ApiHandler<DescribeTopicPartitionsRequestData, DescribeTopicPartitionsResponseData> {
    /** Most partitions of one page ({@code max.request.partition.size.limit} of Kafka). */
    private static final int MAX_PARTITIONS_PER_PAGE = 2_000;

    private final ClusterImages images;

    DescribeTopicPartitionsHandler(ClusterImages images) {
        this.images = images;
    }

    @Override
    public ApiKeys key() {
        return ApiKeys.DESCRIBE_TOPIC_PARTITIONS;
    }

    @Override
    public CompletionStage<DescribeTopicPartitionsResponseData> handle(
            RequestContext context, DescribeTopicPartitionsRequestData request) {
        var image = images.current();
        var from = request.cursor();
        var names = names(image, request);
        var page = new Page(
                image, context.listener(), Math.clamp(request.responsePartitionLimit(), 1, MAX_PARTITIONS_PER_PAGE));
        for (var name : from == null ? names : names.tailSet(from.topicName(), true)) {
            int first = from != null && from.topicName().equals(name) ? from.partitionIndex() : 0;
            if (!page.add(name, Math.max(0, first))) {
                break;
            }
        }
        return CompletableFuture.completedFuture(page.response);
    }

    private static TreeSet<String> names(ClusterImage image, DescribeTopicPartitionsRequestData request) {
        Collection<String> names = request.topics().isEmpty()
                ? image.topicsByName().keySet()
                : request.topics().stream().map(TopicRequest::name).toList();
        return new TreeSet<>(names);
    }

    /** One answer being filled. */
    private static final class Page {
        private final ClusterImage image;
        private final String listener;
        private final DescribeTopicPartitionsResponseData response = new DescribeTopicPartitionsResponseData();
        private int room;

        Page(ClusterImage image, String listener, int room) {
            this.image = image;
            this.listener = listener;
            this.room = room;
        }

        /** Adds a topic from a partition on; false when the page is full and a cursor was set. */
        boolean add(String name, int firstPartition) {
            if (room == 0) {
                response.setNextCursor(new Cursor().setTopicName(name).setPartitionIndex(firstPartition));
                return false;
            }
            var topic = image.topic(name);
            if (topic.isEmpty()) {
                response.topics()
                        .add(new DescribeTopicPartitionsResponseTopic()
                                .setName(name)
                                .setErrorCode(ErrorCodes.code(KafkaError.UNKNOWN_TOPIC_OR_PARTITION)));
                return true;
            }
            return add(topic.get(), firstPartition);
        }

        private boolean add(TopicInfo topic, int firstPartition) {
            var answer = new DescribeTopicPartitionsResponseTopic()
                    .setName(topic.name())
                    .setTopicId(Ids.toKafka(topic.id()))
                    .setIsInternal(topic.internal())
                    .setTopicAuthorizedOperations(AuthorizedOperations.ALL_ON_TOPIC);
            response.topics().add(answer);
            for (int i = firstPartition; i < topic.partitions().size(); i++) {
                if (room == 0) {
                    response.setNextCursor(
                            new Cursor().setTopicName(topic.name()).setPartitionIndex(i));
                    return false;
                }
                answer.partitions().add(describe(topic.partitions().get(i)));
                room--;
            }
            return true;
        }

        private DescribeTopicPartitionsResponsePartition describe(PartitionInfo partition) {
            var isLed =
                    BrokerAddresses.find(image, partition.leader(), listener).isPresent();
            return new DescribeTopicPartitionsResponsePartition()
                    .setErrorCode(ErrorCodes.code(isLed ? KafkaError.NONE : KafkaError.LEADER_NOT_AVAILABLE))
                    .setPartitionIndex(partition.partition())
                    .setLeaderId(isLed ? partition.leader() : PartitionInfo.NO_LEADER)
                    .setLeaderEpoch(partition.leaderEpoch())
                    .setReplicaNodes(partition.replicas())
                    .setIsrNodes(partition.isr())
                    .setEligibleLeaderReplicas(partition.elr())
                    // Null would be legal, but Kafka's own client does not survive it.
                    .setLastKnownElr(List.of())
                    .setOfflineReplicas(BrokerAddresses.unusable(image, partition.replicas(), listener));
        }
    }
}
