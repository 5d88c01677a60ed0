// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eventfleet.local.api.json.Json;
import io.eventfleet.local.api.json.Metadata;
import io.eventfleet.local.api.operation.DeleteOptions;
import io.eventfleet.local.api.operation.ResourceApi;
import io.eventfleet.local.api.operation.Selector;
import io.eventfleet.local.api.operation.Target;
import io.eventfleet.local.api.operation.WriteOptions;
import io.eventfleet.local.api.operation.WriteOptions.FieldValidation;
import io.eventfleet.local.api.resource.ResourceRegistry;
import io.eventfleet.local.api.resource.ResourceType;
import io.eventfleet.local.api.store.ObjectStore;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** The verbs in memory, with YAML in and JSON out; what the garbage collector does later runs on {@link #collect}. */
public final class Api implements AutoCloseable {
    private final ObjectStore store;
    private final ResourceApi api;
    private final Queue<Runnable> later = new ArrayDeque<>();

    public Api() {
        this(null);
    }

    Api(@Nullable Path journal) {
        store = new ObjectStore(journal);
        api = new ResourceApi(
                store,
                new ResourceRegistry(),
                Clock.fixed(Instant.parse("2026-01-01T00:00:00Z"), ZoneOffset.UTC),
                later::add);
    }

    public ResourceApi verbs() {
        return api;
    }

    ObjectStore store() {
        return store;
    }

    public ObjectNode create(String yaml) {
        ObjectNode object = Json.documents(yaml).getFirst();
        return api.create(new Target(typeOf(object), namespaceOf(object), "", ""), object, options("kubectl"));
    }

    public ObjectNode replace(ObjectNode object) {
        return api.replace(target(object, ""), object.deepCopy(), options("editor"));
    }

    public ObjectNode replaceStatus(ObjectNode object) {
        return api.replace(target(object, "status"), object.deepCopy(), options("controller"));
    }

    public ObjectNode apply(String manager, String yaml) {
        return apply(manager, false, yaml);
    }

    public ObjectNode apply(String manager, boolean force, String yaml) {
        ObjectNode object = Json.documents(yaml).getFirst();
        var options = new WriteOptions(false, manager, force, FieldValidation.STRICT, new ArrayList<>());
        return api.patch(
                        target(object, ""),
                        "application/apply-patch+yaml",
                        yaml.getBytes(StandardCharsets.UTF_8),
                        options)
                .object();
    }

    public ObjectNode patch(ObjectNode object, String mediaType, String json) {
        byte[] body = json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        return api.patch(target(object, ""), mediaType, body, options("patcher"))
                .object();
    }

    public void delete(ObjectNode object, DeleteOptions.Propagation propagation) {
        api.delete(target(object, ""), new DeleteOptions(-1, propagation, "", "", false));
    }

    public Optional<ObjectNode> find(ObjectNode object) {
        ResourceType type = typeOf(object);
        return store.find(type.storageId(), type.namespaced() ? Metadata.namespace(object) : "", Metadata.name(object))
                .map(found -> found.json());
    }

    public List<String> names(String group, String version, String plural) {
        ResourceType type = api.registry().find(group, version, plural).orElseThrow();
        return api.list(new Target(type, "", "", ""), Selector.ALL).objects().stream()
                .map(object -> Metadata.name(object.json()))
                .toList();
    }

    /** Runs what was put off. */
    void collect() {
        for (Runnable task = later.poll(); task != null; task = later.poll()) {
            task.run();
        }
    }

    public Target target(ObjectNode object, String subresource) {
        return new Target(typeOf(object), namespaceOf(object), Metadata.name(object), subresource);
    }

    private ResourceType typeOf(ObjectNode object) {
        return api.registry().ofObject(object).orElseThrow();
    }

    private String namespaceOf(ObjectNode object) {
        String namespace = Metadata.namespace(object);
        return !typeOf(object).namespaced() ? "" : namespace.isEmpty() ? "default" : namespace;
    }

    static WriteOptions options(String manager) {
        return new WriteOptions(false, manager, false, FieldValidation.STRICT, new ArrayList<>());
    }

    @Override
    public void close() {
        store.close();
    }
}
