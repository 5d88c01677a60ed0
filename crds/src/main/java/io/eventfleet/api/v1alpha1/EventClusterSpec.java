// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.eventfleet.api.contract.ApiValue;
import io.eventfleet.api.contract.OrEmpty;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.model.annotation.SpecReplicas;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a cluster is to be; an absent field is null or empty.
 *
 * @param replicas brokers
 * @param storage volumes and durability
 * @param resources of a broker container
 * @param listeners where clients connect
 * @param topicDefaults what a topic is like that does not say
 * @param config broker-level settings by Kafka's names
 */
@ApiValue
@ValidationRule(
        value =
                "!has(self.topicDefaults) || !has(self.topicDefaults.replicationFactor) || self.topicDefaults.replicationFactor <= (has(self.replicas) ? self.replicas : 1)",
        message = "topicDefaults.replicationFactor must not be larger than replicas")
public record EventClusterSpec(
        @JsonPropertyDescription("Number of brokers; one is a complete cluster.")
        @SpecReplicas
        @Default("1")
        @Min(1)
        @Max(100)
        @Nullable
        Integer replicas,

        @JsonPropertyDescription("The volume of each broker, and when a record counts as stored.") @Required
        Storage storage,

        @JsonPropertyDescription(
                "Resources of the broker container; heap and native memory are derived from the memory limit.")
        @Nullable
        Resources resources,

        @JsonPropertyDescription("Where clients connect; one listener 'plain' on port 9092 when absent.")
        @Size(min = 1, max = 4)
        @ValidationRule(
                value = "self.all(a, self.exists_one(b, b.port == a.port))",
                message = "listeners must have different ports")
        List<Listener> listeners,

        @JsonPropertyDescription("What a topic is like that does not say.") @Nullable
        TopicDefaults topicDefaults,

        @JsonPropertyDescription(
                "Broker-level settings by Kafka's names; an unknown or unsupported key is refused with a reason.")
        @Size(max = 128)
        Map<String, String> config) {

    public EventClusterSpec {
        listeners = OrEmpty.list(listeners);
        config = OrEmpty.map(config);
    }

    /**
     * The volume of each broker, and when a record counts as stored.
     *
     * @param size of the volume of one broker
     * @param storageClassName the StorageClass; the default one when absent
     * @param durability when an append counts; Synced when absent
     */
    @ApiValue
    @ValidationRule(
            value =
                    "has(self.storageClassName) == has(oldSelf.storageClassName) && (!has(self.storageClassName) || self.storageClassName == oldSelf.storageClassName)",
            message = "storageClassName is immutable")
    public record Storage(
            @JsonPropertyDescription("Size of the volume of one broker, for example 20Gi.") @Required
            Quantity size,

            @JsonPropertyDescription("The StorageClass of the volumes; the default one when absent. Immutable.")
            @Size(min = 1, max = 253)
            @Nullable
            String storageClassName,

            @JsonPropertyDescription(
                    "Synced (when absent): a record is on disk before it is acknowledged. Buffered: it is with the operating system and survives the process, not the machine.")
            @Nullable
            Durability durability) {}

    /** When an append counts. */
    public enum Durability {
        @JsonProperty("Synced")
        SYNCED,
        @JsonProperty("Buffered")
        BUFFERED
    }

    /**
     * Resources of a container.
     *
     * @param requests by resource name
     * @param limits by resource name
     */
    @ApiValue
    public record Resources(
            @Size(max = 16) Map<String, Quantity> requests,

            @Size(max = 16) Map<String, Quantity> limits) {
        public Resources {
            requests = OrEmpty.map(requests);
            limits = OrEmpty.map(limits);
        }
    }

    /**
     * Where clients connect.
     *
     * @param name of the listener
     * @param port of Service and container
     * @param type from where it can be reached; Internal when absent
     */
    @ApiValue
    public record Listener(
            @JsonPropertyDescription("Name of the listener.")
            @Required
            @Pattern("^[a-z]([-a-z0-9]*[a-z0-9])?$")
            @Size(min = 1, max = 15)
            @ValidationRule(
                    value = "self != 'internal' && self != 'health'",
                    message = "'internal' and 'health' are the brokers' own listeners")
            String name,

            @JsonPropertyDescription("Port of Service and container.")
            @Required
            @Min(1024)
            @Max(65535)
            @ValidationRule(
                    value = "self != 9093 && self != 9404",
                    message = "ports 9093 and 9404 are used by the brokers themselves")
            Integer port,

            @JsonPropertyDescription("Internal (when absent): reached from inside the Kubernetes cluster.") @Nullable
            ListenerType type) {}

    /** From where a listener can be reached. */
    public enum ListenerType {
        @JsonProperty("Internal")
        INTERNAL
    }

    /**
     * What a topic is like that does not say.
     *
     * @param partitions of a topic
     * @param replicationFactor replicas of a partition
     * @param minInsyncReplicas replicas that must hold a record before acks=all is answered
     */
    @ApiValue
    public record TopicDefaults(
            @JsonPropertyDescription("Partitions of a topic.") @Min(1) @Max(10000) @Nullable
            Integer partitions,

            @JsonPropertyDescription(
                    "Replicas of each partition. A change moves replicas of every topic that does not say.")
            @Min(1)
            @Max(7)
            @Nullable
            Integer replicationFactor,

            @JsonPropertyDescription(
                    "Replicas that must hold a record before acks=all is answered; never more than a partition has.")
            @Min(1)
            @Max(7)
            @Nullable
            Integer minInsyncReplicas) {}
}
