// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eventfleet.api.contract.Annotations;
import io.eventfleet.core.cluster.image.Endpoint;
import io.eventfleet.core.cluster.store.LeaseDoc;
import io.eventfleet.core.cluster.store.LeaseHolder;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/**
 * Leases as typed documents, and back. The times in a Lease are written for people and other tools; nothing reads them
 * here. Pure.
 */
final class LeaseDocuments {
    /** The form of Kubernetes' MicroTime. */
    private static final DateTimeFormatter MICRO_TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

    private static final int MS_PER_SECOND = 1000;

    private LeaseDocuments() {}

    static LeaseDoc lease(JsonNode lease) {
        var spec = lease.path("spec");
        var annotations = lease.path("metadata").path("annotations");
        var identity = spec.path("holderIdentity").asText("");
        return new LeaseDoc(
                identity.isEmpty() ? null : LeaseHolder.parse(identity),
                spec.path("leaseDurationSeconds").asLong() * MS_PER_SECOND,
                spec.path("leaseTransitions").asInt(),
                number(annotations.path(Annotations.RENEWAL)),
                endpoint(annotations.path(Annotations.INTERNAL_ADDRESS)));
    }

    /** Writes a Lease over the object as it was read, or over one with metadata only. */
    static void write(LeaseDoc lease, ObjectNode object, Instant now) {
        var annotations = object.withObject("/metadata").withObject("/annotations");
        annotations.put(Annotations.RENEWAL, Long.toString(lease.renewal()));
        if (lease.internal() == null) {
            annotations.remove(Annotations.INTERNAL_ADDRESS);
        } else {
            annotations.put(Annotations.INTERNAL_ADDRESS, lease.internal().toString());
        }
        var spec = object.withObject("/spec");
        var holder = lease.holder();
        var identity = holder == null ? "" : holder.identity();
        var time = MICRO_TIME.format(now);
        if (!spec.path("holderIdentity").asText("").equals(identity)) {
            spec.put("acquireTime", time);
        }
        spec.put("holderIdentity", identity)
                // The API server refuses a Lease without a duration of at least a second.
                .put("leaseDurationSeconds", Math.max(1, lease.durationMs() / MS_PER_SECOND))
                .put("leaseTransitions", lease.transitions())
                .put("renewTime", time);
    }

    private static long number(JsonNode text) {
        try {
            return Long.parseLong(text.asText("0"));
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    private static @Nullable Endpoint endpoint(JsonNode text) {
        try {
            return text.isTextual() ? Endpoint.parse(text.asText()) : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
