// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.api.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eventfleet.local.api.json.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How two versions of one list are merged. */
public sealed interface ListSemantics {
    /** The list is one value. */
    record Atomic() implements ListSemantics {}

    /** Elements are scalars and appear once. */
    record SetOf() implements ListSemantics {}

    /** Elements are objects with the given identity; a missing {@code protocol} means TCP, as in built-in types. */
    record MapBy(List<String> keys) implements ListSemantics {
        /** The identity of one element, as managed fields write it. */
        public ObjectNode keyOf(JsonNode element) {
            ObjectNode key = Json.object();
            for (String name : keys) {
                JsonNode value = element.get(name);
                if (value != null) {
                    key.set(name, value);
                } else if (name.equals("protocol")) {
                    key.put(name, "TCP");
                }
            }
            return key;
        }

        /** The position of the element with this identity, or -1. */
        public int indexOf(@Nullable JsonNode list, ObjectNode key) {
            if (list != null && list.isArray()) {
                for (int i = 0; i < list.size(); i++) {
                    if (keyOf(list.get(i)).equals(key)) {
                        return i;
                    }
                }
            }
            return -1;
        }
    }

    ListSemantics ATOMIC = new Atomic();
    ListSemantics SET = new SetOf();

    static ListSemantics mapBy(String... keys) {
        return new MapBy(List.of(keys));
    }
}
