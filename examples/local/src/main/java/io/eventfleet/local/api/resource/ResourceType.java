// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.api.resource;

import io.eventfleet.local.api.json.JsonPath;
import io.eventfleet.local.api.schema.BuiltinFields;
import io.eventfleet.local.api.schema.FieldType;
import io.eventfleet.local.api.schema.Schema;
import io.eventfleet.local.api.status.ApiFailure.Subject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One kind in one version, as discovery shows it. Immutable. */
public record ResourceType(
        Names names,
        boolean namespaced,
        Subresources subresources,
        List<PrinterColumn> columns,
        @Nullable Schema schema,
        Conversion conversion) {

    /** All the names of a kind; {@code group} is empty for the core group. */
    public record Names(
            String group,
            String version,
            String plural,
            String singular,
            String kind,
            List<String> shortNames,
            List<String> categories) {}

    /** Where replicas are read and written. */
    public record Scale(
            JsonPath specReplicas,
            JsonPath statusReplicas,
            @Nullable JsonPath selector) {}

    public record Subresources(boolean status, @Nullable Scale scale) {}

    public String group() {
        return names.group();
    }

    public String plural() {
        return names.plural();
    }

    public String kind() {
        return names.kind();
    }

    /** {@code v1} or {@code apps/v1}. */
    public String apiVersion() {
        return names.group().isEmpty() ? names.version() : names.group() + "/" + names.version();
    }

    /** Where objects of this type are stored; two types may share a place (both kinds of Event do). */
    public String storageId() {
        return conversion == Conversion.NONE ? names.group() + "/" + names.plural() : conversion.storageId();
    }

    public boolean isCustom() {
        return schema != null;
    }

    public boolean is(String group, String plural) {
        return names.group().equals(group) && names.plural().equals(plural);
    }

    /** How fields merge. */
    public FieldType fields() {
        return schema != null ? schema.asRoot() : BuiltinFields.ROOT;
    }

    /** How failures name an object of this type: by resource for lookups. */
    public Subject named(String name) {
        return new Subject(names.group(), names.plural(), name);
    }

    /** How failures name an object of this type: by kind for validation. */
    public Subject ofKind(String name) {
        return new Subject(names.group(), names.kind(), name);
    }

    /** Kinds whose {@code metadata.generation} counts changes of the specification. */
    public boolean countsGenerations() {
        return isCustom()
                || switch (names.group()) {
                    case "apps", "policy", "networking.k8s.io", "apiextensions.k8s.io" -> true;
                    default -> false;
                };
    }

    /** Kinds that refuse an update without a resourceVersion. */
    public boolean requiresResourceVersion() {
        return isCustom() || names.group().equals("coordination.k8s.io");
    }
}
