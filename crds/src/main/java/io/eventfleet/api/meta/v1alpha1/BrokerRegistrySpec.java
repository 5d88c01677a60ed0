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
 * The registry document.
 *
 * @param storeGeneration raised by a repair only
 * @param clusterId identity of the cluster's data
 * @param controllerEpoch epoch of the controller that wrote this
 * @param version number of the write
 * @param writeToken which write this is: controllerEpoch/sequence
 * @param brokers broker id to the brokers' own line of text
 */
@ApiValue
@ValidationRule(value = Fence.RULE, message = Fence.MESSAGE)
@ValidationRule(value = "self.clusterId == oldSelf.clusterId", message = "clusterId is immutable")
public record BrokerRegistrySpec(
        @Required @Min(0) long storeGeneration,
        @Required @Size(min = 1, max = 64) String clusterId,
        @Required @Min(0) long controllerEpoch,
        @Required @Min(0) long version,
        @Required @Size(max = 64) String writeToken,
        @Size(max = 1000) Map<String, String> brokers)
        implements Fence {
    public BrokerRegistrySpec {
        brokers = OrEmpty.map(brokers);
    }
}
