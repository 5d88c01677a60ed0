// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server;

import io.eventfleet.server.metrics.MetricRegistry;
import io.eventfleet.storage.StorageStats;
import java.util.function.Supplier;

/** What is shown of the log store. */
final class StorageMetrics {
    private StorageMetrics() {}

    static void register(MetricRegistry metrics, Supplier<StorageStats> stats) {
        metrics.countedElsewhere(
                "eventfleet_storage_appended_bytes_total",
                "Bytes of record batches appended.",
                () -> stats.get().appends().bytes());
        metrics.countedElsewhere("eventfleet_storage_appends_total", "Appends stored.", () -> stats.get()
                .appends()
                .appends());
        metrics.countedElsewhere("eventfleet_storage_commits_total", "Group commits.", () -> stats.get()
                .commits()
                .count());
        metrics.countedElsewhere("eventfleet_storage_syncs_total", "Syncs of the write-ahead log.", () -> stats.get()
                .syncs()
                .count());
        metrics.countedElsewhere("eventfleet_storage_sync_nanoseconds_total", "Time spent in syncs.", () -> stats.get()
                .syncs()
                .totalNs());
        metrics.gauge("eventfleet_storage_queue_tasks", "Tasks that wait for a writer.", () -> stats.get()
                .queue()
                .tasks());
        metrics.gauge("eventfleet_storage_queue_bytes", "Bytes that wait for a writer.", () -> stats.get()
                .queue()
                .bytes());
        metrics.countedElsewhere(
                "eventfleet_storage_refused_appends_total",
                "Appends refused because the queue was full.",
                () -> stats.get().queue().refused());
        metrics.gauge("eventfleet_tail_cache_bytes", "Newest batches held in memory.", () -> stats.get()
                .tailCache()
                .bytes());
        metrics.countedElsewhere("eventfleet_tail_cache_hits_total", "Reads answered from memory.", () -> stats.get()
                .tailCache()
                .hits());
        metrics.countedElsewhere("eventfleet_tail_cache_misses_total", "Reads that began on disk.", () -> stats.get()
                .tailCache()
                .misses());
        metrics.gauge(
                "eventfleet_storage_native_memory_bytes",
                "Native memory of the storage engine.",
                () -> stats.get().held().rocksMemoryBytes());
        metrics.gauge("eventfleet_storage_windows", "Windows on disk.", () -> stats.get()
                .held()
                .windows());
        metrics.gauge(
                "eventfleet_storage_disk_full",
                "1 while appends are refused for lack of space.",
                () -> stats.get().held().diskFull() ? 1 : 0);
        metrics.gauge(
                "eventfleet_storage_stalled",
                "1 while writes or syncs make no progress although work waits.",
                () -> stats.get().held().stalled() ? 1 : 0);
    }
}
