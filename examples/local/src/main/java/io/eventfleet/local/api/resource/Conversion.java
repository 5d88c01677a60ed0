// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.api.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/** Between a served version and the stored form of an object. Both directions take any part of an object and copy it. */
public interface Conversion {
    Conversion NONE = new Conversion() {
        @Override
        public String storageId() {
            return "";
        }

        @Override
        public ObjectNode toStored(ObjectNode served) {
            return served;
        }

        @Override
        public ObjectNode toServed(ObjectNode stored) {
            return stored;
        }
    };

    /** {@code events.k8s.io/v1} on top of core events: the same fields under other names. */
    Conversion EVENTS = new Renaming(
            "/events",
            "v1",
            "events.k8s.io/v1",
            Map.of(
                    "regarding", "involvedObject",
                    "note", "message",
                    "reportingController", "reportingComponent",
                    "deprecatedSource", "source",
                    "deprecatedFirstTimestamp", "firstTimestamp",
                    "deprecatedLastTimestamp", "lastTimestamp",
                    "deprecatedCount", "count"));

    String storageId();

    ObjectNode toStored(ObjectNode served);

    ObjectNode toServed(ObjectNode stored);

    /** A conversion that renames top-level fields. */
    record Renaming(String storageId, String storedVersion, String servedVersion, Map<String, String> servedToStored)
            implements Conversion {
        @Override
        public ObjectNode toStored(ObjectNode served) {
            ObjectNode stored = served.deepCopy();
            stored.put("apiVersion", storedVersion);
            servedToStored.forEach((from, to) -> rename(stored, from, to));
            return stored;
        }

        @Override
        public ObjectNode toServed(ObjectNode stored) {
            ObjectNode served = stored.deepCopy();
            served.put("apiVersion", servedVersion);
            servedToStored.forEach((to, from) -> rename(served, from, to));
            return served;
        }

        private static void rename(ObjectNode object, String from, String to) {
            JsonNode value = object.remove(from);
            if (value != null) {
                object.set(to, value);
            }
        }
    }
}
