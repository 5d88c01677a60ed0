// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.api.meta.v1alpha1;

import io.eventfleet.api.contract.ApiGroups;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn.Type;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Version;
import org.jspecify.annotations.Nullable;

/** The brokers that a cluster has or had, with the incarnation of each. */
@Group(ApiGroups.META)
@Version(ApiGroups.V1ALPHA1)
@AdditionalPrinterColumn(name = "EPOCH", type = Type.INTEGER, jsonPath = ".spec.controllerEpoch")
@AdditionalPrinterColumn(name = "VERSION", type = Type.INTEGER, jsonPath = ".spec.version")
@AdditionalPrinterColumn(name = "AGE", type = Type.DATE, jsonPath = ".metadata.creationTimestamp")
public final class BrokerRegistry extends CustomResource<BrokerRegistrySpec, Void> implements Namespaced {
    private static final long serialVersionUID = 1L;

    @Override
    protected @Nullable BrokerRegistrySpec initSpec() {
        return null;
    }
}
