// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.api.group;

import io.eventfleet.coordinator.Groups;
import io.eventfleet.core.cluster.image.ClusterImages;
import io.eventfleet.protocol.RequestContext;
import io.eventfleet.server.api.ApiHandler;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.OffsetDeleteRequestData;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestTopic;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestTopicCollection;
import org.apache.kafka.common.message.OffsetDeleteResponseData;
import org.apache.kafka.common.message.OffsetDeleteResponseData.OffsetDeleteResponsePartition;
import org.apache.kafka.common.message.OffsetDeleteResponseData.OffsetDeleteResponseTopic;
import org.apache.kafka.common.message.OffsetDeleteResponseData.OffsetDeleteResponseTopicCollection;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/** OffsetDelete: forgets committed offsets of topics that a group does not subscribe to (KIP-496). */
final class OffsetDeleteHandler implements ApiHandler<OffsetDeleteRequestData, OffsetDeleteResponseData> {
    private final Groups groups;
    private final ClusterImages images;

    OffsetDeleteHandler(Groups groups, ClusterImages images) {
        this.groups = groups;
        this.images = images;
    }

    @Override
    public ApiKeys key() {
        return ApiKeys.OFFSET_DELETE;
    }

    @Override
    public CompletionStage<OffsetDeleteResponseData> handle(RequestContext context, OffsetDeleteRequestData request) {
        var image = images.current();
        var existing = new OffsetDeleteRequestTopicCollection();
        var refused = new OffsetDeleteResponseTopicCollection();
        for (var topic : request.topics()) {
            if (image.topic(topic.name()).isPresent()) {
                existing.add(topic.duplicate());
            } else {
                refused.add(unknown(topic));
            }
        }
        if (existing.isEmpty()) {
            return CompletableFuture.completedFuture(new OffsetDeleteResponseData().setTopics(refused));
        }
        return groups.deleteOffsets(
                        context.toKafka(),
                        new OffsetDeleteRequestData()
                                .setGroupId(request.groupId())
                                .setTopics(existing))
                .thenApply(response -> {
                    if (response.errorCode() == Errors.NONE.code()) {
                        refused.forEach(topic -> response.topics().add(topic.duplicate()));
                    }
                    return response;
                });
    }

    private static OffsetDeleteResponseTopic unknown(OffsetDeleteRequestTopic topic) {
        var answer = new OffsetDeleteResponseTopic().setName(topic.name());
        topic.partitions().forEach(partition -> answer.partitions()
                .add(new OffsetDeleteResponsePartition()
                        .setPartitionIndex(partition.partitionIndex())
                        .setErrorCode(Errors.UNKNOWN_TOPIC_OR_PARTITION.code())));
        return answer;
    }
}
