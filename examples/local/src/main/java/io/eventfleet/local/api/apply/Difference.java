// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.api.apply;

import com.fasterxml.jackson.databind.JsonNode;
import io.eventfleet.local.api.schema.FieldType;
import io.eventfleet.local.api.schema.ListSemantics;
import java.util.TreeSet;

/**
 * Which fields differ between two versions of an object.
 *
 * @param changed fields that are new or have another value
 * @param removed fields that are gone
 */
record Difference(FieldSet changed, FieldSet removed) {
    private static final Difference NONE = new Difference(FieldSet.EMPTY, FieldSet.EMPTY);

    static Difference between(JsonNode before, JsonNode after, FieldType type) {
        if (before.equals(after)) {
            return NONE;
        }
        if (before.isObject() && after.isObject() && !type.isAtomicObject()) {
            return ofObjects(before, after, type);
        }
        if (before.isArray() && after.isArray() && !(type.list() instanceof ListSemantics.Atomic)) {
            return type.list() instanceof ListSemantics.MapBy map
                    ? ofMaps(before, after, type, map)
                    : ofSets(before, after, type);
        }
        FieldSet now = FieldSet.of(after, type);
        return new Difference(now, owned(FieldSet.of(before, type)).minus(owned(now)));
    }

    private static Difference ofObjects(JsonNode before, JsonNode after, FieldType type) {
        var names = new TreeSet<String>();
        before.fieldNames().forEachRemaining(names::add);
        after.fieldNames().forEachRemaining(names::add);
        Difference sum = NONE;
        for (String name : names) {
            sum = sum.plus("f:" + name, step(before.get(name), after.get(name), type.field(name)));
        }
        return sum;
    }

    private static Difference ofMaps(JsonNode before, JsonNode after, FieldType type, ListSemantics.MapBy map) {
        Difference sum = NONE;
        for (JsonNode element : after) {
            var key = map.keyOf(element);
            int index = map.indexOf(before, key);
            Difference one = step(index < 0 ? null : before.get(index), element, type.element());
            sum = sum.plus("k:" + key, index < 0 ? new Difference(owned(one.changed), one.removed) : one);
        }
        for (JsonNode element : before) {
            var key = map.keyOf(element);
            if (map.indexOf(after, key) < 0) {
                sum = sum.plus("k:" + key, step(element, null, type.element()));
            }
        }
        return sum;
    }

    private static Difference ofSets(JsonNode before, JsonNode after, FieldType type) {
        FieldSet was = FieldSet.of(before, type);
        FieldSet is = FieldSet.of(after, type);
        return new Difference(is.minus(was), was.minus(is));
    }

    private static Difference step(
            @org.jspecify.annotations.Nullable JsonNode before,
            @org.jspecify.annotations.Nullable JsonNode after,
            FieldType type) {
        if (before == null) {
            return after == null ? NONE : new Difference(FieldSet.of(after, type), FieldSet.EMPTY);
        }
        return after == null
                ? new Difference(FieldSet.EMPTY, owned(FieldSet.of(before, type)))
                : between(before, after, type);
    }

    /** The same paths with every container a member too: whoever owned the container loses it with its contents. */
    private static FieldSet owned(FieldSet fields) {
        var children = new java.util.TreeMap<String, FieldSet>();
        fields.children().forEach((step, child) -> children.put(step, owned(child)));
        return new FieldSet(true, children);
    }

    private Difference plus(String step, Difference child) {
        return new Difference(
                changed.union(FieldSet.under(step, child.changed)), removed.union(FieldSet.under(step, child.removed)));
    }
}
