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

/** A topic of a cluster: the one source of truth for its existence, size and settings. */
@Group(ApiGroups.PUBLIC)
@Version(ApiGroups.V1ALPHA1)
@ShortNames("evt")
@Categories(ApiGroups.CATEGORY)
@AdditionalPrinterColumn(name = "CLUSTER", type = Type.STRING, jsonPath = ".spec.cluster")
@AdditionalPrinterColumn(name = "PARTITIONS", type = Type.INTEGER, jsonPath = ".status.partitions")
@AdditionalPrinterColumn(name = "REPLICAS", type = Type.INTEGER, jsonPath = ".status.replicationFactor")
@AdditionalPrinterColumn(
        name = "READY",
        type = Type.STRING,
        jsonPath = ".status.conditions[?(@.type==\"Ready\")].status")
@AdditionalPrinterColumn(
        name = "REASON",
        type = Type.STRING,
        jsonPath = ".status.conditions[?(@.type==\"Ready\")].reason")
@AdditionalPrinterColumn(name = "AGE", type = Type.DATE, jsonPath = ".metadata.creationTimestamp")
@AdditionalPrinterColumn(name = "TOPIC", type = Type.STRING, jsonPath = ".status.topicName", priority = 1)
@AdditionalPrinterColumn(name = "ID", type = Type.STRING, jsonPath = ".status.topicId", priority = 1)
@ValidationRule(
        value = "has(self.spec.topicName) || size(self.metadata.name) <= 249",
        message = "a topic name has at most 249 characters: set spec.topicName")
public final class Topic extends CustomResource<TopicSpec, TopicStatus> implements Namespaced {
    private static final long serialVersionUID = 1L;

    /** The name that Kafka clients use: spec.topicName, else the name of the resource. */
    public String topicName() {
        var explicit = getSpec() == null ? null : getSpec().topicName();
        return explicit != null ? explicit : getMetadata().getName();
    }

    @Override
    protected @Nullable TopicSpec initSpec() {
        return null;
    }

    @Override
    protected @Nullable TopicStatus initStatus() {
        return null;
    }
}
