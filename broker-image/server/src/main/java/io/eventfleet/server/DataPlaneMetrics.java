// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server;

import io.eventfleet.coordinator.GroupCoordinatorHost;
import io.eventfleet.server.fetch.FetchSessions;
import io.eventfleet.server.metrics.MetricRegistry;
import io.eventfleet.server.metrics.MetricRegistry.Sample;
import io.eventfleet.server.network.DirectMemory;
import io.eventfleet.server.partition.LedReplica;
import io.eventfleet.server.partition.PartitionRegistry;
import java.lang.management.ManagementFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.function.Predicate;

/** What is shown of a data plane and its process. */
final class DataPlaneMetrics {
    private DataPlaneMetrics() {}

    static void register(
            MetricRegistry metrics,
            PartitionRegistry partitions,
            FetchSessions sessions,
            ThreadPoolExecutor blocking,
            GroupCoordinatorHost groups) {
        replication(metrics, partitions);
        metrics.gauge("eventfleet_fetch_sessions", "Incremental fetch sessions.", sessions::size);
        metrics.gauge(
                "eventfleet_blocking_queue_depth",
                "Requests that wait for a thread that may wait for the disk.",
                () -> blocking.getQueue().size());
        metrics.gauge(
                "eventfleet_direct_memory_bytes", "Direct memory held by network buffers.", DirectMemory::usedBytes);
        var heap = ManagementFactory.getMemoryMXBean();
        metrics.gauge("eventfleet_heap_used_bytes", "Java heap in use.", () -> heap.getHeapMemoryUsage()
                .getUsed());
        metrics.collect(() -> groups.metrics().stream()
                .map(metric -> new Sample(
                        "eventfleet_group_coordinator_" + metric.name().replaceAll("[^a-zA-Z0-9_]", "_"),
                        metric.tags(),
                        metric.value()))
                .toList());
    }

    private static void replication(MetricRegistry metrics, PartitionRegistry partitions) {
        metrics.gauge("eventfleet_leader_partitions", "Partitions led by this broker.", () -> partitions
                .led()
                .size());
        metrics.gauge("eventfleet_follower_partitions", "Partitions that this broker copies.", () -> partitions
                .followed()
                .size());
        metrics.gauge(
                "eventfleet_under_replicated_partitions",
                "Led partitions with a replica that is not in sync.",
                () -> count(partitions, LedReplica.View::isUnderReplicated));
        metrics.gauge(
                "eventfleet_under_min_isr_partitions",
                "Led partitions with fewer in-sync replicas than min.insync.replicas.",
                () -> count(partitions, view -> !view.hasEnoughReplicas()));
        metrics.countedElsewhere(
                "eventfleet_isr_shrinks_total",
                "Times that the in-sync replicas of a led partition became fewer.",
                partitions.isrChanges()::shrinks);
        metrics.countedElsewhere(
                "eventfleet_isr_expands_total",
                "Times that the in-sync replicas of a led partition became more.",
                partitions.isrChanges()::expands);
    }

    private static long count(PartitionRegistry partitions, Predicate<LedReplica.View> what) {
        return partitions.led().stream()
                .filter(replica -> what.test(replica.view()))
                .count();
    }
}
