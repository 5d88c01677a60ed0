// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.api.server;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eventfleet.local.api.json.Json;
import io.eventfleet.local.api.operation.ResourceApi;
import io.eventfleet.local.api.operation.Target;
import io.eventfleet.local.api.resource.Conversion;
import io.eventfleet.local.api.resource.ResourceType;
import io.eventfleet.local.api.status.ApiFailure;
import io.eventfleet.local.api.store.StoredObject;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/**
 * Lists, whole or in pages. A page continues behind the last key of the one before, in the present state; it keeps the
 * version of the first page, so that a watch from there misses nothing.
 */
final class Lists {
    private final ResourceApi api;

    /** One page. */
    private record Page(List<StoredObject> objects, String resourceVersion, String continuation, long remaining) {}

    Lists(ResourceApi api) {
        this.api = api;
    }

    Response list(Request request, Target target) {
        Page page = page(request, target);
        ResourceType type = target.type();
        if (request.wantsTable()) {
            var objects = page.objects().stream()
                    .map(object -> type.conversion().toServed(object.json()))
                    .toList();
            ObjectNode table = Tables.of(type, objects, page.resourceVersion(), request.parameter("includeObject"));
            describe(page, (ObjectNode) table.path("metadata"));
            return Response.json(200, table);
        }
        boolean partial = request.wantsMetadataOnly();
        ObjectNode head = Json.object()
                .put("kind", partial ? "PartialObjectMetadataList" : type.kind() + "List")
                .put("apiVersion", partial ? "meta.k8s.io/v1" : type.apiVersion());
        describe(page, head.putObject("metadata").put("resourceVersion", page.resourceVersion()));
        return Response.json(200, assemble(head, page, type, partial));
    }

    private static void describe(Page page, ObjectNode metadata) {
        if (!page.continuation().isEmpty()) {
            metadata.put("continue", page.continuation()).put("remainingItemCount", page.remaining());
        }
    }

    private static byte[] assemble(ObjectNode head, Page page, ResourceType type, boolean partial) {
        byte[] start = Json.bytes(head);
        var out = new ByteArrayOutputStream(start.length + 4096);
        out.write(start, 0, start.length - 1);
        out.writeBytes(",\"items\":[".getBytes(StandardCharsets.UTF_8));
        boolean first = true;
        for (StoredObject object : page.objects()) {
            if (!first) {
                out.write(',');
            }
            first = false;
            if (partial) {
                out.writeBytes(Json.bytes(Tables.metadataOf(object.json())));
            } else if (type.conversion() == Conversion.NONE) {
                out.writeBytes(object.bytes());
            } else {
                out.writeBytes(Json.bytes(type.conversion().toServed(object.json())));
            }
        }
        out.writeBytes("]}".getBytes(StandardCharsets.UTF_8));
        return out.toByteArray();
    }

    private Page page(Request request, Target target) {
        var snapshot = api.list(target, request.selector());
        String version = String.valueOf(snapshot.resourceVersion());
        List<StoredObject> objects = snapshot.objects();
        String token = request.parameter("continue");
        if (!token.isEmpty()) {
            String[] parts = decode(token);
            version = parts[0];
            objects = objects.stream()
                    .filter(object -> object.key().compareTo(parts[1]) > 0)
                    .toList();
        }
        String limitText = request.parameter("limit");
        int limit = limitText.isEmpty() ? 0 : Integer.parseInt(limitText);
        if (limit <= 0 || objects.size() <= limit) {
            return new Page(objects, version, "", 0);
        }
        List<StoredObject> some = objects.subList(0, limit);
        String next = version + " " + some.getLast().key();
        String continuation =
                Base64.getUrlEncoder().withoutPadding().encodeToString(next.getBytes(StandardCharsets.UTF_8));
        return new Page(some, version, continuation, objects.size() - (long) limit);
    }

    private static String[] decode(String token) {
        try {
            String[] parts = new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8).split(" ", 2);
            if (parts.length == 2) {
                return parts;
            }
        } catch (IllegalArgumentException _) {
            // Reported below, like any other token that is not ours.
        }
        throw ApiFailure.badRequest("continue key is not valid");
    }
}
