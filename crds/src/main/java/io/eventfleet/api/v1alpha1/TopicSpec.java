// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.eventfleet.api.contract.ApiValue;
import io.eventfleet.api.contract.OrEmpty;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a topic is to be; an absent field is null or empty.
 *
 * @param cluster name of the EventCluster in the same namespace
 * @param topicName what Kafka clients call it; the name of the resource when absent
 * @param partitions how many; the cluster's default when absent
 * @param replicationFactor replicas of each partition; the cluster's default when absent
 * @param config topic-level settings by Kafka's names
 */
@ApiValue
@ValidationRule(
        value =
                "has(self.topicName) == has(oldSelf.topicName) && (!has(self.topicName) || self.topicName == oldSelf.topicName)",
        message = "topicName is immutable")
@ValidationRule(
        value = "!has(oldSelf.partitions) || has(self.partitions)",
        message = "partitions cannot be taken back once they are set")
public record TopicSpec(
        @JsonPropertyDescription("Name of the EventCluster in the same namespace. Immutable.")
        @Required
        @Size(min = 1, max = 40)
        @ValidationRule(value = "self == oldSelf", message = "cluster is immutable")
        String cluster,

        @JsonPropertyDescription("What Kafka clients call the topic; the name of the resource when absent. Immutable.")
        @Size(min = 1, max = 249)
        @Pattern("^[a-zA-Z0-9._-]+$")
        @ValidationRule(value = "self != '.' && self != '..'", message = "topicName must not be '.' or '..'")
        @Nullable
        String topicName,

        @JsonPropertyDescription("Number of partitions; the cluster's default when absent. Only grows.")
        @Min(1)
        @Max(10000)
        @ValidationRule(value = "self >= oldSelf", message = "partitions can only grow")
        @Nullable
        Integer partitions,

        @JsonPropertyDescription(
                "Replicas of each partition; the cluster's default when absent. A change moves replicas while the topic serves on.")
        @Min(1)
        @Max(7)
        @Nullable
        Integer replicationFactor,

        @JsonPropertyDescription(
                "Topic-level settings by Kafka's names; an unknown or unsupported key is refused with a reason.")
        @Size(max = 64)
        Map<String, String> config) {
    public TopicSpec {
        config = OrEmpty.map(config);
    }
}
