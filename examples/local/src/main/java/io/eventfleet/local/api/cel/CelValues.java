// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.api.cel;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cel.common.values.NullValue;
import io.eventfleet.local.api.schema.Schema;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Turns JSON into the values CEL computes with; field names that CEL reserves are escaped as Kubernetes does. */
final class CelValues {
    private static final Set<String> RESERVED = Set.of(
            "true",
            "false",
            "null",
            "in",
            "as",
            "break",
            "const",
            "continue",
            "else",
            "for",
            "function",
            "if",
            "import",
            "let",
            "loop",
            "package",
            "namespace",
            "return");

    private CelValues() {}

    /** @param schema null where the schema says nothing about the value */
    static Object of(JsonNode value, @Nullable Schema schema) {
        return switch (value.getNodeType()) {
            case OBJECT -> {
                var map = new HashMap<String, Object>();
                value.properties().forEach(field -> {
                    Schema known = schema == null ? null : schema.known(field.getKey());
                    boolean declared =
                            schema != null && schema.source().path("properties").has(field.getKey());
                    map.put(declared ? escape(field.getKey()) : field.getKey(), of(field.getValue(), known));
                });
                yield map;
            }
            case ARRAY -> {
                var list = new ArrayList<Object>();
                value.forEach(each -> list.add(of(each, schema == null ? null : schema.items())));
                yield list;
            }
            case BOOLEAN -> value.booleanValue();
            case NUMBER -> number(value, schema);
            case STRING -> text(value.textValue(), schema);
            default -> NullValue.NULL_VALUE;
        };
    }

    private static Object number(JsonNode value, @Nullable Schema schema) {
        boolean declaredNumber =
                schema != null && schema.source().path("type").asText("").equals("number");
        return value.isIntegralNumber() && !declaredNumber ? (Object) value.longValue() : (Object) value.doubleValue();
    }

    private static Object text(String text, @Nullable Schema schema) {
        if (schema != null && schema.format().equals("date-time")) {
            try {
                return Instant.parse(text);
            } catch (DateTimeParseException _) {
                return text;
            }
        }
        return text;
    }

    private static String escape(String field) {
        return RESERVED.contains(field)
                ? "__" + field + "__"
                : field.replace("__", "__underscores__")
                        .replace(".", "__dot__")
                        .replace("-", "__dash__")
                        .replace("/", "__slash__");
    }
}
