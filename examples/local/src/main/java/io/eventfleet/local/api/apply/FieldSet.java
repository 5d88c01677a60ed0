// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.api.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eventfleet.local.api.json.Json;
import io.eventfleet.local.api.schema.FieldType;
import io.eventfleet.local.api.schema.ListSemantics;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/**
 * A set of field paths, as a tree in the manner of {@code FieldsV1}: a step is {@code f:name}, {@code k:{"key":"value"}} or
 * {@code v:value}. Immutable.
 */
public record FieldSet(boolean isMember, SortedMap<String, FieldSet> children) {
    public static final FieldSet EMPTY = new FieldSet(false, new TreeMap<>());
    public static final FieldSet LEAF = new FieldSet(true, new TreeMap<>());

    public boolean isEmpty() {
        return !isMember && children.isEmpty();
    }

    /** The subset below a step, empty when there is none. */
    public FieldSet child(String step) {
        return children.getOrDefault(step, EMPTY);
    }

    /** The fields that an object (or a part of it) consists of. */
    public static FieldSet of(JsonNode value, FieldType type) {
        var children = new TreeMap<String, FieldSet>();
        eachChild(value, type, (step, child) -> children.put(step, child));
        return children.isEmpty() ? LEAF : new FieldSet(false, children);
    }

    private static void eachChild(JsonNode value, FieldType type, BiConsumer<String, FieldSet> into) {
        if (value.isObject() && !type.isAtomicObject()) {
            value.properties()
                    .forEach(field ->
                            into.accept("f:" + field.getKey(), of(field.getValue(), type.field(field.getKey()))));
        } else if (value.isArray()) {
            switch (type.list()) {
                case ListSemantics.MapBy map -> {
                    for (JsonNode element : value) {
                        into.accept(
                                "k:" + map.keyOf(element), new FieldSet(true, of(element, type.element()).children));
                    }
                }
                case ListSemantics.SetOf _ -> value.forEach(element -> into.accept("v:" + element, LEAF));
                case ListSemantics.Atomic _ -> {}
            }
        }
    }

    public FieldSet union(FieldSet other) {
        var merged = new TreeMap<>(children);
        other.children.forEach((step, child) -> merged.merge(step, child, FieldSet::union));
        return new FieldSet(isMember || other.isMember, merged);
    }

    /** What is in this set and not in the other. */
    public FieldSet minus(FieldSet other) {
        var rest = new TreeMap<String, FieldSet>();
        children.forEach((step, child) -> {
            FieldSet left = child.minus(other.child(step));
            if (!left.isEmpty()) {
                rest.put(step, left);
            }
        });
        return new FieldSet(isMember && !other.isMember, rest);
    }

    public FieldSet intersect(FieldSet other) {
        var common = new TreeMap<String, FieldSet>();
        children.forEach((step, child) -> {
            FieldSet both = child.intersect(other.child(step));
            if (!both.isEmpty()) {
                common.put(step, both);
            }
        });
        return new FieldSet(isMember && other.isMember, common);
    }

    static FieldSet under(String step, FieldSet child) {
        if (child.isEmpty()) {
            return EMPTY;
        }
        var children = new TreeMap<String, FieldSet>();
        children.put(step, child);
        return new FieldSet(false, children);
    }

    /** All members as readable paths, for example {@code .spec.containers[name="broker"].image}. */
    public List<String> paths() {
        var paths = new ArrayList<String>();
        collect("", paths);
        return paths;
    }

    private void collect(String path, List<String> into) {
        if (isMember) {
            into.add(path);
        }
        children.forEach((step, child) -> child.collect(path + readable(step), into));
    }

    private static String readable(String step) {
        String rest = step.substring(2);
        return switch (step.charAt(0)) {
            case 'f' -> "." + rest;
            case 'v' -> "[=" + rest + "]";
            default -> {
                var keys = new ArrayList<String>();
                Json.readObject(rest.getBytes(java.nio.charset.StandardCharsets.UTF_8), "json")
                        .properties()
                        .forEach(key -> keys.add(key.getKey() + "=" + key.getValue()));
                yield "[" + String.join(",", keys) + "]";
            }
        };
    }

    /** The {@code fieldsV1} document of this set. */
    public ObjectNode toJson() {
        ObjectNode json = Json.object();
        if (isMember && !children.isEmpty()) {
            json.putObject(".");
        }
        children.forEach((step, child) -> json.set(step, child.toJson()));
        return json;
    }

    /** Reads a {@code fieldsV1} document; the root is never a member. */
    public static FieldSet fromJson(JsonNode json) {
        return new FieldSet(false, parse(json).children);
    }

    private static FieldSet parse(JsonNode json) {
        var children = new TreeMap<String, FieldSet>();
        json.properties().forEach(step -> {
            if (!step.getKey().equals(".")) {
                children.put(step.getKey(), parse(step.getValue()));
            }
        });
        return new FieldSet(json.isEmpty() || json.has("."), children);
    }
}
