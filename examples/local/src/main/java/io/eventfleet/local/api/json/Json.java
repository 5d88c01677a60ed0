// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.api.json;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.eventfleet.local.api.status.ApiFailure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The two mappers and the few reading functions that everything else shares. Thread-safe. */
public final class Json {
    public static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    private static final YAMLMapper YAML = YAMLMapper.builder().build();

    private Json() {}

    public static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    public static ArrayNode array() {
        return JsonNodeFactory.instance.arrayNode();
    }

    /** Reads a request body; a body that is not JSON (or YAML, when the content type says so) is a 400. */
    public static JsonNode read(byte[] body, String contentType) {
        try {
            JsonNode node = contentType.contains("yaml") ? YAML.readTree(body) : MAPPER.readTree(body);
            if (node == null || node.isMissingNode()) {
                throw ApiFailure.badRequest("the request body is empty");
            }
            return node;
        } catch (JsonProcessingException e) {
            throw ApiFailure.badRequest("the object provided is unrecognized: " + e.getOriginalMessage());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As {@link #read}, for bodies that must be an object. */
    public static ObjectNode readObject(byte[] body, String contentType) {
        if (read(body, contentType) instanceof ObjectNode object) {
            return object;
        }
        throw ApiFailure.badRequest("the request body must be a JSON object");
    }

    /** Serialises with no white space. */
    public static byte[] bytes(JsonNode node) {
        try {
            return MAPPER.writeValueAsBytes(node);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All documents of a YAML file, empty documents left out. */
    public static List<ObjectNode> documents(Path file) {
        try {
            return documents(Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    /** All documents of a YAML text, empty documents left out. */
    public static List<ObjectNode> documents(String yaml) {
        var documents = new ArrayList<ObjectNode>();
        try (var values = YAML.readerFor(JsonNode.class).<JsonNode>readValues(yaml)) {
            while (values.hasNext()) {
                if (values.next() instanceof ObjectNode object) {
                    documents.add(object);
                }
            }
            return documents;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
