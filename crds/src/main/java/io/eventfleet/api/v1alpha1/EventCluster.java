// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.api.v1alpha1;

import io.eventfleet.api.contract.ApiGroups;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn.Type;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Categories;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;
import org.jspecify.annotations.Nullable;

/** A fleet of brokers that serves topics to Kafka clients. */
@Group(ApiGroups.PUBLIC)
@Version(ApiGroups.V1ALPHA1)
@ShortNames("evc")
@Categories(ApiGroups.CATEGORY)
@AdditionalPrinterColumn(
        name = "READY",
        type = Type.STRING,
        jsonPath = ".status.conditions[?(@.type==\"Ready\")].status")
@AdditionalPrinterColumn(
        name = "REASON",
        type = Type.STRING,
        jsonPath = ".status.conditions[?(@.type==\"Ready\")].reason")
@AdditionalPrinterColumn(name = "BROKERS", type = Type.INTEGER, jsonPath = ".status.readyReplicas")
@AdditionalPrinterColumn(name = "PARTITIONS", type = Type.INTEGER, jsonPath = ".status.partitions")
@AdditionalPrinterColumn(name = "UNDER-REPLICATED", type = Type.INTEGER, jsonPath = ".status.underReplicated")
@AdditionalPrinterColumn(name = "VERSION", type = Type.STRING, jsonPath = ".status.version")
@AdditionalPrinterColumn(name = "AGE", type = Type.DATE, jsonPath = ".metadata.creationTimestamp")
@AdditionalPrinterColumn(name = "BOOTSTRAP", type = Type.STRING, jsonPath = ".status.bootstrap", priority = 1)
@AdditionalPrinterColumn(name = "CONTROLLER", type = Type.STRING, jsonPath = ".status.controller", priority = 1)
@ValidationRule(
        value = "self.metadata.name.matches('^[a-z]([-a-z0-9]*[a-z0-9])?$') && size(self.metadata.name) <= 40",
        message =
                "the name of an EventCluster must start with a letter, have only a-z, 0-9 and '-', and at most 40 characters")
public final class EventCluster extends CustomResource<EventClusterSpec, EventClusterStatus> implements Namespaced {
    private static final long serialVersionUID = 1L;

    @Override
    protected @Nullable EventClusterSpec initSpec() {
        return null;
    }

    @Override
    protected @Nullable EventClusterStatus initStatus() {
        return null;
    }
}
