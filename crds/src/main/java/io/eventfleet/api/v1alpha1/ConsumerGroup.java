// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.api.v1alpha1;

import io.eventfleet.api.contract.ApiGroups;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn.Type;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Categories;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;
import org.jspecify.annotations.Nullable;

/** A consumer group that is meant to exist, shown as it is. Groups that nobody declares have no resource. */
@Group(ApiGroups.PUBLIC)
@Version(ApiGroups.V1ALPHA1)
@ShortNames("evg")
@Categories(ApiGroups.CATEGORY)
@AdditionalPrinterColumn(name = "CLUSTER", type = Type.STRING, jsonPath = ".spec.cluster")
@AdditionalPrinterColumn(name = "STATE", type = Type.STRING, jsonPath = ".status.state")
@AdditionalPrinterColumn(name = "MEMBERS", type = Type.INTEGER, jsonPath = ".status.memberCount")
@AdditionalPrinterColumn(name = "LAG", type = Type.INTEGER, jsonPath = ".status.lag.records")
@AdditionalPrinterColumn(
        name = "READY",
        type = Type.STRING,
        jsonPath = ".status.conditions[?(@.type==\"Ready\")].status")
@AdditionalPrinterColumn(name = "AGE", type = Type.DATE, jsonPath = ".metadata.creationTimestamp")
@AdditionalPrinterColumn(name = "GROUP", type = Type.STRING, jsonPath = ".status.groupId", priority = 1)
@AdditionalPrinterColumn(name = "COORDINATOR", type = Type.STRING, jsonPath = ".status.coordinator", priority = 1)
@AdditionalPrinterColumn(
        name = "REASON",
        type = Type.STRING,
        jsonPath = ".status.conditions[?(@.type==\"Ready\")].reason",
        priority = 1)
public final class ConsumerGroup extends CustomResource<ConsumerGroupSpec, ConsumerGroupStatus> implements Namespaced {
    private static final long serialVersionUID = 1L;

    /** The id that Kafka clients use: spec.groupId, else the name of the resource. */
    public String groupId() {
        var explicit = getSpec() == null ? null : getSpec().groupId();
        return explicit != null ? explicit : getMetadata().getName();
    }

    @Override
    protected @Nullable ConsumerGroupSpec initSpec() {
        return null;
    }

    @Override
    protected @Nullable ConsumerGroupStatus initStatus() {
        return null;
    }
}
