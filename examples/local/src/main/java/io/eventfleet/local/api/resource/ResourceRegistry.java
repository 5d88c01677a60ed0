// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.api.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eventfleet.local.api.status.ApiFailure;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;

/** All served types. Thread-safe; custom types come and go with their definitions. */
public final class ResourceRegistry {
    /** Keeps a definition until the last object of its kind is gone. */
    public static final String CLEANUP_FINALIZER = "customresourcecleanup.apiextensions.k8s.io";

    private final Map<String, ResourceType> types = new ConcurrentSkipListMap<>();
    private final CustomTypes custom = new CustomTypes();

    public ResourceRegistry() {
        BuiltinTypes.all().forEach(this::add);
    }

    private void add(ResourceType type) {
        types.put(key(type.group(), type.names().version(), type.plural()), type);
    }

    private static String key(String group, String version, String plural) {
        return group + "/" + version + "/" + plural;
    }

    public Collection<ResourceType> all() {
        return types.values();
    }

    public Optional<ResourceType> find(String group, String version, String plural) {
        return Optional.ofNullable(types.get(key(group, version, plural)));
    }

    /** The type of an object by its apiVersion and kind. */
    public Optional<ResourceType> ofObject(JsonNode object) {
        String apiVersion = object.path("apiVersion").asText();
        String kind = object.path("kind").asText();
        return types.values().stream()
                .filter(type ->
                        type.apiVersion().equals(apiVersion) && type.kind().equals(kind))
                .findFirst();
    }

    /** A built-in type that is known to exist. */
    public ResourceType builtin(String group, String plural) {
        return find(group, "v1", plural).orElseThrow(ApiFailure::noSuchPath);
    }

    /** One type per place of storage; of several versions, the first. */
    public List<ResourceType> stored() {
        var byStorage = new ConcurrentSkipListMap<String, ResourceType>();
        types.values().stream()
                .filter(type -> type.conversion() == Conversion.NONE)
                .forEach(type -> byStorage.putIfAbsent(type.storageId(), type));
        return List.copyOf(byStorage.values());
    }

    /** Checks a definition and completes its status; nothing is served yet. A definition that does not compile is invalid. */
    public void admitDefinition(ObjectNode definition, String timestamp) {
        String name = definition.path("metadata").path("name").asText();
        var subject = new ApiFailure.Subject("apiextensions.k8s.io", "CustomResourceDefinition", name);
        JsonNode spec = definition.path("spec");
        String expected = spec.path("names").path("plural").asText() + "."
                + spec.path("group").asText();
        if (!name.equals(expected)) {
            throw ApiFailure.invalid(
                    subject,
                    List.of(new ApiFailure.Cause(
                            "FieldValueInvalid",
                            "Invalid value: \"" + name + "\": must be spec.names.plural+\".\"+spec.group",
                            "metadata.name")));
        }
        try {
            custom.read(definition);
        } catch (RuntimeException e) {
            throw ApiFailure.invalid(
                    subject,
                    List.of(new ApiFailure.Cause(
                            "FieldValueInvalid", "Invalid value: " + e.getMessage(), "spec.versions")));
        }
        CustomTypes.fillStatus(definition, timestamp);
    }

    /** Serves the versions of a stored definition, and no others of its kind. */
    public void serve(JsonNode definition) {
        List<ResourceType> versions = custom.read(definition);
        versions.forEach(this::add);
        var first = versions.stream().findFirst();
        first.ifPresent(
                one -> types.values().removeIf(type -> type.is(one.group(), one.plural()) && !versions.contains(type)));
    }

    /** Stops serving a kind. */
    public void withdraw(JsonNode definition) {
        String group = definition.path("spec").path("group").asText();
        String plural = definition.path("spec").path("names").path("plural").asText();
        types.values().removeIf(type -> type.is(group, plural));
    }
}
