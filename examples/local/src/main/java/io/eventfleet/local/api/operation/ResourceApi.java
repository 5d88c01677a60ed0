// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.api.operation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eventfleet.local.api.apply.StrategicMergePatch;
import io.eventfleet.local.api.json.Json;
import io.eventfleet.local.api.json.MergePatch;
import io.eventfleet.local.api.json.Metadata;
import io.eventfleet.local.api.resource.ResourceRegistry;
import io.eventfleet.local.api.resource.ResourceType;
import io.eventfleet.local.api.status.ApiFailure;
import io.eventfleet.local.api.store.ObjectStore;
import io.eventfleet.local.api.store.StoredObject;
import io.fabric8.zjsonpatch.JsonPatch;
import io.fabric8.zjsonpatch.JsonPatchException;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.Executor;

/**
 * The verbs, for objects in the version that the caller speaks. Thread-safe. Returned objects belong to the store: callers
 * read them only.
 */
public final class ResourceApi {
    /** Outcome of a write: the object, and whether the request made it. */
    public record Written(ObjectNode object, boolean created) {}

    /** Outcome of a delete: the object and whether it is gone already. */
    public record Deleted(ObjectNode object, boolean gone) {}

    private final ObjectStore store;
    private final ResourceRegistry registry;
    private final Deletion deletion;
    private final Writes writes;

    /** @param later runs what the garbage collector does in its own time */
    public ResourceApi(ObjectStore store, ResourceRegistry registry, Clock clock, Executor later) {
        this.store = store;
        this.registry = registry;
        this.deletion = new Deletion(store, registry, clock, later);
        this.writes = new Writes(store, registry, deletion, clock);
        store.list("apiextensions.k8s.io/customresourcedefinitions", "")
                .objects()
                .forEach(d -> registry.serve(d.json()));
        for (String name : List.of("default", "kube-system")) {
            if (store.find("/namespaces", "", name).isEmpty()) {
                ObjectNode namespace = Json.object();
                Metadata.of(namespace).put("name", name);
                create(new Target(registry.builtin("", "namespaces"), "", "", ""), namespace, WriteOptions.internal());
            }
        }
    }

    public ObjectStore store() {
        return store;
    }

    public ResourceRegistry registry() {
        return registry;
    }

    public ObjectNode get(Target target) {
        return served(target, writes.require(target));
    }

    /** The matching objects of a type and the version of the list. */
    public ObjectStore.Snapshot list(Target target, Selector selector) {
        var snapshot = store.list(target.type().storageId(), target.namespace());
        ResourceType type = target.type();
        if (selector == Selector.ALL) {
            return snapshot;
        }
        var matching = snapshot.objects().stream()
                .filter(object -> selector.matches(type.conversion().toServed(object.json())))
                .toList();
        return new ObjectStore.Snapshot(matching, snapshot.resourceVersion());
    }

    public ObjectNode create(Target target, ObjectNode object, WriteOptions options) {
        if (target.type().namespaced() && target.namespace().isEmpty()) {
            throw ApiFailure.badRequest("an empty namespace may not be set during creation");
        }
        requireSameNamespace(target, object);
        return served(
                target, writes.create(stored(target), target.type().conversion().toStored(object), options));
    }

    public ObjectNode replace(Target target, ObjectNode object, WriteOptions options) {
        requireSameNamespace(target, object);
        ObjectNode wanted = target.type().conversion().toStored(object);
        return served(target, writes.update(stored(target), current -> wanted, options));
    }

    private static void requireSameNamespace(Target target, ObjectNode object) {
        String namespace = Metadata.namespace(object);
        if (!namespace.isEmpty() && !namespace.equals(target.namespace())) {
            throw ApiFailure.badRequest(
                    "the namespace of the provided object does not match the namespace sent on the request");
        }
    }

    /** Applies a patch of one of the four media types. */
    public Written patch(Target target, String mediaType, byte[] body, WriteOptions options) {
        return switch (mediaType) {
            case "application/apply-patch+yaml" -> {
                ObjectNode applied = Json.readObject(body, "yaml");
                requireSameNamespace(target, applied);
                var result =
                        writes.apply(stored(target), target.type().conversion().toStored(applied), options);
                yield new Written(served(target, result.object()), result.created());
            }
            case "application/merge-patch+json" -> {
                ObjectNode patch = Json.readObject(body, "json");
                yield patched(target, options, current -> MergePatch.apply(current, patch));
            }
            case "application/json-patch+json" -> {
                JsonNode patch = Json.read(body, "json");
                yield patched(target, options, current -> jsonPatch(target, current, patch));
            }
            case "application/strategic-merge-patch+json" -> {
                if (target.type().isCustom()) {
                    throw ApiFailure.unsupportedMediaType(
                            "application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml");
                }
                ObjectNode patch = Json.readObject(body, "json");
                yield patched(
                        target,
                        options,
                        current -> StrategicMergePatch.apply(
                                current, patch, target.type().fields()));
            }
            default ->
                throw ApiFailure.unsupportedMediaType(
                        "application/json-patch+json,"
                                + " application/merge-patch+json, application/strategic-merge-patch+json, application/apply-patch+yaml");
        };
    }

