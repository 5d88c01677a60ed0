// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.api.schema;

import com.fasterxml.jackson.databind.JsonNode;
import io.eventfleet.local.api.status.ApiFailure.Cause;
import java.math.BigDecimal;
import java.util.HashSet;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The bounds that a schema node sets on one value: type, range, length, pattern, enumeration. */
final class Constraints {
    private final JsonNode schema;
    private final String type;
    private final boolean intOrString;
    private final @Nullable Pattern pattern;

    Constraints(JsonNode schema) {
        this.schema = schema;
        this.type = schema.path("type").asText("");
        this.intOrString = schema.path("x-kubernetes-int-or-string").asBoolean();
        this.pattern = schema.hasNonNull("pattern")
                ? Pattern.compile(schema.path("pattern").asText())
                : null;
    }

    String type() {
        return type;
    }

    /** Adds a cause for each bound that the value breaks; false when the type itself is wrong. */
    boolean check(JsonNode value, String path, List<Cause> causes) {
        if (!hasType(value)) {
            causes.add(invalid(
                    path,
                    '"' + typeOf(value) + '"',
                    path + " in body must be of type " + (intOrString ? "integer,string" : type) + ": \""
                            + typeOf(value) + "\"",
                    "FieldValueTypeInvalid"));
            return false;
        }
        if (value.isNumber()) {
            checkNumber(value, path, causes);
        } else if (value.isTextual()) {
            checkText(value, path, causes);
        } else if (value.isArray()) {
            checkSize(value, path, causes, "minItems", "maxItems", "items");
            if (schema.path("uniqueItems").asBoolean() && hasDuplicates(value)) {
                causes.add(new Cause("FieldValueDuplicate", "Duplicate value: " + value, path));
            }
        } else if (value.isObject()) {
            checkSize(value, path, causes, "minProperties", "maxProperties", "properties");
        }
        checkEnum(value, path, causes);
        return true;
    }

    private boolean hasType(JsonNode value) {
        if (intOrString) {
            return value.isIntegralNumber() || value.isTextual();
        }
        return switch (type) {
            case "object" -> value.isObject();
            case "array" -> value.isArray();
            case "string" -> value.isTextual();
            case "boolean" -> value.isBoolean();
            case "integer" -> value.isIntegralNumber();
            case "number" -> value.isNumber();
            default -> true;
        };
    }

    private void checkNumber(JsonNode value, String path, List<Cause> causes) {
        BigDecimal number = value.decimalValue();
        if (schema.hasNonNull("minimum")) {
            int order = number.compareTo(schema.path("minimum").decimalValue());
            boolean exclusive = schema.path("exclusiveMinimum").asBoolean();
            if (order < 0 || exclusive && order == 0) {
                causes.add(bound(value, path, exclusive ? "greater than " : "greater than or equal to ", "minimum"));
            }
        }
        if (schema.hasNonNull("maximum")) {
            int order = number.compareTo(schema.path("maximum").decimalValue());
            boolean exclusive = schema.path("exclusiveMaximum").asBoolean();
            if (order > 0 || exclusive && order == 0) {
                causes.add(bound(value, path, exclusive ? "less than " : "less than or equal to ", "maximum"));
            }
        }
        if (schema.hasNonNull("multipleOf")
                && number.remainder(schema.path("multipleOf").decimalValue()).signum() != 0) {
            causes.add(bound(value, path, "a multiple of ", "multipleOf"));
        }
    }

    private Cause bound(JsonNode value, String path, String relation, String key) {
        return invalid(
                path,
                value.toString(),
                path + " in body should be " + relation + schema.path(key).asText(),
                "FieldValueInvalid");
    }

    private void checkText(JsonNode value, String path, List<Cause> causes) {
        String text = value.asText();
        int length = text.codePointCount(0, text.length());
        if (schema.hasNonNull("maxLength") && length > schema.path("maxLength").asLong()) {
            causes.add(new Cause(
                    "FieldValueTooLong",
                    "Too long: may not be more than " + schema.path("maxLength").asLong() + " bytes",
                    path));
        }
        if (schema.hasNonNull("minLength") && length < schema.path("minLength").asLong()) {
            causes.add(invalid(
                    path,
                    value.toString(),
                    path + " in body should be at least "
                            + schema.path("minLength").asLong() + " chars long",
                    "FieldValueInvalid"));
        }
        if (pattern != null && !pattern.matcher(text).find()) {
            causes.add(invalid(
                    path,
                    value.toString(),
                    path + " in body should match '" + pattern.pattern() + "'",
                    "FieldValueInvalid"));
        }
    }

    private void checkSize(JsonNode value, String path, List<Cause> causes, String min, String max, String what) {
        if (schema.hasNonNull(max) && value.size() > schema.path(max).asInt()) {
            causes.add(new Cause(
                    "FieldValueTooMany",
                    "Too many: " + value.size() + ": must have at most "
                            + schema.path(max).asInt() + " " + what,
                    path));
        }
        if (schema.hasNonNull(min) && value.size() < schema.path(min).asInt()) {
            causes.add(invalid(
                    path,
                    String.valueOf(value.size()),
                    path + " in body should have at least " + schema.path(min).asInt() + " " + what,
                    "FieldValueInvalid"));
        }
    }

    private void checkEnum(JsonNode value, String path, List<Cause> causes) {
        JsonNode allowed = schema.path("enum");
        if (!allowed.isEmpty()) {
            for (JsonNode each : allowed) {
                if (each.equals(value)) {
                    return;
                }
            }
            var texts = new java.util.ArrayList<String>();
            allowed.forEach(each -> texts.add(each.toString()));
            causes.add(new Cause(
                    "FieldValueNotSupported",
                    "Unsupported value: " + value + ": supported values: " + String.join(", ", texts),
                    path));
        }
    }

    private static boolean hasDuplicates(JsonNode list) {
        var seen = new HashSet<JsonNode>();
        for (JsonNode each : list) {
            if (!seen.add(each)) {
                return true;
            }
        }
        return false;
    }

    private static Cause invalid(String path, String value, String why, String reason) {
        return new Cause(reason, "Invalid value: " + value + ": " + why, path);
    }

    static String typeOf(JsonNode value) {
        return switch (value.getNodeType()) {
            case OBJECT -> "object";
            case ARRAY -> "array";
            case STRING -> "string";
            case BOOLEAN -> "boolean";
            case NUMBER -> value.isIntegralNumber() ? "integer" : "number";
            default -> "null";
        };
    }
}
