// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.api.admin;

import io.eventfleet.core.cluster.image.ClusterImages;
import io.eventfleet.core.cluster.image.PartitionInfo;
import io.eventfleet.core.cluster.image.TopicInfo;
import io.eventfleet.protocol.RequestContext;
import io.eventfleet.server.api.ApiHandler;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.IntPredicate;
import org.apache.kafka.common.message.ListPartitionReassignmentsRequestData;
import org.apache.kafka.common.message.ListPartitionReassignmentsResponseData;
import org.apache.kafka.common.message.ListPartitionReassignmentsResponseData.OngoingPartitionReassignment;
import org.apache.kafka.common.message.ListPartitionReassignmentsResponseData.OngoingTopicReassignment;
import org.apache.kafka.common.protocol.ApiKeys;

/** ListPartitionReassignments (KIP-455), from the image; what is unknown or at rest is left out of the answer. */
final class ListPartitionReassignmentsHandler
        implements ApiHandler<ListPartitionReassignmentsRequestData, ListPartitionReassignmentsResponseData> {
    private final ClusterImages images;

    ListPartitionReassignmentsHandler(ClusterImages images) {
        this.images = images;
    }

    @Override
    public ApiKeys key() {
        return ApiKeys.LIST_PARTITION_REASSIGNMENTS;
    }

    @Override
    public CompletionStage<ListPartitionReassignmentsResponseData> handle(
            RequestContext context, ListPartitionReassignmentsRequestData request) {
        var image = images.current();
        var response = new ListPartitionReassignmentsResponseData().setErrorMessage(null);
        if (request.topics() == null) {
            image.topicsByName().values().stream()
                    .sorted(Comparator.comparing(TopicInfo::name))
                    .flatMap(topic -> moving(topic, index -> true).stream())
                    .forEach(response.topics()::add);
        } else {
            for (var wanted : request.topics()) {
                var partitions = new HashSet<>(wanted.partitionIndexes());
                image.topic(wanted.name())
                        .flatMap(topic -> moving(topic, partitions::contains))
                        .ifPresent(response.topics()::add);
            }
        }
        return CompletableFuture.completedFuture(response);
    }

    private static Optional<OngoingTopicReassignment> moving(TopicInfo topic, IntPredicate wanted) {
        List<OngoingPartitionReassignment> partitions = topic.partitions().stream()
                .filter(partition -> partition.reassigning() && wanted.test(partition.partition()))
                .map(ListPartitionReassignmentsHandler::describe)
                .toList();
        return partitions.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        new OngoingTopicReassignment().setName(topic.name()).setPartitions(partitions));
    }

    private static OngoingPartitionReassignment describe(PartitionInfo partition) {
        return new OngoingPartitionReassignment()
                .setPartitionIndex(partition.partition())
                .setReplicas(partition.replicas())
                .setAddingReplicas(partition.adding())
                .setRemovingReplicas(partition.removing());
    }
}
