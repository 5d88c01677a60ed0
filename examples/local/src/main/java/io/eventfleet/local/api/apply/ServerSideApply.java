// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.api.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eventfleet.local.api.apply.ManagedFields.Owner;
import io.eventfleet.local.api.json.Json;
import io.eventfleet.local.api.json.Metadata;
import io.eventfleet.local.api.schema.FieldType;
import io.eventfleet.local.api.schema.ListSemantics;
import io.eventfleet.local.api.status.ApiFailure;
import io.eventfleet.local.api.status.ApiFailure.Cause;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;

/** Server-side apply as structured-merge-diff defines it: merge, detect conflicts, drop what the owner no longer applies. */
public final class ServerSideApply {
    /** Who applies what to which kind of object. */
    public record Intent(
            ObjectNode applied, Owner owner, boolean force, FieldType type, boolean hasStatusSubresource) {}

    private ServerSideApply() {}

    /**
     * The object after the apply, with managed fields.
     *
     * @param live the stored object, or an object with its name alone when there is none
     * @throws ApiFailure a conflict, unless forced
     */
    public static ObjectNode apply(ObjectNode live, Intent intent, String time) {
        Owner owner = intent.owner();
        ObjectNode applied =
                ManagedFields.ownable(intent.applied(), owner.subresource(), intent.hasStatusSubresource());
        FieldSet own = applied.isEmpty() ? FieldSet.EMPTY : FieldSet.of(applied, intent.type());
        ManagedFields before = ManagedFields.of(live);
        ObjectNode merged = (ObjectNode) merge(live, applied, intent.type());
        FieldSet changed =
                Difference.between(live, merged, intent.type()).changed().intersect(own);
        if (!intent.force()) {
            refuseConflicts(before, owner, changed);
        }
        ManagedFields after = before.with(owner, time, own, changed);
        FieldSet kept = own;
        for (ManagedFields.Entry other : after.othersThan(owner)) {
            kept = kept.union(other.fields());
        }
        drop(merged, before.fieldsOf(owner).minus(own), kept, intent.type());
        (after.isSame(before) ? before : after).writeTo(merged);
        if (Metadata.of(merged).isEmpty()) {
            merged.remove("metadata");
        }
        return merged;
    }

    private static void refuseConflicts(ManagedFields fields, Owner owner, FieldSet changed) {
        var causes = new ArrayList<Cause>();
        for (ManagedFields.Entry other : fields.othersThan(owner)) {
            for (String path : other.fields().intersect(changed).paths()) {
                Owner holder = other.owner();
                String using = holder.operation().equals("Apply") ? "" : " using " + holder.apiVersion();
                String part =
                        holder.subresource().isEmpty() ? "" : " with subresource \"" + holder.subresource() + "\"";
                causes.add(new Cause(
                        "FieldManagerConflict", "conflict with \"" + holder.manager() + "\"" + part + using, path));
            }
        }
        if (!causes.isEmpty()) {
            throw ApiFailure.applyConflict(causes);
        }
    }

    /** A new document in which the applied fields have their applied values; neither argument is changed. */
    static JsonNode merge(@Nullable JsonNode live, JsonNode applied, FieldType type) {
        if (applied instanceof ObjectNode fields && !type.isAtomicObject()) {
            ObjectNode merged = live instanceof ObjectNode object ? object.deepCopy() : Json.object();
            fields.properties().forEach(field -> {
                String name = field.getKey();
                merged.set(name, merge(merged.get(name), field.getValue(), type.field(name)));
            });
            return merged;
        }
        if (applied instanceof ArrayNode elements && live instanceof ArrayNode present) {
            return switch (type.list()) {
                case ListSemantics.MapBy map -> mergeMap(present.deepCopy(), elements, type, map);
                case ListSemantics.SetOf _ -> mergeSet(present.deepCopy(), elements);
                case ListSemantics.Atomic _ -> applied.deepCopy();
            };
        }
        return applied.deepCopy();
    }

    private static JsonNode mergeMap(ArrayNode merged, ArrayNode applied, FieldType type, ListSemantics.MapBy map) {
        for (JsonNode element : applied) {
            int index = map.indexOf(merged, map.keyOf(element));
            if (index < 0) {
                merged.add(element.deepCopy());
            } else {
                merged.set(index, merge(merged.get(index), element, type.element()));
            }
        }
        return merged;
    }

    private static JsonNode mergeSet(ArrayNode merged, ArrayNode applied) {
        for (JsonNode element : applied) {
            if (positionOf(merged, "v:" + element) < 0) {
                merged.add(element);
            }
        }
        return merged;
    }

    private static int positionOf(ArrayNode list, String step) {
        for (int i = 0; i < list.size(); i++) {
            if (step.equals("v:" + list.get(i))) {
                return i;
            }
        }
        return -1;
    }

    private static void drop(@Nullable JsonNode value, FieldSet gone, FieldSet kept, FieldType type) {
        gone.children().forEach((step, child) -> {
            FieldSet keptChild = kept.child(step);
            boolean remove = child.isMember() && keptChild.isEmpty();
            if (value instanceof ObjectNode object && step.startsWith("f:")) {
                String name = step.substring(2);
                if (!remove) {
                    drop(object.get(name), child, keptChild, type.field(name));
                }
                JsonNode left = object.get(name);
                if (remove || keptChild.isEmpty() && left != null && left.isContainerNode() && left.isEmpty()) {
                    object.remove(name);
                }
            } else if (value instanceof ArrayNode list) {
                int index = type.list() instanceof ListSemantics.MapBy map && step.startsWith("k:")
                        ? indexOfStep(list, map, step)
                        : positionOf(list, step);
                if (index >= 0 && remove) {
                    list.remove(index);
                } else if (index >= 0) {
                    drop(list.get(index), child, keptChild, type.element());
                }
            }
        });
    }

    private static int indexOfStep(ArrayNode list, ListSemantics.MapBy map, String step) {
        for (int i = 0; i < list.size(); i++) {
            if (step.equals("k:" + map.keyOf(list.get(i)))) {
                return i;
            }
        }
        return -1;
    }
}
