// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.eventfleet.api.contract.ApiValue;
import io.eventfleet.api.contract.OrEmpty;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.model.annotation.LabelSelector;
import io.fabric8.kubernetes.model.annotation.StatusReplicas;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a cluster is.
 *
 * @param observedGeneration the generation of the spec that this status speaks of
 * @param conditions Ready, Reconciling, Stalled, Replicated, Scaling
 * @param clusterId written before the metadata root and never changed
 * @param metadataCreated true once the metadata root exists; a root that is missing then is lost and not made again
 * @param replicas brokers that exist
 * @param readyReplicas brokers that serve
 * @param selector selector of the broker pods, for the scale subresource
 * @param bootstrap where clients connect first: host:port
 * @param controller the pod of the broker that holds the controller Lease
 * @param partitions partitions of all topics
 * @param underReplicated partitions with fewer replicas in sync than they have
 * @param balancedBrokers brokers over which replicas were last spread, so that only an addition moves any
 * @param version of the brokers
 */
@ApiValue
public record EventClusterStatus(
        @Nullable Long observedGeneration,
        List<Condition> conditions,

        @JsonPropertyDescription("Identity of the cluster's data; written once.") @Nullable
        String clusterId,

        @JsonPropertyDescription("True once the metadata of the cluster was created; it is never created again.")
        @Nullable
        Boolean metadataCreated,

        @JsonPropertyDescription("Brokers that exist.") @StatusReplicas @Nullable
        Integer replicas,

        @JsonPropertyDescription("Brokers that serve.") @Nullable
        Integer readyReplicas,

        @JsonPropertyDescription("Selector of the broker pods, for the scale subresource.") @LabelSelector @Nullable
        String selector,

        @JsonPropertyDescription("Where clients connect first: host:port.") @Nullable
        String bootstrap,

        @JsonPropertyDescription("Pod of the broker that is the controller.") @Nullable
        String controller,

        @JsonPropertyDescription("Partitions of all topics.") @Nullable
        Integer partitions,

        @JsonPropertyDescription("Partitions with fewer replicas in sync than they have.") @Nullable
        Integer underReplicated,

        @JsonPropertyDescription("Brokers over which replicas were last spread.") @Nullable
        Integer balancedBrokers,

        @JsonPropertyDescription("Version of the brokers.") @Nullable
        String version) {
    public EventClusterStatus {
        conditions = OrEmpty.list(conditions);
    }
}
