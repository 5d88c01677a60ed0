// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.api.resource;

import com.fasterxml.jackson.databind.JsonNode;
import io.eventfleet.local.api.json.JsonPath;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One column of {@code kubectl get}.
 *
 * @param priority 0 is always shown, higher ones with {@code -o wide}
 * @param cell the value, null when there is none
 */
public record PrinterColumn(
        String name,
        String type,
        String format,
        String description,
        int priority,
        Function<JsonNode, @Nullable Object> cell) {

    static PrinterColumn of(String name, Function<JsonNode, @Nullable Object> cell) {
        return new PrinterColumn(name, "string", "", "", 0, cell);
    }

    static PrinterColumn wide(String name, Function<JsonNode, @Nullable Object> cell) {
        return new PrinterColumn(name, "string", "", "", 1, cell);
    }

    static PrinterColumn path(String name, String path) {
        JsonPath parsed = JsonPath.parse(path);
        return of(name, object -> scalar(parsed.first(object)));
    }

    static PrinterColumn age() {
        return of("Age", object -> HumanAge.since(object.path("metadata").path("creationTimestamp")));
    }

    static PrinterColumn objectName() {
        return new PrinterColumn("Name", "string", "name", "", 0, object -> object.path("metadata")
                .path("name")
                .asText());
    }

    /** A column of {@code additionalPrinterColumns}. */
    static PrinterColumn declared(JsonNode column) {
        JsonPath path = JsonPath.parse(column.path("jsonPath").asText());
        String type = column.path("type").asText("string");
        Function<JsonNode, @Nullable Object> cell = type.equals("date")
                ? object -> path.first(object).isTextual() ? HumanAge.since(path.first(object)) : null
                : object -> scalar(path.first(object));
        return new PrinterColumn(
                column.path("name").asText(),
                type,
                column.path("format").asText(""),
                column.path("description").asText(""),
                column.path("priority").asInt(0),
                cell);
    }

    private static @Nullable Object scalar(JsonNode value) {
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        if (value.isContainerNode()) {
            return value.toString();
        }
        return value.isIntegralNumber()
                ? (Object) value.longValue()
                : value.isNumber()
                        ? (Object) value.doubleValue()
                        : value.isBoolean() ? (Object) value.booleanValue() : value.asText();
    }
}
