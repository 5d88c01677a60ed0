// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.api.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eventfleet.local.api.json.Json;
import io.eventfleet.local.api.json.MergePatch;
import io.eventfleet.local.api.json.Metadata;
import io.eventfleet.local.api.operation.DeleteOptions;
import io.eventfleet.local.api.operation.DeleteOptions.Propagation;
import io.eventfleet.local.api.operation.ResourceApi;
import io.eventfleet.local.api.operation.Target;
import io.eventfleet.local.api.operation.WriteOptions;
import io.eventfleet.local.api.resource.ResourceType;
import io.eventfleet.local.api.status.ApiFailure;
import java.util.List;

/** From a path and a method to a verb and back to a document. */
final class Router {
    private final ResourceApi api;
    private final Discovery discovery;
    private final OpenApi openApi;
    private final Lists lists;
    private final Watches watches;
    private final PodLogs logs;

    Router(ResourceApi api, PodLogs logs) {
        this.api = api;
        this.discovery = new Discovery(api.registry());
        this.openApi = new OpenApi(api.registry());
        this.lists = new Lists(api);
        this.watches = new Watches(api);
        this.logs = logs;
    }

    /** @throws ApiFailure for everything but success */
    Response route(Request request) {
        List<String> path = request.path();
        String root = path.isEmpty() ? "" : path.getFirst();
        return switch (root) {
            case "healthz", "readyz", "livez" -> Response.text("ok");
            case "version" -> Response.json(200, Discovery.version());
            case "openapi" -> openApi(path);
            case "api" -> {
                if (path.size() == 1) {
                    yield Response.json(200, Discovery.coreVersions());
                }
                yield path.size() == 2
                        ? Response.json(200, discovery.resources("", path.get(1)))
                        : resource(request, "", path.get(1), path.subList(2, path.size()));
            }
            case "apis" ->
                switch (path.size()) {
                    case 1 -> Response.json(200, discovery.groups());
                    case 2 -> Response.json(200, discovery.group(path.get(1)));
                    case 3 -> Response.json(200, discovery.resources(path.get(1), path.get(2)));
                    default ->
                        path.get(1).endsWith("ion.k8s.io") && Reviews.isReview(path.get(3))
                                ? Reviews.answer(request)
                                : resource(request, path.get(1), path.get(2), path.subList(3, path.size()));
                };
            default -> throw ApiFailure.noSuchPath();
        };
    }

    private Response openApi(List<String> path) {
        if (path.size() < 2 || !path.get(1).equals("v3")) {
            throw ApiFailure.noSuchPath();
        }
        return path.size() == 2
                ? Response.json(200, openApi.index())
                : Response.json(200, openApi.document(String.join("/", path.subList(2, path.size()))));
    }

    private Response resource(Request request, String group, String version, List<String> rest) {
        boolean inNamespace = rest.size() > 2
                && rest.getFirst().equals("namespaces")
                && !(rest.size() == 3
                        && (rest.get(2).equals("status") || rest.get(2).equals("finalize")));
        String namespace = inNamespace ? rest.get(1) : "";
        List<String> own = inNamespace ? rest.subList(2, rest.size()) : rest;
        ResourceType type = api.registry().find(group, version, own.getFirst()).orElseThrow(ApiFailure::noSuchPath);
        if (own.size() > 3 || inNamespace && !type.namespaced()) {
            throw ApiFailure.noSuchPath();
        }
        var target = new Target(type, namespace, own.size() > 1 ? own.get(1) : "", own.size() > 2 ? own.get(2) : "");
        if (request.contentType().contains("cbor")) {
            throw ApiFailure.unsupportedMediaType("application/json, application/yaml");
        }
        if (target.name().isEmpty()) {
            return collection(request, target);
        }
        return switch (target.subresource()) {
            case "" -> object(request, target);
            case "status" -> {
                if (!type.subresources().status()) {
                    throw ApiFailure.noSuchPath();
                }
                yield object(request, target);
            }
            case "finalize" -> object(request, new Target(type, namespace, target.name(), ""));
            case "scale" -> scale(request, target);
            case "log" -> log(request, target);
            default -> throw ApiFailure.noSuchPath();
        };
    }

