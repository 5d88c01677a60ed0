// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.api.server;

import com.sun.net.httpserver.HttpExchange;
import io.eventfleet.local.api.operation.Selector;
import io.eventfleet.local.api.operation.WriteOptions;
import io.eventfleet.local.api.operation.WriteOptions.FieldValidation;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** One HTTP request, read completely. */
record Request(
        String method,
        List<String> path,
        Map<String, String> query,
        String contentType,
        String accept,
        String agent,
        byte[] body) {

    private static final String PROTOBUF = "application/vnd.kubernetes.protobuf";

    static Request read(HttpExchange exchange) throws IOException {
        var headers = exchange.getRequestHeaders();
        String contentType = headers.getFirst("Content-Type");
        String agent = headers.getFirst("User-Agent");
        byte[] body = exchange.getRequestBody().readAllBytes();
        if (contentType != null && contentType.startsWith(PROTOBUF)) {
            contentType = "application/json";
            body = ProtobufBody.toJson(body);
        }
        var segments = new ArrayList<String>();
        for (String segment : exchange.getRequestURI().getRawPath().split("/")) {
            if (!segment.isEmpty()) {
                segments.add(decode(segment.replace("+", "%2B")));
            }
        }
        return new Request(
                exchange.getRequestMethod(),
                List.copyOf(segments),
                query(exchange.getRequestURI().getRawQuery()),
                contentType == null ? "" : contentType.split(";")[0].strip(),
                String.join(",", headers.getOrDefault("Accept", List.of())),
                agent == null || agent.isEmpty() ? "unknown" : agent.split("/")[0],
                body);
    }

    private static Map<String, String> query(@org.jspecify.annotations.Nullable String raw) {
        var query = new HashMap<String, String>();
        if (raw != null) {
            for (String pair : raw.split("&")) {
                int equals = pair.indexOf('=');
                query.put(
                        decode(equals < 0 ? pair : pair.substring(0, equals)),
                        equals < 0 ? "" : decode(pair.substring(equals + 1)));
            }
        }
        return query;
    }

    private static String decode(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    String parameter(String name) {
        return query.getOrDefault(name, "");
    }

    boolean isTrue(String name) {
        String value = parameter(name);
        return value.equals("true") || value.equals("1");
    }

    boolean wantsTable() {
        return accept.contains("as=Table");
    }

    boolean wantsMetadataOnly() {
        return accept.contains("as=PartialObjectMetadata");
    }

    Selector selector() {
        return Selector.parse(parameter("labelSelector"), parameter("fieldSelector"));
    }

    WriteOptions writeOptions() {
        String manager = parameter("fieldManager");
        return new WriteOptions(
                query.containsKey("dryRun"),
                manager.isEmpty() ? agent : manager,
                isTrue("force"),
                switch (parameter("fieldValidation")) {
                    case "Strict" -> FieldValidation.STRICT;
                    case "Ignore" -> FieldValidation.IGNORE;
                    default -> FieldValidation.WARN;
                },
                new ArrayList<>());
    }
}
