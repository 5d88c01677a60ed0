// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.api.schema;

import com.fasterxml.jackson.databind.JsonNode;
import io.eventfleet.local.api.cel.CelRule;
import io.eventfleet.local.api.cel.CelRules;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One node of a structural schema, compiled once when its CustomResourceDefinition is stored. Immutable. */
public final class Schema implements FieldType {
    private final JsonNode source;
    private final Constraints constraints;
    private final Map<String, Schema> properties;
    private final @Nullable Schema additional;
    private final @Nullable Schema items;
    private final List<String> required;
    private final boolean preservesUnknown;
    private final ListSemantics list;
    private final Alternatives alternatives;
    private final List<CelRule> rules;

    private Schema(JsonNode source, CelRules compiler) {
        this.source = source;
        this.constraints = new Constraints(source);
        var fields = new LinkedHashMap<String, Schema>();
        source.path("properties").properties().forEach(e -> fields.put(e.getKey(), new Schema(e.getValue(), compiler)));
        this.properties = fields;
        JsonNode more = source.path("additionalProperties");
        this.additional = more.isObject() ? new Schema(more, compiler) : null;
        this.items = source.path("items").isObject() ? new Schema(source.path("items"), compiler) : null;
        var names = new ArrayList<String>();
        source.path("required").forEach(name -> names.add(name.asText()));
        this.required = List.copyOf(names);
        this.preservesUnknown =
                source.path("x-kubernetes-preserve-unknown-fields").asBoolean()
                        || source.path("x-kubernetes-embedded-resource").asBoolean()
                        || more.isBoolean() && more.asBoolean();
        this.list = listOf(source);
        this.alternatives = new Alternatives(source, branch -> new Schema(branch, compiler));
        this.rules = compiler.compile(source.path("x-kubernetes-validations"));
    }

    /**
     * Compiles {@code openAPIV3Schema} of a CustomResourceDefinition.
     *
     * @throws io.eventfleet.local.api.cel.CelRuleException when a rule does not compile
     */
    public static Schema compile(JsonNode openApiSchema, CelRules compiler) {
        return new Schema(openApiSchema, compiler);
    }

    private static ListSemantics listOf(JsonNode source) {
        return switch (source.path("x-kubernetes-list-type").asText("")) {
            case "set" -> ListSemantics.SET;
            case "map" -> {
                var keys = new ArrayList<String>();
                source.path("x-kubernetes-list-map-keys").forEach(key -> keys.add(key.asText()));
                yield new ListSemantics.MapBy(keys);
            }
            default -> ListSemantics.ATOMIC;
        };
    }

    /** The schema as it was written. */
    public JsonNode source() {
        return source;
    }

    Constraints constraints() {
        return constraints;
    }

    Map<String, Schema> properties() {
        return properties;
    }

    /** The schema of a field by name, declared or through additionalProperties; null when the field is unknown. */
    public @Nullable Schema known(String field) {
        Schema declared = properties.get(field);
        return declared != null ? declared : additional;
    }

    public @Nullable Schema items() {
        return items;
    }

    List<String> required() {
        return required;
    }

    boolean preservesUnknown() {
        return preservesUnknown;
    }

    boolean isNullable() {
        return source.path("nullable").asBoolean();
    }

    @Nullable
    JsonNode defaultValue() {
        return source.get("default");
    }

    Alternatives alternatives() {
        return alternatives;
    }

    List<CelRule> rules() {
        return rules;
    }

    /** The declared format, for example {@code date-time}, or an empty text. */
    public String format() {
        return source.path("format").asText("");
    }

    @Override
    public FieldType field(String name) {
        Schema known = known(name);
        return known != null ? known : Untyped.INSTANCE;
    }

    @Override
    public FieldType element() {
        return items != null ? items : Untyped.INSTANCE;
    }

    @Override
    public ListSemantics list() {
        return list;
    }

    @Override
    public boolean isAtomicObject() {
        return source.path("x-kubernetes-map-type").asText("").equals("atomic");
    }

    /** The root of a custom resource: metadata merges as in built-in kinds, everything else by schema. */
    public FieldType asRoot() {
        return new Root(this);
    }

    private record Root(Schema schema) implements FieldType {
        @Override
        public FieldType field(String name) {
            return name.equals("metadata") ? BuiltinFields.ROOT.field(name) : schema.field(name);
        }

        @Override
        public FieldType element() {
            return Untyped.INSTANCE;
        }

        @Override
        public ListSemantics list() {
            return ListSemantics.ATOMIC;
        }

        @Override
        public boolean isAtomicObject() {
            return false;
        }
    }

    private enum Untyped implements FieldType {
        INSTANCE;

        @Override
        public FieldType field(String name) {
            return this;
        }

        @Override
        public FieldType element() {
            return this;
        }

        @Override
        public ListSemantics list() {
            return ListSemantics.ATOMIC;
        }

        @Override
        public boolean isAtomicObject() {
            return false;
        }
    }
}
