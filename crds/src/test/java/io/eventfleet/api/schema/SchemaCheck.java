// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.api.schema;

import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Checks a document against the part of a structural schema that the manifests use; CEL rules included. */
final class SchemaCheck {
    private final List<String> violations = new ArrayList<>();

    private SchemaCheck() {}

    /** What is wrong with the new document, given the one it replaces (null on creation). */
    static List<String> violations(JSONSchemaProps schema, @Nullable Object old, Object document) {
        var check = new SchemaCheck();
        check.visit("", schema, old, document);
        return check.violations;
    }

    private void visit(String path, JSONSchemaProps schema, @Nullable Object old, Object value) {
        var before = violations.size();
        visitType(path, schema, value);
        if (violations.size() > before) {
            return;
        }
        if (value instanceof Map<?, ?> object) {
            visitObject(path, schema, old instanceof Map<?, ?> map ? map : Map.of(), object);
        } else if (value instanceof List<?> list) {
            visitList(path, schema, list);
        } else {
            visitScalar(path, schema, value);
        }
        if (violations.size() == before) {
            for (var rule : schema.getXKubernetesValidations()) {
                if (!CelRule.of(rule.getRule()).holds(old, value)) {
                    violations.add(path + ": " + rule.getMessage());
                }
            }
        }
    }

    private void visitType(String path, JSONSchemaProps schema, Object value) {
        if (Boolean.TRUE.equals(schema.getXKubernetesIntOrString())) {
            require(value instanceof Number || value instanceof String, path, "must be integer or string");
            return;
        }
        var fits =
                switch (schema.getType()) {
                    case "object" -> value instanceof Map;
                    case "array" -> value instanceof List;
                    case "string" -> value instanceof String;
                    case "integer" -> value instanceof Integer || value instanceof Long;
                    case "boolean" -> value instanceof Boolean;
                    default -> throw new IllegalArgumentException("type " + schema.getType());
                };
        require(fits, path, "must be of type " + schema.getType());
    }

    private void visitObject(String path, JSONSchemaProps schema, Map<?, ?> old, Map<?, ?> object) {
        for (var name : schema.getRequired()) {
            require(object.containsKey(name), path + "." + name, "Required value");
        }
        var max = schema.getMaxProperties();
        require(max == null || object.size() <= max, path, "has too many properties");
        object.forEach((name, value) -> {
            var child = schema.getProperties().get(name);
            if (child == null && schema.getAdditionalProperties() != null) {
                child = schema.getAdditionalProperties().getSchema();
            }
            if (child != null) {
                visit(path + "." + name, child, old.get(name), value);
            } else {
                require(path.isEmpty(), path + "." + name, "unknown field");
            }
        });
    }

    private void visitList(String path, JSONSchemaProps schema, List<?> list) {
        var max = schema.getMaxItems();
        var min = schema.getMinItems();
        require(max == null || list.size() <= max, path, "has too many items");
        require(min == null || list.size() >= min, path, "has too few items");
        var keys = schema.getXKubernetesListMapKeys();
        if (!keys.isEmpty()) {
            var distinct = list.stream()
                    .map(item -> ((Map<?, ?>) item).get(keys.getFirst()))
                    .distinct()
                    .count();
            require(distinct == list.size(), path, "Duplicate value");
        }
        if ("set".equals(schema.getXKubernetesListType())) {
            require(list.stream().distinct().count() == list.size(), path, "Duplicate value");
        }
        for (var item : list) {
            visit(path + "[]", schema.getItems().getSchema(), null, item);
        }
    }

    private void visitScalar(String path, JSONSchemaProps schema, Object value) {
        if (value instanceof Number number) {
            require(schema.getMinimum() == null || number.doubleValue() >= schema.getMinimum(), path, "is too small");
            require(schema.getMaximum() == null || number.doubleValue() <= schema.getMaximum(), path, "is too large");
        }
        if (value instanceof String text) {
            require(schema.getMinLength() == null || text.length() >= schema.getMinLength(), path, "is too short");
            require(schema.getMaxLength() == null || text.length() <= schema.getMaxLength(), path, "is too long");
            require(
                    schema.getPattern() == null || text.matches(schema.getPattern()),
                    path,
                    "should match " + schema.getPattern());
            var allowed = schema.getEnum();
            require(
                    allowed == null
                            || allowed.isEmpty()
                            || allowed.stream().anyMatch(node -> node.asText().equals(text)),
                    path,
                    "Unsupported value");
        }
    }

    private void require(boolean fits, String path, String message) {
        if (!fits) {
            violations.add(path + ": " + message);
        }
    }
}
