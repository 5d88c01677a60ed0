// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.api.server;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import io.eventfleet.local.api.json.Json;
import io.eventfleet.local.api.status.ApiFailure;
import java.io.IOException;
import java.util.Base64;
import java.util.Map;

/**
 * Reads the few kinds that {@code kubectl create} and {@code kubectl auth} send as protobuf whatever the server offers; every
 * other kind is answered with "unsupported media type". Field numbers are those of Kubernetes' published .proto files.
 */
final class ProtobufBody {
    private static final byte[] MAGIC = {'k', '8', 's', 0};

    private enum Type {
        TEXT,
        TEXTS,
        FLAG,
        TEXT_MAP,
        BYTES_MAP,
        MESSAGE
    }

    private record Field(String name, Type type, Map<Integer, Field> fields) {}

    private static final Map<Integer, Field> METADATA = Map.of(
            1,
            text("name"),
            2,
            text("generateName"),
            3,
            text("namespace"),
            11,
            new Field("labels", Type.TEXT_MAP, Map.of()),
            12,
            new Field("annotations", Type.TEXT_MAP, Map.of()),
            14,
            new Field("finalizers", Type.TEXTS, Map.of()));
    private static final Field META = message("metadata", METADATA);
    private static final Map<Integer, Field> RESOURCE_ATTRIBUTES = Map.of(
            1, text("namespace"),
            2, text("verb"),
            3, text("group"),
            4, text("version"),
            5, text("resource"),
            6, text("subresource"),
            7, text("name"));
    private static final Map<String, Map<Integer, Field>> KINDS = Map.of(
            "Namespace", Map.of(1, META),
            "ServiceAccount", Map.of(1, META),
            "ConfigMap",
                    Map.of(
                            1, META,
                            2, new Field("data", Type.TEXT_MAP, Map.of()),
                            3, new Field("binaryData", Type.BYTES_MAP, Map.of()),
                            4, new Field("immutable", Type.FLAG, Map.of())),
            "Secret",
                    Map.of(
                            1,
                            META,
                            2,
                            new Field("data", Type.BYTES_MAP, Map.of()),
                            3,
                            text("type"),
                            4,
                            new Field("stringData", Type.TEXT_MAP, Map.of())),
            "SelfSubjectAccessReview",
                    Map.of(
                            1,
                            META,
                            2,
                            message(
                                    "spec",
                                    Map.of(
                                            1, message("resourceAttributes", RESOURCE_ATTRIBUTES),
                                            2,
                                                    message(
                                                            "nonResourceAttributes",
                                                            Map.of(1, text("path"), 2, text("verb")))))),
            "SelfSubjectRulesReview", Map.of(1, META, 2, message("spec", Map.of(1, text("namespace")))),
            "SelfSubjectReview", Map.of(1, META));

    private ProtobufBody() {}

    private static Field text(String name) {
        return new Field(name, Type.TEXT, Map.of());
    }

    private static Field message(String name, Map<Integer, Field> fields) {
        return new Field(name, Type.MESSAGE, fields);
    }

    /** The body as JSON text. */
    static byte[] toJson(byte[] body) {
        if (body.length < MAGIC.length || !java.util.Arrays.equals(body, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
            throw unsupported();
        }
        try {
            var envelope = CodedInputStream.newInstance(body, MAGIC.length, body.length - MAGIC.length);
            ObjectNode type = Json.object();
            byte[] raw = {};
            for (int tag = envelope.readTag(); tag != 0; tag = envelope.readTag()) {
                switch (WireFormat.getTagFieldNumber(tag)) {
                    case 1 -> type = object(envelope.readByteArray(), Map.of(1, text("apiVersion"), 2, text("kind")));
                    case 2 -> raw = envelope.readByteArray();
                    default -> envelope.skipField(tag);
                }
            }
            Map<Integer, Field> fields = KINDS.get(type.path("kind").asText());
            if (fields == null) {
                throw unsupported();
            }
            return Json.bytes(type.setAll(object(raw, fields)));
        } catch (IOException e) {
            throw ApiFailure.badRequest("the object provided is unrecognized: " + e.getMessage());
        }
    }

    private static ApiFailure unsupported() {
        return ApiFailure.unsupportedMediaType("application/json, application/yaml");
    }

    private static ObjectNode object(byte[] bytes, Map<Integer, Field> fields) throws IOException {
        ObjectNode object = Json.object();
        var in = CodedInputStream.newInstance(bytes);
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            Field field = fields.get(WireFormat.getTagFieldNumber(tag));
            if (field == null) {
                in.skipField(tag);
            } else {
                read(in, field, object);
            }
        }
        return object;
    }

    private static void read(CodedInputStream in, Field field, ObjectNode into) throws IOException {
        switch (field.type()) {
            case TEXT -> {
                String value = in.readString();
                if (!value.isEmpty()) {
                    into.put(field.name(), value);
                }
            }
            case TEXTS -> {
                ArrayNode list =
                        into.get(field.name()) instanceof ArrayNode present ? present : into.putArray(field.name());
                list.add(in.readString());
            }
            case FLAG -> into.put(field.name(), in.readBool());
            case MESSAGE -> into.set(field.name(), object(in.readByteArray(), field.fields()));
            case TEXT_MAP, BYTES_MAP -> {
                ObjectNode map =
                        into.get(field.name()) instanceof ObjectNode present ? present : into.putObject(field.name());
                entry(in.readByteArray(), field.type() == Type.BYTES_MAP, map);
            }
        }
    }

    private static void entry(byte[] bytes, boolean base64, ObjectNode into) throws IOException {
        String key = "";
        String value = "";
        var in = CodedInputStream.newInstance(bytes);
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            switch (WireFormat.getTagFieldNumber(tag)) {
                case 1 -> key = in.readString();
                case 2 -> value = base64 ? Base64.getEncoder().encodeToString(in.readByteArray()) : in.readString();
                default -> in.skipField(tag);
            }
        }
        into.put(key, value);
    }
}
