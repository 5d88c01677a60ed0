// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.api.server;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eventfleet.local.api.json.Json;
import io.eventfleet.local.api.resource.ResourceRegistry;
import io.eventfleet.local.api.resource.ResourceType;
import io.eventfleet.local.api.status.ApiFailure;
import java.util.List;
import java.util.TreeSet;

/** The documents by which clients find out what is served. */
final class Discovery {
    private static final List<String> VERBS =
            List.of("create", "delete", "deletecollection", "get", "list", "patch", "update", "watch");
    private static final List<String> SUBRESOURCE_VERBS = List.of("get", "patch", "update");

    private final ResourceRegistry registry;

    Discovery(ResourceRegistry registry) {
        this.registry = registry;
    }

    static ObjectNode version() {
        return Json.object()
                .put("major", "1")
                .put("minor", "35")
                .put("gitVersion", "v1.35.0+eventfleet-local")
                .put("gitCommit", "embedded")
                .put("gitTreeState", "clean")
                .put("buildDate", "2026-01-01T00:00:00Z")
                .put("goVersion", "none")
                .put("compiler", "javac")
                .put("platform", "linux/amd64");
    }

    static ObjectNode coreVersions() {
        ObjectNode versions = Json.object().put("kind", "APIVersions");
        versions.putArray("versions").add("v1");
        return versions;
    }

    ObjectNode groups() {
        ObjectNode list = Json.object().put("kind", "APIGroupList").put("apiVersion", "v1");
        ArrayNode groups = list.putArray("groups");
        var names = new TreeSet<String>();
        registry.all().forEach(type -> names.add(type.group()));
        names.remove("");
        names.forEach(name -> groups.add(group(name)));
        return list;
    }

    ObjectNode group(String name) {
        var versions = new TreeSet<String>();
        registry.all().stream()
                .filter(type -> type.group().equals(name))
                .forEach(type -> versions.add(type.names().version()));
        if (versions.isEmpty()) {
            throw ApiFailure.noSuchPath();
        }
        ObjectNode group =
                Json.object().put("kind", "APIGroup").put("apiVersion", "v1").put("name", name);
        ArrayNode list = group.putArray("versions");
        versions.descendingSet().forEach(version -> list.add(groupVersion(name, version)));
        group.set("preferredVersion", groupVersion(name, versions.last()));
        return group;
    }

    private static ObjectNode groupVersion(String group, String version) {
        return Json.object().put("groupVersion", group + "/" + version).put("version", version);
    }

    ObjectNode resources(String group, String version) {
        ObjectNode list = Json.object()
                .put("kind", "APIResourceList")
                .put("apiVersion", "v1")
                .put("groupVersion", group.isEmpty() ? version : group + "/" + version);
        ArrayNode resources = list.putArray("resources");
        registry.all().stream()
                .filter(type ->
                        type.group().equals(group) && type.names().version().equals(version))
                .forEach(type -> describe(type, resources));
        if (resources.isEmpty()) {
            throw ApiFailure.noSuchPath();
        }
        return list;
    }

    private static void describe(ResourceType type, ArrayNode into) {
        ObjectNode entry = into.addObject()
                .put("name", type.plural())
                .put("singularName", type.names().singular())
                .put("namespaced", type.namespaced())
                .put("kind", type.kind());
        VERBS.forEach(entry.putArray("verbs")::add);
        type.names().shortNames().forEach(entry.putArray("shortNames")::add);
        type.names().categories().forEach(entry.putArray("categories")::add);
        if (type.subresources().status()) {
            subresource(type, "status", into).put("kind", type.kind());
        }
        if (type.subresources().scale() != null) {
            subresource(type, "scale", into)
                    .put("group", "autoscaling")
                    .put("version", "v1")
                    .put("kind", "Scale");
        }
        if (type.is("", "pods")) {
            subresource(type, "log", into).put("kind", "Pod");
        }
    }

    private static ObjectNode subresource(ResourceType type, String name, ArrayNode into) {
        ObjectNode entry = into.addObject()
                .put("name", type.plural() + "/" + name)
                .put("singularName", "")
                .put("namespaced", type.namespaced());
        SUBRESOURCE_VERBS.forEach(entry.putArray("verbs")::add);
        return entry;
    }
}
