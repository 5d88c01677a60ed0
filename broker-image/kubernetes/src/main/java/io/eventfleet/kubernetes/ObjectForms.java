// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eventfleet.api.contract.Labels;
import io.eventfleet.core.cluster.store.Body;
import io.eventfleet.core.cluster.store.Doc;
import io.eventfleet.core.cluster.store.FencedBody;
import io.eventfleet.core.cluster.store.Kind;
import io.eventfleet.core.cluster.store.LeaseDoc;
import io.eventfleet.core.cluster.store.Ref;
import io.eventfleet.core.cluster.store.TopicDoc;
import java.time.Instant;

/** Objects of the API as documents of the core, and back. Immutable; any thread. */
final class ObjectForms {
    private final KubernetesSettings settings;
    private final TopicDocuments topics;

    ObjectForms(KubernetesSettings settings) {
        this.settings = settings;
        this.topics = new TopicDocuments(settings.cluster(), settings.topicDefaults());
    }

    static ApiResource resource(Kind kind) {
        return switch (kind) {
            case ROOT -> ApiResource.CLUSTER_META;
            case REGISTRY -> ApiResource.BROKER_REGISTRY;
            case SHARD -> ApiResource.PARTITION_SHARD;
            case LEASE -> ApiResource.LEASE;
            case TOPIC -> ApiResource.TOPIC;
        };
    }

    /** False for objects of other clusters, which only a list of Topics contains: users put no labels on them. */
    boolean isOurs(Kind kind, JsonNode object) {
        return kind != Kind.TOPIC || topics.isOurs(object);
    }

    Ref ref(Kind kind, JsonNode object) {
        return new Ref(kind, object.path("metadata").path("name").asText());
    }

    /**
     * Reads an object.
     *
     * @throws IllegalArgumentException if its content makes no sense
     */
    Doc doc(Kind kind, JsonNode object) {
        var spec = object.path("spec");
        Body body =
                switch (kind) {
                    case ROOT -> MetadataDocuments.root(spec);
                    case REGISTRY -> MetadataDocuments.registry(spec);
                    case SHARD -> MetadataDocuments.shard(spec);
                    case LEASE -> LeaseDocuments.lease(object);
                    case TOPIC -> topics.topic(object);
                };
        return new Doc(ref(kind, object), version(object), body);
    }

    static String version(JsonNode object) {
        return object.path("metadata").path("resourceVersion").asText();
    }

    /** A new object with this content. */
    ObjectNode create(Ref ref, Body body, Instant now) {
        var resource = resource(ref.kind());
        var object = JsonNodeFactory.instance.objectNode();
        object.put("apiVersion", resource.apiVersion()).put("kind", resource.kind());
        var metadata = object.putObject("metadata").put("name", ref.name()).put("namespace", settings.namespace());
        var labels = metadata.putObject("labels");
        Labels.ofMetadata(settings.cluster()).forEach(labels::put);
        write(body, object, now);
        return object;
    }

    /** The object as it was read, with this content and this version as the precondition. */
    ObjectNode replace(ObjectNode read, String expectedVersion, Body body, Instant now) {
        var object = read.deepCopy();
        object.withObject("/metadata").put("resourceVersion", expectedVersion).remove("managedFields");
        write(body, object, now);
        return object;
    }

    private void write(Body body, ObjectNode object, Instant now) {
        switch (body) {
            case FencedBody fenced -> MetadataDocuments.write(fenced, object.withObject("/spec"));
            case LeaseDoc lease -> LeaseDocuments.write(lease, object, now);
            case TopicDoc topic -> topics.write(topic, object);
        }
    }
}
