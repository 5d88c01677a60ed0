// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.eventfleet.api.contract.ApiValue;
import io.eventfleet.api.contract.OrEmpty;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a topic is.
 *
 * @param observedGeneration the generation of the spec that this status speaks of
 * @param conditions Ready, Reconciling, Stalled
 * @param topicName what Kafka clients call it
 * @param topicId Kafka's id of the topic
 * @param partitions that exist
 * @param replicationFactor replicas of a partition
 * @param leaders partitions that have a leader
 * @param underReplicated partitions with fewer replicas in sync than they have
 */
@ApiValue
public record TopicStatus(
        @Nullable Long observedGeneration,
        List<Condition> conditions,

        @JsonPropertyDescription("What Kafka clients call the topic.") @Nullable
        String topicName,

        @JsonPropertyDescription("Kafka's id of the topic.") @Nullable
        String topicId,

        @JsonPropertyDescription("Partitions that exist.") @Nullable
        Integer partitions,

        @JsonPropertyDescription("Replicas of a partition.") @Nullable
        Integer replicationFactor,

        @JsonPropertyDescription("Partitions that have a leader.") @Nullable
        Integer leaders,

        @JsonPropertyDescription("Partitions with fewer replicas in sync than they have.") @Nullable
        Integer underReplicated) {
    public TopicStatus {
        conditions = OrEmpty.list(conditions);
    }
}
