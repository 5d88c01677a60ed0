// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.api.meta.v1alpha1;

import io.eventfleet.api.contract.ApiValue;
import io.eventfleet.api.contract.OrEmpty;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.Map;

/**
 * The document of a shard.
 *
 * @param storeGeneration raised by a repair only
 * @param clusterId identity of the cluster's data
 * @param controllerEpoch epoch of the controller that wrote this
 * @param version number of the write
 * @param writeToken which write this is: controllerEpoch/sequence
 * @param shardId number of the shard
 * @param brokerEpochs broker id to the incarnation that this shard vouches for
 * @param topics topic id to a header line and a line per partition
 */
@ApiValue
@ValidationRule(value = Fence.RULE, message = Fence.MESSAGE)
@ValidationRule(value = "self.clusterId == oldSelf.clusterId", message = "clusterId is immutable")
@ValidationRule(value = "self.shardId == oldSelf.shardId", message = "shardId is immutable")
public record PartitionShardSpec(
        @Required @Min(0) long storeGeneration,
        @Required @Size(min = 1, max = 64) String clusterId,
        @Required @Min(0) long controllerEpoch,
        @Required @Min(0) long version,
        @Required @Size(max = 64) String writeToken,
        @Required @Min(0) int shardId,
        @Size(max = 1000) Map<String, Long> brokerEpochs,
        @Size(max = 10000) Map<String, String> topics)
        implements Fence {
    public PartitionShardSpec {
        brokerEpochs = OrEmpty.map(brokerEpochs);
        topics = OrEmpty.map(topics);
    }
}
