// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.api.operation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eventfleet.local.api.json.Metadata;
import io.eventfleet.local.api.resource.ResourceRegistry;
import io.eventfleet.local.api.resource.ResourceType;
import io.eventfleet.local.api.schema.Schema;
import io.eventfleet.local.api.schema.Validation;
import io.eventfleet.local.api.status.ApiFailure;
import io.eventfleet.local.api.status.ApiFailure.Cause;
import io.eventfleet.local.api.store.ObjectStore;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What every object passes before it is stored: names, pruning, defaults, validation. */
final class Admission {
    private static final Pattern SUBDOMAIN =
            Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");
    private static final Pattern LABEL_VALUE = Pattern.compile("(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?");
    private static final int MAX_NAME_LENGTH = 253;
    private static final int MAX_LABEL_LENGTH = 63;
    private static final String NAME_RULE = "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric"
            + " characters, '-' or '.', and must start and end with an alphanumeric character";

    private final ResourceRegistry registry;
    private final BuiltinDefaults defaults;
    private final Clock clock;

    Admission(ResourceRegistry registry, ObjectStore store, Clock clock) {
        this.registry = registry;
        this.defaults = new BuiltinDefaults(new ServiceAddresses(store));
        this.clock = clock;
    }

    /**
     * Completes the object, or refuses it.
     *
     * @param old the stored version, null on creation
     */
    void admit(ResourceType type, ObjectNode object, @Nullable ObjectNode old, WriteOptions options) {
        var causes = new ArrayList<Cause>();
        checkMetadata(type, object, causes);
        Schema schema = type.schema();
        if (schema == null) {
            dropNulls(object);
            defaults.fill(type.kind(), object, old);
        } else {
            reportUnknown(type, Validation.prune(schema, object), options);
            Validation.fillDefaults(schema, object);
            causes.addAll(Validation.validate(schema, object, old));
        }
        if (!causes.isEmpty()) {
            throw ApiFailure.invalid(type.ofKind(Metadata.name(object)), causes);
        }
        if (type.is("apiextensions.k8s.io", "customresourcedefinitions") && !Metadata.isDeleting(object)) {
            registry.admitDefinition(object, Metadata.timestamp(clock));
        }
    }

    private static void reportUnknown(ResourceType type, List<String> unknown, WriteOptions options) {
        if (unknown.isEmpty()) {
            return;
        }
        var texts =
                unknown.stream().map(path -> "unknown field \"" + path + "\"").toList();
        switch (options.fieldValidation()) {
            case STRICT ->
                throw ApiFailure.badRequest(type.kind() + " in version \""
                        + type.names().version() + "\" cannot be handled as a " + type.kind()
                        + ": strict decoding error: " + String.join(", ", texts));
            case WARN -> options.warnings().addAll(texts);
            case IGNORE -> {}
        }
    }

    private static void checkMetadata(ResourceType type, ObjectNode object, List<Cause> causes) {
        String name = Metadata.name(object);
        boolean anyName = type.group().equals("rbac.authorization.k8s.io");
        if (name.isEmpty()) {
            causes.add(new Cause(
                    "FieldValueRequired", "Required value: name or generateName is required", "metadata.name"));
        } else if (name.length() > MAX_NAME_LENGTH
                || !anyName && !SUBDOMAIN.matcher(name).matches()) {
            causes.add(invalid("metadata.name", name, NAME_RULE));
        }
        for (var label : object.path("metadata").path("labels").properties()) {
            String value = label.getValue().asText();
            if (!label.getValue().isTextual()
                    || value.length() > MAX_LABEL_LENGTH
                    || !LABEL_VALUE.matcher(value).matches()) {
                causes.add(
                        invalid(
                                "metadata.labels",
                                value,
                                "a valid label must be an empty string or consist of"
                                        + " alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character"));
            }
        }
        for (var annotation : object.path("metadata").path("annotations").properties()) {
            if (!annotation.getValue().isTextual()) {
                throw ApiFailure.badRequest("metadata.annotations." + annotation.getKey() + " must be a string");
            }
        }
    }

    private static Cause invalid(String field, String value, String why) {
        return new Cause("FieldValueInvalid", "Invalid value: \"" + value + "\": " + why, field);
    }

    /** Built-in kinds treat a null as an absent field. */
    private static void dropNulls(JsonNode node) {
        if (node instanceof ObjectNode object) {
            var nulls = new ArrayList<String>();
            object.properties().forEach(field -> {
                if (field.getValue().isNull()) {
                    nulls.add(field.getKey());
                } else {
                    dropNulls(field.getValue());
                }
            });
            object.remove(nulls);
        } else if (node.isArray()) {
            node.forEach(Admission::dropNulls);
        }
    }
}
