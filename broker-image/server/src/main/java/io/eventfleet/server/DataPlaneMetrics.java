// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server;

import io.eventfleet.coordinator.GroupCoordinatorHost;
import io.eventfleet.server.fetch.FetchSessions;
import io.eventfleet.server.metrics.MetricRegistry;
import io.eventfleet.server.metrics.MetricRegistry.Sample;
import io.eventfleet.server.network.DirectMemory;
import io.eventfleet.server.partition.PartitionRegistry;
import java.lang.management.ManagementFactory;
import java.util.concurrent.ThreadPoolExecutor;

/** What is shown of a data plane and its process. */
final class DataPlaneMetrics {
    private DataPlaneMetrics() {}

    static void register(
            MetricRegistry metrics,
            PartitionRegistry partitions,
            FetchSessions sessions,
            ThreadPoolExecutor blocking,
            GroupCoordinatorHost groups) {
        metrics.gauge("eventfleet_partitions_led", "Partitions led by this broker.", () -> partitions
                .led()
                .size());
        metrics.gauge(
                "eventfleet_partitions_under_min_isr",
                "Led partitions with fewer in-sync replicas than min.insync.replicas.",
                () -> partitions.led().stream()
                        .filter(replica -> !replica.view().hasEnoughReplicas())
                        .count());
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
}
