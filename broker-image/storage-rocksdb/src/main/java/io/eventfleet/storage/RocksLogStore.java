// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.storage;

import io.eventfleet.core.log.BrokerMeta;
import io.eventfleet.core.log.LogStore;
import io.eventfleet.core.log.PartitionLog;
import io.eventfleet.core.log.TopicPartitionId;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * All partition logs of a broker in RocksDB: a fixed number of storage shards in one data directory. Everything that
 * {@link #open} has recovered is durable before it returns.
 */
public final class RocksLogStore implements LogStore {

    private final DataDirectory directory;
    private final RocksMemory memory;
    private final TailCache tails;
    private final List<StorageShard> shards;
    private final BrokerMeta meta;
    private final Map<TopicPartitionId, CompletableFuture<PartitionLog>> opened = new ConcurrentHashMap<>();
    private final StorageWatchdog watchdog;
    private final AtomicBoolean closed = new AtomicBoolean();

    private RocksLogStore(StoreOpening opening) {
        this.directory = opening.directory();
        this.memory = opening.memory();
        this.tails = opening.tails();
        this.shards = List.copyOf(opening.shards());
        this.meta = new RocksBrokerMeta(shards.getFirst(), opening.directoryId());
        shards.forEach(StorageShard::start);
        this.watchdog = new StorageWatchdog(shards, opening.options());
        watchdog.start();
    }

    /**
     * Opens a data directory, formatting an empty one.
     *
     * @param fault stops the process after a failure of the disk
     * @throws StorageException when the directory is locked, foreign, incomplete, damaged, or has lost synced records
     */
    public static RocksLogStore open(Path directory, StorageOptions options, FaultHandler fault) {
        var opening = new StoreOpening(directory, options, fault);
        boolean done = false;
        try {
            opening.run();
            var store = new RocksLogStore(opening);
            done = true;
            return store;
        } finally {
            if (!done) {
                opening.undo();
            }
        }
    }

    private StorageShard shardOf(TopicPartitionId id) {
        return shards.get(Math.floorMod(spread(id), shards.size()));
    }

    /** On disk by its effect: the same partition must map to the same shard for ever. */
    private static int spread(TopicPartitionId id) {
        long bits = id.topicId().getMostSignificantBits()
                ^ Long.rotateLeft(id.topicId().getLeastSignificantBits(), 31);
        bits += id.partition() * 0x9E3779B97F4A7C15L;
        bits ^= bits >>> 32;
        return (int) (bits ^ (bits >>> 16));
    }

    @Override
    public CompletionStage<PartitionLog> open(TopicPartitionId id) {
        var fresh = new CompletableFuture<PartitionLog>();
        var present = opened.putIfAbsent(id, fresh);
        if (present != null) {
            return present;
        }
        try {
            StorageShard shard = shardOf(id);
            PartitionState stored = shard.find(id);
            if (stored != null) {
                fresh.complete(new RocksPartitionLog(shard, stored));
            } else {
                create(shard, id, fresh);
            }
        } catch (RuntimeException e) {
            opened.remove(id, fresh);
            fresh.completeExceptionally(e);
        }
        return fresh;
    }

    private void create(StorageShard shard, TopicPartitionId id, CompletableFuture<PartitionLog> fresh) {
        var task = new CreateTask(shard, id);
        task.done().whenComplete((state, failure) -> {
            if (failure != null) {
                opened.remove(id, fresh);
                fresh.completeExceptionally(failure);
            } else {
                fresh.complete(new RocksPartitionLog(shard, state));
            }
        });
        shard.submit(task);
    }

    @Override
    public Optional<PartitionLog> get(TopicPartitionId id) {
        var log = opened.get(id);
        return log == null || !log.isDone() || log.isCompletedExceptionally()
                ? Optional.empty()
                : Optional.of(log.join());
    }

    @Override
    public Collection<TopicPartitionId> stored() {
        var ids = new ArrayList<TopicPartitionId>();
        shards.forEach(shard -> ids.addAll(shard.stored()));
        return ids;
    }

    @Override
    public CompletionStage<Void> delete(TopicPartitionId id) {
        StorageShard shard = shardOf(id);
        if (!opened.containsKey(id) && shard.find(id) == null) {
            return CompletableFuture.completedFuture(null);
        }
        return open(id).thenCompose(log -> {
            var task = new DeleteTask(shard, ((RocksPartitionLog) log).state());
            shard.submit(task);
            return task.done()
                    .thenRun(() -> opened.computeIfPresent(
                            id, (_, held) -> held.isDone() && held.join() == log ? null : held));
        });
    }

    @Override
    public CompletionStage<Void> sync() {
        return CompletableFuture.allOf(shards.stream()
                .map(shard -> shard.syncWritten().toCompletableFuture())
                .toArray(CompletableFuture[]::new));
    }

    @Override
    public boolean stalled() {
        return watchdog.stalled();
    }

    @Override
    public BrokerMeta meta() {
        return meta;
    }

    /** What the store does and holds, for metrics; cheap enough for every scrape. */
    public StorageStats stats() {
        return StoreStats.of(shards, tails, memory, new StoreStats.Own(opened.size(), stalled()));
    }

    /** Finishes and syncs what was accepted, ends all threads, and releases all native memory. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            try (var scope = new NativeScope()) {
                scope.own(directory);
                scope.own(memory);
                scope.own(tails);
                for (var shard : shards) {
                    scope.own(shard::close);
                }
                scope.own(watchdog);
            }
        }
    }
}
