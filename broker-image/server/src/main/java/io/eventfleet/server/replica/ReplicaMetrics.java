// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.replica;

import io.eventfleet.server.metrics.Counter;
import io.eventfleet.server.metrics.MetricRegistry;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/** What is shown of both ends. Thread-safe. */
final class ReplicaMetrics {
    final Counter fetches;
    final Counter fetchedBytes;
    final Counter served;
    final Counter servedBytes;
    final Counter truncations;
    final Counter refused;

    private final MetricRegistry registry;

    ReplicaMetrics(MetricRegistry registry) {
        this.registry = registry;
        fetches = registry.counter("eventfleet_replica_fetches_total", "Answers of leaders to this broker's fetches.");
        fetchedBytes = registry.counter(
                "eventfleet_replica_fetched_bytes_total", "Bytes of record batches copied from leaders.");
        served = registry.counter("eventfleet_replica_fetches_served_total", "Answers to fetches of followers.");
        servedBytes =
                registry.counter("eventfleet_replica_served_bytes_total", "Bytes of record batches sent to followers.");
        truncations =
                registry.counter("eventfleet_replica_truncations_total", "Truncations and restarts of followed logs.");
        refused = registry.counter(
                "eventfleet_replica_refused_answers_total",
                "Answers of leaders for single partitions that were errors or could not be true.");
    }

    void followers(LongSupplier maxLag, LongSupplier failed) {
        registry.gauge(
                "eventfleet_replica_max_lag",
                "Records by which the furthest behind of the followed partitions is behind its leader's high watermark.",
                maxLag);
        registry.gauge(
                "eventfleet_replicas_failed",
                "Followed partitions that do not go on, since that would remove committed records.",
                failed);
    }

    void leader(int brokerId, BooleanSupplier connected) {
        registry.gauge(
                "eventfleet_replica_leader_connected",
                "1 while there is a connection to fetch from this broker.",
                () -> connected.getAsBoolean() ? 1 : 0,
                "broker",
                Integer.toString(brokerId));
    }

    void followerConnections(LongSupplier open) {
        registry.gauge("eventfleet_replica_follower_connections", "Connections over which other brokers fetch.", open);
    }
}
