// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.api.server;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eventfleet.local.api.json.Json;
import io.eventfleet.local.api.resource.PrinterColumn;
import io.eventfleet.local.api.resource.ResourceType;
import java.util.List;

/** Objects as the rows that {@code kubectl get} prints. */
final class Tables {
    private Tables() {}

    /** @param includeObject {@code Object}, {@code Metadata} (the default) or {@code None} */
    static ObjectNode of(ResourceType type, List<ObjectNode> objects, String resourceVersion, String includeObject) {
        ObjectNode table = Json.object().put("kind", "Table").put("apiVersion", "meta.k8s.io/v1");
        table.putObject("metadata").put("resourceVersion", resourceVersion);
        ArrayNode definitions = table.putArray("columnDefinitions");
        for (PrinterColumn column : type.columns()) {
            definitions
                    .addObject()
                    .put("name", column.name())
                    .put("type", column.type())
                    .put("format", column.format())
                    .put("description", column.description())
                    .put("priority", column.priority());
        }
        ArrayNode rows = table.putArray("rows");
        for (ObjectNode object : objects) {
            ObjectNode row = rows.addObject();
            ArrayNode cells = row.putArray("cells");
            type.columns().forEach(column -> cells.addPOJO(column.cell().apply(object)));
            if (includeObject.equals("Object")) {
                row.set("object", object);
            } else if (!includeObject.equals("None")) {
                row.set("object", metadataOf(object));
            }
        }
        return table;
    }

    /** The object as {@code PartialObjectMetadata}. */
    static ObjectNode metadataOf(ObjectNode object) {
        ObjectNode partial = Json.object().put("kind", "PartialObjectMetadata").put("apiVersion", "meta.k8s.io/v1");
        partial.set("metadata", object.path("metadata"));
        return partial;
    }
}
