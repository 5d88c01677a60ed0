// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.api.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eventfleet.local.api.cel.CelRule;
import io.eventfleet.local.api.status.ApiFailure.Cause;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Applies a schema to an object in the API server's order: prune, default, bounds, CEL rules. Stateless. */
public final class Validation {
    private static final Set<String> ENVELOPE = Set.of("apiVersion", "kind", "metadata");

    private Validation() {}

    /** Removes fields that the schema does not know, and returns their paths. */
    public static List<String> prune(Schema root, ObjectNode object) {
        var removed = new ArrayList<String>();
        pruneObject(root, object, "", removed, ENVELOPE);
        return removed;
    }

    private static void prune(Schema schema, JsonNode value, String path, List<String> removed) {
        if (value instanceof ObjectNode object) {
            pruneObject(schema, object, path, removed, Set.of());
        } else if (value instanceof ArrayNode array && schema.items() != null) {
            for (int i = 0; i < array.size(); i++) {
                prune(schema.items(), array.get(i), path + "[" + i + "]", removed);
            }
        }
    }

    private static void pruneObject(
            Schema schema, ObjectNode object, String path, List<String> removed, Set<String> kept) {
        var unknown = new ArrayList<String>();
        for (var field : object.properties()) {
            String name = field.getKey();
            Schema known = schema.known(name);
            if (kept.contains(name)) {
                continue;
            }
            if (known != null) {
                prune(known, field.getValue(), join(path, name), removed);
            } else if (!schema.preservesUnknown()) {
                unknown.add(name);
            }
        }
        unknown.forEach(name -> removed.add(join(path, name)));
        object.remove(unknown);
    }

    /** Adds the defaults of absent fields; a null of a field that may not be null counts as absent. */
    public static void fillDefaults(Schema schema, JsonNode value) {
        if (value instanceof ObjectNode object) {
            schema.properties().forEach((name, field) -> {
                JsonNode present = object.get(name);
                if (present != null && present.isNull() && !field.isNullable()) {
                    object.remove(name);
                    present = null;
                }
                JsonNode initial = field.defaultValue();
                if (present == null && initial != null) {
                    object.set(name, initial.deepCopy());
                }
            });
            object.properties().forEach(entry -> {
                Schema known = schema.known(entry.getKey());
                if (known != null) {
                    fillDefaults(known, entry.getValue());
                }
            });
        } else if (value instanceof ArrayNode array && schema.items() != null) {
            array.forEach(each -> fillDefaults(schema.items(), each));
        }
    }

    /** Everything that is wrong with the object; {@code old} is the stored version, null on creation. */
    public static List<Cause> validate(Schema root, ObjectNode object, @Nullable ObjectNode old) {
        var causes = new ArrayList<Cause>();
        bounds(root, object, "", causes);
        if (causes.isEmpty()) {
            rules(root, object, old, "", causes);
        }
        return causes;
    }

    static void bounds(Schema schema, JsonNode value, String path, List<Cause> causes) {
        if (value.isNull() && schema.isNullable() || !schema.constraints().check(value, path, causes)) {
            return;
        }
        schema.alternatives().check(value, path, causes);
        if (value.isObject()) {
            for (String name : schema.required()) {
                if (!value.has(name)) {
                    causes.add(new Cause("FieldValueRequired", "Required value", join(path, name)));
                }
            }
            for (var field : value.properties()) {
                Schema known = schema.known(field.getKey());
                if (known != null && !(path.isEmpty() && field.getKey().equals("metadata"))) {
                    bounds(known, field.getValue(), join(path, field.getKey()), causes);
                }
            }
        } else if (value.isArray() && schema.items() != null) {
            for (int i = 0; i < value.size(); i++) {
                bounds(schema.items(), value.get(i), path + "[" + i + "]", causes);
            }
            duplicates(schema, value, path, causes);
        }
    }

    private static void duplicates(Schema schema, JsonNode list, String path, List<Cause> causes) {
        var seen = new java.util.HashSet<JsonNode>();
        for (int i = 0; i < list.size(); i++) {
            JsonNode identity =
                    switch (schema.list()) {
                        case ListSemantics.MapBy map -> map.keyOf(list.get(i));
                        case ListSemantics.SetOf _ -> list.get(i);
                        case ListSemantics.Atomic _ -> null;
                    };
            if (identity != null && !seen.add(identity)) {
                causes.add(new Cause("FieldValueDuplicate", "Duplicate value: " + identity, path + "[" + i + "]"));
            }
        }
    }

    private static void rules(Schema schema, JsonNode value, @Nullable JsonNode old, String path, List<Cause> causes) {
        for (CelRule rule : schema.rules()) {
            rule.check(schema, value, old, path).ifPresent(causes::add);
        }
        if (value.isObject()) {
            for (var field : value.properties()) {
                Schema known = schema.known(field.getKey());
                if (known != null) {
                    rules(known, field.getValue(), child(old, field.getKey()), join(path, field.getKey()), causes);
                }
            }
        } else if (value.isArray() && schema.items() != null) {
            for (int i = 0; i < value.size(); i++) {
                JsonNode before =
                        schema.list() instanceof ListSemantics.MapBy map ? counterpart(map, old, value.get(i)) : null;
                rules(schema.items(), value.get(i), before, path + "[" + i + "]", causes);
            }
        }
    }

    private static @Nullable JsonNode counterpart(ListSemantics.MapBy map, @Nullable JsonNode old, JsonNode element) {
        int index = map.indexOf(old, map.keyOf(element));
        return old == null || index < 0 ? null : old.get(index);
    }

    private static @Nullable JsonNode child(@Nullable JsonNode node, String field) {
        JsonNode value = node == null ? null : node.get(field);
        return value == null || value.isNull() ? null : value;
    }

    private static String join(String path, String field) {
        return path.isEmpty() ? field : path + "." + field;
    }
}
