// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.api.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.time.temporal.ChronoUnit;

/** Reads and writes {@code metadata} of an object. */
public final class Metadata {
    private Metadata() {}

    /** The metadata of the object, created when there is none. */
    public static ObjectNode of(ObjectNode object) {
        return object.get("metadata") instanceof ObjectNode metadata ? metadata : object.putObject("metadata");
    }

    public static String text(JsonNode object, String field) {
        return object.path("metadata").path(field).asText("");
    }

    public static String name(JsonNode object) {
        return text(object, "name");
    }

    /** The namespace, empty for a cluster-scoped object. */
    public static String namespace(JsonNode object) {
        return text(object, "namespace");
    }

    public static String uid(JsonNode object) {
        return text(object, "uid");
    }

    public static boolean isDeleting(JsonNode object) {
        return object.path("metadata").hasNonNull("deletionTimestamp");
    }

    public static boolean hasFinalizers(JsonNode object) {
        return !object.path("metadata").path("finalizers").isEmpty();
    }

    public static boolean hasFinalizer(JsonNode object, String finalizer) {
        for (JsonNode each : object.path("metadata").path("finalizers")) {
            if (each.asText().equals(finalizer)) {
                return true;
            }
        }
        return false;
    }

    public static void addFinalizer(ObjectNode object, String finalizer) {
        if (!hasFinalizer(object, finalizer)) {
            ObjectNode metadata = of(object);
            (metadata.get("finalizers") instanceof ArrayNode list ? list : metadata.putArray("finalizers"))
                    .add(finalizer);
        }
    }

    public static void removeFinalizer(ObjectNode object, String finalizer) {
        if (of(object).get("finalizers") instanceof ArrayNode list) {
            for (int i = list.size() - 1; i >= 0; i--) {
                if (list.get(i).asText().equals(finalizer)) {
                    list.remove(i);
                }
            }
            if (list.isEmpty()) {
                of(object).remove("finalizers");
            }
        }
    }

    /** Now, in the second precision that Kubernetes timestamps have. */
    public static String timestamp(Clock clock) {
        return clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