    private interface Change {
        JsonNode applyTo(ObjectNode current);
    }

    private Written patched(Target target, WriteOptions options, Change change) {
        var conversion = target.type().conversion();
        ObjectNode result = writes.update(
                stored(target),
                current -> conversion.toStored(asObject(change.applyTo(conversion.toServed(current)))),
                options);
        return new Written(served(target, result), false);
    }

    private static ObjectNode asObject(JsonNode patched) {
        if (patched instanceof ObjectNode object) {
            return object;
        }
        throw ApiFailure.badRequest("the patch does not yield an object");
    }

    private static JsonNode jsonPatch(Target target, ObjectNode current, JsonNode patch) {
        try {
            return JsonPatch.apply(patch, current);
        } catch (JsonPatchException e) {
            throw ApiFailure.invalid(
                    target.type().named(target.name()),
                    List.of(new ApiFailure.Cause("FieldValueInvalid", String.valueOf(e.getMessage()), "")));
        }
    }

    public Deleted delete(Target target, DeleteOptions options) {
        var result = deletion.delete(stored(target), options);
        return new Deleted(served(target, result.object()), result.gone());
    }

    /** Deletes every matching object; returns what was there. */
    public List<ObjectNode> deleteCollection(Target target, Selector selector, DeleteOptions options) {
        return list(target, selector).objects().stream()
                .map(StoredObject::json)
                .map(object -> delete(Target.of(target.type(), object), options).object())
                .toList();
    }

    /** The scale subresource as {@code autoscaling/v1}. */
    public ObjectNode scale(Target target) {
        return scaleOf(target, get(target));
    }

    private static ObjectNode scaleOf(Target target, ObjectNode object) {
        var paths = scalePaths(target.type());
        ObjectNode scale = Json.object().put("kind", "Scale").put("apiVersion", "autoscaling/v1");
        ObjectNode metadata = scale.putObject("metadata");
        for (String field : List.of("name", "namespace", "uid", "resourceVersion", "creationTimestamp")) {
            metadata.set(field, object.path("metadata").path(field));
        }
        scale.putObject("spec")
                .put("replicas", paths.specReplicas().first(object).asInt());
        ObjectNode status = scale.putObject("status")
                .put("replicas", paths.statusReplicas().first(object).asInt());
        if (paths.selector() != null) {
            status.put("selector", paths.selector().first(object).asText(""));
        }
        return scale;
    }

    private static ResourceType.Scale scalePaths(ResourceType type) {
        var scale = type.subresources().scale();
        if (scale == null) {
            throw ApiFailure.noSuchPath();
        }
        return scale;
    }

    /** Writes replicas through the scale subresource; {@code wanted} gets the scale as it is and returns it as it shall be. */
    public ObjectNode rescale(
            Target target, java.util.function.UnaryOperator<ObjectNode> wanted, WriteOptions options) {
        List<String> path = scalePaths(target.type()).specReplicas().fields();
        ObjectNode result = writes.update(
                stored(target),
                current -> {
                    ObjectNode scale = wanted.apply(scaleOf(target, current));
                    String version = Metadata.text(scale, "resourceVersion");
                    if (!version.isEmpty() && !version.equals(Metadata.text(current, "resourceVersion"))) {
                        throw ApiFailure.modified(target.type().named(target.name()));
                    }
                    ObjectNode at = current;
                    for (String field : path.subList(0, path.size() - 1)) {
                        at = at.get(field) instanceof ObjectNode child ? child : at.putObject(field);
                    }
                    at.put(path.getLast(), scale.path("spec").path("replicas").asInt());
                    return current;
                },
                options);
        return scaleOf(target, result);
    }

    /** Failures and records name the type that was asked for; stored objects always have the storage's own version. */
    private Target stored(Target target) {
        if (target.type().conversion() == io.eventfleet.local.api.resource.Conversion.NONE) {
            return target;
        }
        ResourceType storage = registry.stored().stream()
                .filter(type -> type.storageId().equals(target.type().storageId()))
                .findFirst()
                .orElseThrow(ApiFailure::noSuchPath);
        return new Target(storage, target.namespace(), target.name(), target.subresource());
    }

    private static ObjectNode served(Target target, ObjectNode object) {
        return target.type().conversion().toServed(object);
    }
}