    private Response collection(Request request, Target target) {
        return switch (request.method()) {
            case "GET" -> request.isTrue("watch") ? watches.watch(request, target) : lists.list(request, target);
            case "POST" -> {
                WriteOptions options = request.writeOptions();
                ObjectNode created =
                        api.create(target, Json.readObject(request.body(), request.contentType()), options);
                yield Response.json(201, shown(request, target, created), options.warnings());
            }
            case "DELETE" -> {
                ObjectNode list = Json.object()
                        .put("kind", target.type().kind() + "List")
                        .put("apiVersion", target.type().apiVersion());
                list.putObject("metadata")
                        .put("resourceVersion", String.valueOf(api.store().version()));
                list.putArray("items").addAll(api.deleteCollection(target, request.selector(), deleteOptions(request)));
                yield Response.json(200, list);
            }
            default -> throw ApiFailure.methodNotAllowed();
        };
    }

    private Response object(Request request, Target target) {
        WriteOptions options = request.writeOptions();
        return switch (request.method()) {
            case "GET" -> Response.json(200, shown(request, target, api.get(target)));
            case "PUT" -> {
                ObjectNode wanted = Json.readObject(request.body(), request.contentType());
                ObjectNode result = api.replace(target, wanted, options);
                yield Response.json(200, shown(request, target, result), options.warnings());
            }
            case "PATCH" -> {
                var result = api.patch(target, request.contentType(), request.body(), options);
                yield Response.json(
                        result.created() ? 201 : 200, shown(request, target, result.object()), options.warnings());
            }
            case "DELETE" -> delete(request, target);
            default -> throw ApiFailure.methodNotAllowed();
        };
    }

    private static JsonNode shown(Request request, Target target, ObjectNode object) {
        if (request.wantsTable()) {
            String version = Metadata.text(object, "resourceVersion");
            return Tables.of(target.type(), List.of(object), version, request.parameter("includeObject"));
        }
        return request.wantsMetadataOnly() ? Tables.metadataOf(object) : object;
    }

    private Response delete(Request request, Target target) {
        var result = api.delete(target, deleteOptions(request));
        if (!result.gone()) {
            return Response.json(200, result.object());
        }
        ObjectNode status = Json.object().put("kind", "Status").put("apiVersion", "v1");
        status.putObject("metadata");
        status.put("status", "Success");
        ObjectNode details = status.putObject("details").put("name", target.name());
        if (!target.type().group().isEmpty()) {
            details.put("group", target.type().group());
        }
        details.put("kind", target.type().plural()).put("uid", Metadata.uid(result.object()));
        return Response.json(200, status);
    }

    private static DeleteOptions deleteOptions(Request request) {
        JsonNode body = request.body().length == 0 ? Json.object() : Json.read(request.body(), request.contentType());
        String policy = request.parameter("propagationPolicy").isEmpty()
                ? body.path("propagationPolicy").asText("Background")
                : request.parameter("propagationPolicy");
        String grace = request.parameter("gracePeriodSeconds");
        boolean orphan = body.path("orphanDependents").asBoolean();
        return new DeleteOptions(
                grace.isEmpty() ? body.path("gracePeriodSeconds").asLong(-1) : Long.parseLong(grace),
                switch (policy) {
                    case "Foreground" -> Propagation.FOREGROUND;
                    case "Orphan" -> Propagation.ORPHAN;
                    default -> orphan ? Propagation.ORPHAN : Propagation.BACKGROUND;
                },
                body.path("preconditions").path("uid").asText(""),
                body.path("preconditions").path("resourceVersion").asText(""),
                request.query().containsKey("dryRun") || !body.path("dryRun").isEmpty());
    }

    private Response scale(Request request, Target target) {
        WriteOptions options = request.writeOptions();
        return switch (request.method()) {
            case "GET" -> Response.json(200, api.scale(target));
            case "PUT" -> {
                ObjectNode wanted = Json.readObject(request.body(), request.contentType());
                yield Response.json(200, api.rescale(target, scale -> wanted, options));
            }
            case "PATCH" -> {
                ObjectNode patch = Json.readObject(request.body(), request.contentType());
                yield Response.json(
                        200,
                        api.rescale(
                                target, scale -> (ObjectNode) MergePatch.apply(unversioned(scale), patch), options));
            }
            default -> throw ApiFailure.methodNotAllowed();
        };
    }

    private static ObjectNode unversioned(ObjectNode scale) {
        Metadata.of(scale).remove("resourceVersion");
        return scale;
    }

    private Response log(Request request, Target target) {
        if (!target.type().is("", "pods") || !request.method().equals("GET")) {
            throw ApiFailure.noSuchPath();
        }
        api.get(new Target(target.type(), target.namespace(), target.name(), ""));
        String tail = request.parameter("tailLines");
        var options = new PodLogs.Options(request.isTrue("follow"), tail.isEmpty() ? -1 : Long.parseLong(tail));
        return new Response.Stream("text/plain", out -> logs.write(target.namespace(), target.name(), options, out));
    }
}
