// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.storage;

import java.util.List;
import java.util.function.ToIntFunction;
import java.util.function.ToLongFunction;

/** Adds up what the shards count. */
final class StoreStats {

    private StoreStats() {}

    /** What the store itself knows. */
    record Own(int openPartitions, boolean stalled) {}

    static StorageStats of(List<StorageShard> shards, TailCache tails, RocksMemory memory, Own own) {
        var appends =
                new StorageStats.Appends(sum(shards, s -> s.counters().appendedBytes()), sum(shards, s -> s.counters()
                        .appends()));
        var queue = new StorageStats.Queue(
                count(shards, s -> s.queue().tasks()),
                sum(shards, s -> s.queue().bytes()),
                sum(shards, s -> s.counters().refusals()));
        var held = new StorageStats.Held(
                memory.usedBytes(),
                count(shards, s -> s.windows().count()),
                own.openPartitions(),
                shards.stream().anyMatch(s -> s.diskSpace().full()),
                own.stalled());
        return new StorageStats(
                appends,
                StorageStats.Latencies.sum(shards.stream()
                        .map(s -> s.counters().commits().snapshot())
                        .toList()),
                StorageStats.Latencies.sum(shards.stream()
                        .map(s -> s.counters().syncs().snapshot())
                        .toList()),
                queue,
                new StorageStats.Cache(tails.bytes(), tails.hits(), tails.misses()),
                held);
    }

    private static long sum(List<StorageShard> shards, ToLongFunction<StorageShard> figure) {
        return shards.stream().mapToLong(figure).sum();
    }

    private static int count(List<StorageShard> shards, ToIntFunction<StorageShard> figure) {
        return shards.stream().mapToInt(figure).sum();
    }
}
