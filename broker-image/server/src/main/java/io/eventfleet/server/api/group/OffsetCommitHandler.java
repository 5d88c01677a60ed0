// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.api.group;

import io.eventfleet.coordinator.Groups;
import io.eventfleet.core.cluster.image.ClusterImage;
import io.eventfleet.core.cluster.image.ClusterImages;
import io.eventfleet.core.cluster.image.TopicInfo;
import io.eventfleet.protocol.Ids;
import io.eventfleet.protocol.RequestContext;
import io.eventfleet.server.api.ApiHandler;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.OffsetCommitResponseData.OffsetCommitResponsePartition;
import org.apache.kafka.common.message.OffsetCommitResponseData.OffsetCommitResponseTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/**
 * OffsetCommit. Version 10 names topics by id. Topics and partitions that do not exist are answered one by one; the
 * rest is committed.
 */
final class OffsetCommitHandler implements ApiHandler<OffsetCommitRequestData, OffsetCommitResponseData> {
    private static final int FIRST_VERSION_WITH_TOPIC_IDS = 10;

    private final Groups groups;
    private final ClusterImages images;

    OffsetCommitHandler(Groups groups, ClusterImages images) {
        this.groups = groups;
        this.images = images;
    }

    @Override
    public ApiKeys key() {
        return ApiKeys.OFFSET_COMMIT;
    }

    @Override
    public CompletionStage<OffsetCommitResponseData> handle(RequestContext context, OffsetCommitRequestData request) {
        boolean byId = context.apiVersion() >= FIRST_VERSION_WITH_TOPIC_IDS;
        var refused = new Refused();
        var accepted = accept(request.topics(), byId, refused);
        if (accepted.isEmpty()) {
            return CompletableFuture.completedFuture(refused.mergedInto(new OffsetCommitResponseData()));
        }
        return groups.commitOffsets(context.toKafka(), request.setTopics(accepted))
                .thenApply(refused::mergedInto);
    }

    private List<OffsetCommitRequestTopic> accept(
            List<OffsetCommitRequestTopic> wanted, boolean byId, Refused refused) {
        var image = images.current();
        var accepted = new ArrayList<OffsetCommitRequestTopic>();
        for (var topic : wanted) {
            var known = lookUp(image, topic, byId);
            if (known.isEmpty()) {
                var error = byId ? Errors.UNKNOWN_TOPIC_ID : Errors.UNKNOWN_TOPIC_OR_PARTITION;
                topic.partitions().forEach(partition -> refused.add(topic, partition, error));
                continue;
            }
            topic.setName(known.get().name()).setTopicId(Ids.toKafka(known.get().id()));
            int count = known.get().partitions().size();
            var existing = new ArrayList<OffsetCommitRequestPartition>();
            for (var partition : topic.partitions()) {
                if (partition.partitionIndex() >= 0 && partition.partitionIndex() < count) {
                    existing.add(partition);
                } else {
                    refused.add(topic, partition, Errors.UNKNOWN_TOPIC_OR_PARTITION);
                }
            }
            if (!existing.isEmpty()) {
                accepted.add(topic.setPartitions(existing));
            }
        }
        return accepted;
    }

    private static Optional<TopicInfo> lookUp(ClusterImage image, OffsetCommitRequestTopic topic, boolean byId) {
        return byId ? image.openTopic(Ids.toJava(topic.topicId())) : image.topic(topic.name());
    }

    /** Answers to the partitions that the coordinator is not asked about, by topic, in the order of the request. */
    private static final class Refused {
        private record TopicKey(String name, Uuid id) {}

        private final List<OffsetCommitResponseTopic> topics = new ArrayList<>();
        private final Map<TopicKey, OffsetCommitResponseTopic> byKey = new HashMap<>();

        void add(OffsetCommitRequestTopic topic, OffsetCommitRequestPartition partition, Errors error) {
            topicFor(new TopicKey(topic.name(), topic.topicId()))
                    .partitions()
                    .add(new OffsetCommitResponsePartition()
                            .setPartitionIndex(partition.partitionIndex())
                            .setErrorCode(error.code()));
        }

        /** One entry per topic, also when only some of its partitions were refused. */
        OffsetCommitResponseData mergedInto(OffsetCommitResponseData response) {
            for (var answered : response.topics()) {
                var own = byKey.remove(new TopicKey(answered.name(), answered.topicId()));
                if (own != null) {
                    answered.partitions().addAll(own.partitions());
                    topics.remove(own);
                }
            }
            response.topics().addAll(topics);
            return response;
        }

        private OffsetCommitResponseTopic topicFor(TopicKey key) {
            return byKey.computeIfAbsent(key, absent -> {
                var topic = new OffsetCommitResponseTopic().setName(key.name()).setTopicId(key.id());
                topics.add(topic);
                return topic;
            });
        }
    }
}
