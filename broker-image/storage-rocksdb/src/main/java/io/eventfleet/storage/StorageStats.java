// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.storage;

import java.util.Arrays;
import java.util.List;

/**
 * What a store has done since it was opened and what it holds now, over all shards.
 *
 * @param appends what was written
 * @param commits durations of writes to the write-ahead log and memtables
 * @param syncs durations of syncs
 * @param queue what waits
 * @param tailCache the newest batches in memory
 * @param held what it holds now
 */
public record StorageStats(
        Appends appends, Latencies commits, Latencies syncs, Queue queue, Cache tailCache, Held held) {

    /**
     * Appended amounts.
     *
     * @param bytes bytes of record batches
     * @param appends number of append requests stored or found stored
     */
    public record Appends(long bytes, long appends) {}

    /**
     * Durations in doubling buckets.
     *
     * @param counts element i counts durations of at most 2^i µs (and above 2^(i-1) µs)
     * @param totalNs their sum in ns
     */
    public record Latencies(List<Long> counts, long totalNs) {

        /** Copies the counts. */
        public Latencies {
            counts = List.copyOf(counts);
        }

        static Latencies sum(List<Latencies> all) {
            long[] counts = new long[all.getFirst().counts().size()];
            long totalNs = 0;
            for (var each : all) {
                totalNs += each.totalNs();
                for (int i = 0; i < counts.length; i++) {
                    counts[i] += each.counts().get(i);
                }
            }
            return new Latencies(Arrays.stream(counts).boxed().toList(), totalNs);
        }

        /** Number of durations counted. */
        public long count() {
            return counts.stream().mapToLong(Long::longValue).sum();
        }
    }

    /**
     * What waits for the writers.
     *
     * @param tasks number of tasks
     * @param bytes their bytes
     * @param refused appends refused because the queue was full
     */
    public record Queue(int tasks, long bytes, long refused) {}

    /**
     * The tail cache.
     *
     * @param bytes bytes held by reference
     * @param hits reads answered from it
     * @param misses reads that began before it
     */
    public record Cache(long bytes, long hits, long misses) {}

    /**
     * What the store holds.
     *
     * @param rocksMemoryBytes native memory of RocksDB: block cache with memtables
     * @param windows number of windows
     * @param openPartitions partitions with a log object in memory
     * @param diskFull appends are being refused for lack of space
     * @param stalled writes or syncs make no progress
     */
    public record Held(long rocksMemoryBytes, int windows, int openPartitions, boolean diskFull, boolean stalled) {}
}
