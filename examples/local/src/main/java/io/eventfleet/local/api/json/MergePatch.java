// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.api.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/** JSON merge patch, RFC 7396. */
public final class MergePatch {
    private MergePatch() {}

    /** A new document; neither argument is changed. */
    public static JsonNode apply(@Nullable JsonNode target, JsonNode patch) {
        if (!(patch instanceof ObjectNode changes)) {
            return patch.deepCopy();
        }
        ObjectNode result = target instanceof ObjectNode object ? object.deepCopy() : Json.object();
        changes.properties().forEach(change -> {
            if (change.getValue().isNull()) {
                result.remove(change.getKey());
            } else {
                result.set(change.getKey(), apply(result.get(change.getKey()), change.getValue()));
            }
        });
        return result;
    }
}
