// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.api.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eventfleet.local.api.json.Json;
import io.eventfleet.local.api.schema.FieldType;
import io.eventfleet.local.api.schema.ListSemantics;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Strategic merge patch of built-in kinds, with its directives {@code $patch}, {@code $setElementOrder}, {@code $retainKeys}. */
public final class StrategicMergePatch {
    private StrategicMergePatch() {}

    /** A new document; neither argument is changed. */
    public static JsonNode apply(@Nullable JsonNode target, ObjectNode patch, FieldType type) {
        String directive = patch.path("$patch").asText("merge");
        ObjectNode result =
                target instanceof ObjectNode object && !directive.equals("replace") ? object.deepCopy() : Json.object();
        if (patch.get("$retainKeys") instanceof ArrayNode kept) {
            var names = new ArrayList<String>();
            kept.forEach(name -> names.add(name.asText()));
            result.retain(names);
        }
        patch.properties().forEach(change -> {
            String name = change.getKey();
            JsonNode value = change.getValue();
            if (name.startsWith("$deleteFromPrimitiveList/")) {
                deleteElements(result.get(name.substring(name.indexOf('/') + 1)), value);
            } else if (name.startsWith("$")) {
                return;
            } else if (value.isNull() || value.path("$patch").asText("").equals("delete")) {
                result.remove(name);
            } else if (value instanceof ObjectNode fields) {
                result.set(name, apply(result.get(name), fields, type.field(name)));
            } else if (value instanceof ArrayNode elements) {
                result.set(name, applyList(result.get(name), elements, type.field(name)));
            } else {
                result.set(name, value);
            }
        });
        patch.properties().forEach(change -> {
            if (change.getKey().startsWith("$setElementOrder/")) {
                String name = change.getKey().substring(change.getKey().indexOf('/') + 1);
                order(result.get(name), change.getValue(), type.field(name));
            }
        });
        return result;
    }

    private static JsonNode applyList(@Nullable JsonNode target, ArrayNode patch, FieldType type) {
        ArrayNode result = target instanceof ArrayNode list ? list.deepCopy() : Json.array();
        switch (type.list()) {
            case ListSemantics.MapBy map -> {
                String key = map.keys().getFirst();
                for (JsonNode element : patch) {
                    if (element.path("$patch").asText("").equals("replace")) {
                        result.removeAll();
                        continue;
                    }
                    int index = indexOf(result, key, element.get(key));
                    if (element.path("$patch").asText("").equals("delete")) {
                        if (index >= 0) {
                            result.remove(index);
                        }
                    } else if (index >= 0 && element instanceof ObjectNode fields) {
                        result.set(index, apply(result.get(index), fields, type.element()));
                    } else {
                        result.add(element.deepCopy());
                    }
                }
                return result;
            }
            case ListSemantics.SetOf _ -> {
                for (JsonNode element : patch) {
                    if (!contains(result, element)) {
                        result.add(element);
                    }
                }
                return result;
            }
            case ListSemantics.Atomic _ -> {
                return patch.deepCopy();
            }
        }
    }

    private static int indexOf(ArrayNode list, String key, @Nullable JsonNode value) {
        for (int i = 0; i < list.size(); i++) {
            JsonNode each = list.get(i).get(key);
            if (each != null && each.equals(value)) {
                return i;
            }
        }
        return -1;
    }

    private static boolean contains(JsonNode list, JsonNode value) {
        for (JsonNode each : list) {
            if (each.equals(value)) {
                return true;
            }
        }
        return false;
    }

    private static void deleteElements(@Nullable JsonNode list, JsonNode values) {
        if (list instanceof ArrayNode elements) {
            for (int i = elements.size() - 1; i >= 0; i--) {
                if (contains(values, elements.get(i))) {
                    elements.remove(i);
                }
            }
        }
    }

    private static void order(@Nullable JsonNode list, JsonNode wanted, FieldType type) {
        if (!(list instanceof ArrayNode elements)) {
            return;
        }
        var sorted = new ArrayList<JsonNode>();
        for (JsonNode each : wanted) {
            int index = type.list() instanceof ListSemantics.MapBy map
                    ? indexOf(
                            elements, map.keys().getFirst(), each.get(map.keys().getFirst()))
                    : List.copyOf(children(elements)).indexOf(each);
            if (index >= 0) {
                sorted.add(elements.remove(index));
            }
        }
        sorted.addAll(children(elements));
        elements.removeAll();
        elements.addAll(sorted);
    }

    private static List<JsonNode> children(ArrayNode list) {
        var elements = new ArrayList<JsonNode>();
        list.forEach(elements::add);
        return elements;
    }
}
