// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.network;

import io.eventfleet.server.metrics.Counter;
import io.eventfleet.server.metrics.Histogram;
import io.eventfleet.server.metrics.MetricRegistry;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.protocol.ApiKeys;

/** What the network layer counts. */
final class NetworkMetrics {
    /** Why a connection was closed by this side. */
    enum Refusal {
        FRAME_LIMIT,
        SLOW_FRAME,
        MEMORY,
        UNREADABLE,
        IDLE,
        CONNECTION_LIMIT,
        HANDLER_FAILURE
    }

    final Counter bytesIn;
    final Counter bytesOut;
    private final Map<Refusal, Counter> refusals = new EnumMap<>(Refusal.class);
    private final Map<ApiKeys, Counter> requests = new EnumMap<>(ApiKeys.class);
    private final Map<ApiKeys, Histogram> latencies = new EnumMap<>(ApiKeys.class);

    NetworkMetrics(MetricRegistry registry, Set<ApiKeys> keys) {
        bytesIn = registry.counter("eventfleet_network_received_bytes_total", "Bytes of requests received.");
        bytesOut = registry.counter("eventfleet_network_sent_bytes_total", "Bytes of responses sent.");
        for (var refusal : Refusal.values()) {
            refusals.put(
                    refusal,
                    registry.counter(
                            "eventfleet_network_closed_connections_total",
                            "Client connections closed by the broker.",
                            "reason",
                            refusal.name().toLowerCase(java.util.Locale.ROOT)));
        }
        for (var key : keys) {
            requests.put(key, registry.counter("eventfleet_requests_total", "Requests read.", "api", key.name));
            latencies.put(
                    key,
                    registry.histogram(
                            "eventfleet_request_duration_seconds",
                            "From the whole request read to its answer handed to the socket.",
                            "api",
                            key.name));
        }
    }

    void refused(Refusal refusal) {
        var counter = refusals.get(refusal);
        if (counter != null) {
            counter.increment();
        }
    }

    void received(ApiKeys key) {
        var counter = requests.get(key);
        if (counter != null) {
            counter.increment();
        }
    }

    void answered(ApiKeys key, long nanos) {
        var histogram = latencies.get(key);
        if (histogram != null) {
            histogram.recordNanos(nanos);
        }
    }
}
