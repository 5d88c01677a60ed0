// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.eventfleet.api.contract.ApiValue;
import io.eventfleet.api.contract.OrEmpty;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a consumer group is to be; an absent field is null or empty.
 *
 * @param cluster name of the EventCluster in the same namespace
 * @param groupId what Kafka clients call it; the name of the resource when absent
 * @param topics what it is meant to consume, by the names that Kafka clients use
 */
@ApiValue
@ValidationRule(
        value = "has(self.groupId) == has(oldSelf.groupId) && (!has(self.groupId) || self.groupId == oldSelf.groupId)",
        message = "groupId is immutable")
public record ConsumerGroupSpec(
        @JsonPropertyDescription("Name of the EventCluster in the same namespace. Immutable.")
        @Required
        @Size(min = 1, max = 40)
        @ValidationRule(value = "self == oldSelf", message = "cluster is immutable")
        String cluster,

        @JsonPropertyDescription("What Kafka clients call the group; the name of the resource when absent. Immutable.")
        @Size(min = 1, max = 1024)
        @Nullable
        String groupId,

        @JsonPropertyDescription(
                "Topics that the group is meant to consume, by the names that Kafka clients use; compared with what it does consume.")
        @Size(max = 256)
        List<@Size(min = 1, max = 249) String> topics) {
    public ConsumerGroupSpec {
        topics = OrEmpty.list(topics);
    }
}
