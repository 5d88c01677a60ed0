// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.api.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eventfleet.local.api.json.Json;
import io.eventfleet.local.api.json.Metadata;
import io.eventfleet.local.api.schema.FieldType;
import java.util.ArrayList;
import java.util.List;

/** {@code metadata.managedFields}: who owns which field of one object. Immutable. */
public final class ManagedFields {
    private static final List<String> SYSTEM_FIELDS = List.of(
            "name",
            "namespace",
            "uid",
            "resourceVersion",
            "creationTimestamp",
            "generation",
            "managedFields",
            "selfLink",
            "deletionTimestamp",
            "deletionGracePeriodSeconds");

    /** Identity of an owner: the same manager owns separately by operation and subresource. */
    public record Owner(String manager, String operation, String apiVersion, String subresource) {
        boolean isSame(Owner other) {
            return manager.equals(other.manager)
                    && operation.equals(other.operation)
                    && subresource.equals(other.subresource);
        }
    }

    record Entry(Owner owner, String time, FieldSet fields) {}

    private final List<Entry> entries;

    private ManagedFields(List<Entry> entries) {
        this.entries = entries;
    }

    public static ManagedFields of(JsonNode object) {
        var entries = new ArrayList<Entry>();
        for (JsonNode each : object.path("metadata").path("managedFields")) {
            var owner = new Owner(
                    each.path("manager").asText(),
                    each.path("operation").asText(),
                    each.path("apiVersion").asText(),
                    each.path("subresource").asText(""));
            entries.add(new Entry(owner, each.path("time").asText(), FieldSet.fromJson(each.path("fieldsV1"))));
        }
        return new ManagedFields(entries);
    }

    /** The part of an object that can be owned; {@code subresource} is empty for the main resource. */
    public static ObjectNode ownable(ObjectNode object, String subresource, boolean hasStatusSubresource) {
        ObjectNode part = object.deepCopy();
        part.remove(List.of("apiVersion", "kind"));
        if (subresource.equals("status")) {
            part.retain("status");
            return part;
        }
        if (hasStatusSubresource) {
            part.remove("status");
        }
        Metadata.of(part).remove(SYSTEM_FIELDS);
        if (Metadata.of(part).isEmpty()) {
            part.remove("metadata");
        }
        return part;
    }

    List<Entry> entries() {
        return entries;
    }

    FieldSet fieldsOf(Owner owner) {
        return entries.stream()
                .filter(entry -> entry.owner().isSame(owner))
                .map(Entry::fields)
                .findFirst()
                .orElse(FieldSet.EMPTY);
    }

    List<Entry> othersThan(Owner owner) {
        return entries.stream().filter(entry -> !entry.owner().isSame(owner)).toList();
    }

    /** After a write that is no apply: the writer owns what it changed, nobody owns what it removed. */
    public ManagedFields afterUpdate(Owner owner, String time, ObjectNode before, ObjectNode after, FieldType type) {
        Difference difference = Difference.between(before, after, type);
        if (difference.changed().isEmpty() && difference.removed().isEmpty()) {
            return this;
        }
        FieldSet lost = difference.changed().union(difference.removed());
        FieldSet own = fieldsOf(owner).minus(difference.removed()).union(difference.changed());
        return with(owner, time, own, lost);
    }

    /** Replaces what the owner owns and takes {@code lost} from everybody else. */
    ManagedFields with(Owner owner, String time, FieldSet own, FieldSet lost) {
        var next = new ArrayList<Entry>();
        boolean found = false;
        for (Entry entry : entries) {
            if (entry.owner().isSame(owner)) {
                found = true;
                if (!own.isEmpty()) {
                    next.add(entry.fields().equals(own) ? entry : new Entry(owner, time, own));
                }
            } else {
                FieldSet rest = entry.fields().minus(lost);
                if (!rest.isEmpty()) {
                    next.add(new Entry(entry.owner(), entry.time(), rest));
                }
            }
        }
        if (!found && !own.isEmpty()) {
            next.add(new Entry(owner, time, own));
        }
        return new ManagedFields(next);
    }

    /** True when the same owners own the same fields, whatever the times. */
    boolean isSame(ManagedFields other) {
        return toJson(false).equals(other.toJson(false));
    }

    public void writeTo(ObjectNode object) {
        if (entries.isEmpty()) {
            Metadata.of(object).remove("managedFields");
        } else {
            Metadata.of(object).set("managedFields", toJson(true));
        }
    }

    private JsonNode toJson(boolean withTimes) {
        var list = Json.array();
        for (Entry entry : entries) {
            ObjectNode json = list.addObject()
                    .put("manager", entry.owner().manager())
                    .put("operation", entry.owner().operation())
                    .put("apiVersion", entry.owner().apiVersion());
            if (withTimes) {
                json.put("time", entry.time());
            }
            json.put("fieldsType", "FieldsV1").set("fieldsV1", entry.fields().toJson());
            if (!entry.owner().subresource().isEmpty()) {
                json.put("subresource", entry.owner().subresource());
            }
        }
        return list;
    }
}
