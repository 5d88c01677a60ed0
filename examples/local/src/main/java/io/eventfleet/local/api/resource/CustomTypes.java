// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.api.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eventfleet.local.api.cel.CelRules;
import io.eventfleet.local.api.json.JsonPath;
import io.eventfleet.local.api.json.Metadata;
import io.eventfleet.local.api.resource.ResourceType.Names;
import io.eventfleet.local.api.resource.ResourceType.Scale;
import io.eventfleet.local.api.resource.ResourceType.Subresources;
import io.eventfleet.local.api.schema.Schema;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads CustomResourceDefinitions. Thread-safe. */
final class CustomTypes {
    private final CelRules rules = new CelRules();

    /**
     * One type per served version.
     *
     * @throws RuntimeException when a pattern or rule does not compile
     */
    List<ResourceType> read(JsonNode definition) {
        JsonNode spec = definition.path("spec");
        var types = new ArrayList<ResourceType>();
        for (JsonNode version : spec.path("versions")) {
            if (version.path("served").asBoolean()) {
                JsonNode subresources = version.path("subresources");
                types.add(new ResourceType(
                        names(spec, version.path("name").asText()),
                        spec.path("scope").asText().equals("Namespaced"),
                        new Subresources(subresources.has("status"), scale(subresources.path("scale"))),
                        columns(version.path("additionalPrinterColumns")),
                        Schema.compile(version.path("schema").path("openAPIV3Schema"), rules),
                        Conversion.NONE));
            }
        }
        return types;
    }

    private static Names names(JsonNode spec, String version) {
        JsonNode names = spec.path("names");
        return new Names(
                spec.path("group").asText(),
                version,
                names.path("plural").asText(),
                names.path("singular").asText(names.path("kind").asText().toLowerCase(java.util.Locale.ROOT)),
                names.path("kind").asText(),
                texts(names.path("shortNames")),
                texts(names.path("categories")));
    }

    private static @Nullable Scale scale(JsonNode scale) {
        if (!scale.isObject()) {
            return null;
        }
        String selector = scale.path("labelSelectorPath").asText("");
        return new Scale(
                JsonPath.parse(scale.path("specReplicasPath").asText()),
                JsonPath.parse(scale.path("statusReplicasPath").asText()),
                selector.isEmpty() ? null : JsonPath.parse(selector));
    }

    private static List<PrinterColumn> columns(JsonNode declared) {
        var columns = new ArrayList<PrinterColumn>();
        columns.add(PrinterColumn.objectName());
        declared.forEach(column -> columns.add(PrinterColumn.declared(column)));
        if (declared.isEmpty()) {
            columns.add(PrinterColumn.age());
        }
        return List.copyOf(columns);
    }

    private static List<String> texts(JsonNode list) {
        var texts = new ArrayList<String>();
        list.forEach(each -> texts.add(each.asText()));
        return List.copyOf(texts);
    }

    /** What a stored definition says of itself once its types are served. */
    static void fillStatus(ObjectNode definition, String timestamp) {
        JsonNode spec = definition.path("spec");
        ObjectNode status =
                definition.get("status") instanceof ObjectNode present ? present : definition.putObject("status");
        status.set("acceptedNames", spec.path("names").deepCopy());
        if (!status.has("conditions")) {
            var conditions = status.putArray("conditions");
            conditions
                    .addObject()
                    .put("type", "NamesAccepted")
                    .put("status", "True")
                    .put("reason", "NoConflicts")
                    .put("message", "no conflicts found")
                    .put("lastTransitionTime", timestamp);
            conditions
                    .addObject()
                    .put("type", "Established")
                    .put("status", "True")
                    .put("reason", "InitialNamesAccepted")
                    .put("message", "the initial names have been accepted")
                    .put("lastTransitionTime", timestamp);
        }
        var stored = status.putArray("storedVersions");
        for (JsonNode version : spec.path("versions")) {
            if (version.path("storage").asBoolean()) {
                stored.add(version.path("name").asText());
            }
        }
        if (spec instanceof ObjectNode writable && !writable.has("conversion")) {
            writable.putObject("conversion").put("strategy", "None");
        }
        Metadata.addFinalizer(definition, ResourceRegistry.CLEANUP_FINALIZER);
    }
}
