// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.api.meta.v1alpha1;

import io.eventfleet.api.contract.ApiValue;
import io.eventfleet.api.contract.OrEmpty;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The root document.
 *
 * @param storeGeneration raised by a repair only
 * @param clusterId identity of the cluster's data
 * @param controllerEpoch epoch of the controller that wrote this
 * @param version number of the write
 * @param writeToken which write this is: controllerEpoch/sequence
 * @param controllerIncarnation incarnation of the controller's process; null before the first controller
 * @param controllerId broker id of the controller; null before the first controller
 * @param nextBrokerEpoch the next broker epoch that is handed out
 * @param nextProducerIdBlock the first producer id that was never handed out
 * @param shards names of the PartitionShards that must exist
 * @param featureLevel what the metadata may use
 * @param rebuild true: the metadata was lost while volumes remained; brokers report what they know before anything is decided
 */
@ApiValue
@ValidationRule(value = Fence.RULE, message = Fence.MESSAGE)
@ValidationRule(value = "self.clusterId == oldSelf.clusterId", message = "clusterId is immutable")
public record ClusterMetaSpec(
        @Required @Min(0) long storeGeneration,
        @Required @Size(min = 1, max = 64) String clusterId,
        @Required @Min(0) long controllerEpoch,
        @Required @Min(0) long version,
        @Required @Size(max = 64) String writeToken,
        @Size(max = 64) @Nullable String controllerIncarnation,
        @Nullable Integer controllerId,
        @Required @Min(0) long nextBrokerEpoch,
        @Required @Min(0) long nextProducerIdBlock,
        @Size(max = 1000) List<@Size(min = 1, max = 253) String> shards,
        @Required @Min(0) int featureLevel,
        @Nullable Boolean rebuild)
        implements Fence {
    public ClusterMetaSpec {
        shards = OrEmpty.list(shards);
    }

    /**
     * The root of a cluster as the operator makes it, before any broker.
     *
     * @param clusterId identity of the cluster's data
     * @param rebuild true when volumes hold data that the root does not know
     */
    public static ClusterMetaSpec created(String clusterId, boolean rebuild) {
        return new ClusterMetaSpec(
                1, clusterId, 0, 1, "created", null, null, 1, 0, List.of(), 1, rebuild ? Boolean.TRUE : null);
    }
}
