// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.api.server;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eventfleet.local.api.json.Json;
import io.eventfleet.local.api.resource.ResourceRegistry;
import io.eventfleet.local.api.resource.ResourceType;
import io.eventfleet.local.api.schema.Schema;
import io.eventfleet.local.api.status.ApiFailure;
import java.util.TreeMap;

/** {@code /openapi/v3}: enough for {@code kubectl explain} and for clients that look whether field validation is offered. */
final class OpenApi {
    private final ResourceRegistry registry;

    OpenApi(ResourceRegistry registry) {
        this.registry = registry;
    }

    ObjectNode index() {
        var hashes = new TreeMap<String, Integer>();
        for (ResourceType type : registry.all()) {
            Schema schema = type.schema();
            int hash = type.kind().hashCode()
                    + (schema == null ? 0 : schema.source().hashCode());
            hashes.merge(root(type), hash, Integer::sum);
        }
        ObjectNode index = Json.object();
        ObjectNode paths = index.putObject("paths");
        hashes.forEach((root, hash) -> paths.putObject(root)
                .put("serverRelativeURL", "/openapi/v3/" + root + "?hash=" + Integer.toHexString(hash)));
        return index;
    }

    private static String root(ResourceType type) {
        return (type.group().isEmpty() ? "api/" : "apis/") + type.apiVersion();
    }

    ObjectNode document(String root) {
        ObjectNode document = Json.object().put("openapi", "3.0.0");
        document.putObject("info").put("title", "Kubernetes").put("version", "v1.35.0");
        ObjectNode paths = document.putObject("paths");
        ObjectNode schemas = document.putObject("components").putObject("schemas");
        registry.all().stream().filter(type -> root(type).equals(root)).forEach(type -> describe(type, paths, schemas));
        if (paths.isEmpty()) {
            throw ApiFailure.noSuchPath();
        }
        return document;
    }

    private static void describe(ResourceType type, ObjectNode paths, ObjectNode schemas) {
        ObjectNode kind = Json.object()
                .put("group", type.group())
                .put("version", type.names().version())
                .put("kind", type.kind());
        String collection = "/" + root(type) + (type.namespaced() ? "/namespaces/{namespace}/" : "/") + type.plural();
        String reference = (type.group().isEmpty() ? "core" : type.group()) + "."
                + type.names().version() + "." + type.kind();
        ObjectNode object = paths.putObject(collection + "/{name}");
        for (String method : new String[] {"get", "put", "patch", "delete"}) {
            operation(object, method, kind, reference);
        }
        ObjectNode list = paths.putObject(collection);
        operation(list, "get", kind, reference);
        operation(list, "post", kind, reference);
        Schema known = type.schema();
        ObjectNode schema =
                known == null ? Json.object().put("type", "object") : ((ObjectNode) known.source()).deepCopy();
        schema.putArray("x-kubernetes-group-version-kind").add(kind);
        schemas.set(reference, schema);
    }

    private static void operation(ObjectNode path, String method, ObjectNode kind, String reference) {
        ObjectNode operation = path.putObject(method);
        ObjectNode parameter = operation
                .putArray("parameters")
                .addObject()
                .put("name", "fieldValidation")
                .put("in", "query");
        parameter.putObject("schema").put("type", "string");
        operation.set("x-kubernetes-group-version-kind", kind);
        operation.put("x-kubernetes-action", method);
        ObjectNode answer = operation.putObject("responses").putObject("200").put("description", "OK");
        answer.putObject("content")
                .putObject("application/json")
                .putObject("schema")
                .put("$ref", "#/components/schemas/" + reference);
    }
}
