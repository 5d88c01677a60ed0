// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.storage;

import io.eventfleet.core.log.RecordTimestamps;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.ToLongFunction;

/**
 * Everything that a store is told. Immutable; start from {@link #builder(RecordTimestamps)}, whose values are the
 * defaults.
 */
public final class StorageOptions {

    private static final long MIB = 1024 * 1024;

    private final Builder from;

    private StorageOptions(Builder from) {
        this.from = from;
    }

    /** The defaults, with the one thing that has none: how to read timestamps of compressed records. */
    public static Builder builder(RecordTimestamps timestamps) {
        return new Builder(timestamps);
    }

    /** What an append survives before it counts. */
    public Durability durability() {
        return from.durability;
    }

    /** Number of storage shards for a directory that is formatted now; an existing one keeps its own. */
    public int shards() {
        return from.shards;
    }

    /** Native memory of RocksDB in bytes: block cache with the memtables charged to it, over all shards. */
    public long memoryBytes() {
        return from.memoryBytes;
    }

    /** Bytes of newest batches kept by reference for tailing readers. */
    public long tailCacheBytes() {
        return from.tailCacheBytes;
    }

    /** Size in bytes at which a window takes no more appends. */
    public long windowBytes() {
        return from.windowBytes;
    }

    /** Longest time for which a window takes appends; a class of shorter retention rolls sooner. */
    public Duration windowMaxAge() {
        return from.windowMaxAge;
    }

    /** Bytes of appends that may wait for one shard's writer; beyond it appends are refused. */
    public long queueBytes() {
        return from.queueBytes;
    }

    /** Number of tasks that may wait for one shard's writer; beyond it appends are refused. */
    public int queueTasks() {
        return from.queueTasks;
    }

    /** Free bytes of the volume below which appends are refused, so that retention can still write. */
    public long diskReserveBytes() {
        return from.diskReserveBytes;
    }

    /** How long a silent producer's sequence is remembered. */
    public Duration producerExpiration() {
        return from.producerExpiration;
    }

    /** Distance in bytes of a partition's log between entries of the time index. */
    public int indexIntervalBytes() {
        return from.indexIntervalBytes;
    }

    /** Time without progress of a shard that has work after which the store says that it stalls. */
    Duration stalledAfter() {
        return from.stalledAfter;
    }

    /** Time without progress of a shard that has work after which the store fails. */
    Duration stuckAfter() {
        return from.stuckAfter;
    }

    /** Where buffers of cold reads come from. */
    public ByteBufAllocator allocator() {
        return from.allocator;
    }

    /** Reads the timestamps of single records. */
    public RecordTimestamps timestamps() {
        return from.timestamps;
    }

    /** Usable bytes of the volume that holds a path; empty: ask the operating system. */
    Optional<ToLongFunction<Path>> freeSpace() {
        return Optional.ofNullable(from.freeSpace);
    }

    /** Collects options. */
    public static final class Builder {
        private final RecordTimestamps timestamps;
        private Durability durability = Durability.SYNCED;
        private int shards = 1;
        private long memoryBytes = 96 * MIB;
        private long tailCacheBytes = 32 * MIB;
        private long windowBytes = 512 * MIB;
        private Duration windowMaxAge = Duration.ofDays(30);
        private long queueBytes = 64 * MIB;
        private int queueTasks = 65_536;
        private long diskReserveBytes = 256 * MIB;
        private Duration producerExpiration = Duration.ofDays(1);
        private int indexIntervalBytes = 256 * 1024;
        private Duration stalledAfter = Duration.ofSeconds(5);
        private Duration stuckAfter = Duration.ofSeconds(10);
        private ByteBufAllocator allocator = PooledByteBufAllocator.DEFAULT;
        private @org.jspecify.annotations.Nullable ToLongFunction<Path> freeSpace;

        private Builder(RecordTimestamps timestamps) {
            this.timestamps = RecordTimestamps.uncompressedOr(timestamps);
        }

        private Builder(Builder other) {
            timestamps = other.timestamps;
            durability = other.durability;
            shards = other.shards;
            memoryBytes = other.memoryBytes;
            tailCacheBytes = other.tailCacheBytes;
            windowBytes = other.windowBytes;
            windowMaxAge = other.windowMaxAge;
            queueBytes = other.queueBytes;
            queueTasks = other.queueTasks;
            diskReserveBytes = other.diskReserveBytes;
            producerExpiration = other.producerExpiration;
            indexIntervalBytes = other.indexIntervalBytes;
            stalledAfter = other.stalledAfter;
            stuckAfter = other.stuckAfter;
            allocator = other.allocator;
            freeSpace = other.freeSpace;
        }

        public Builder durability(Durability value) {
            durability = value;
            return this;
        }

        public Builder shards(int value) {
            shards = inRange("shards", value, 1, 64);
            return this;
        }

        public Builder memoryBytes(long value) {
            memoryBytes = atLeast("memoryBytes", value, 8 * MIB);
            return this;
        }

        public Builder tailCacheBytes(long value) {
            tailCacheBytes = atLeast("tailCacheBytes", value, 0);
            return this;
        }

        public Builder windowBytes(long value) {
            windowBytes = atLeast("windowBytes", value, 1024);
            return this;
        }

        public Builder windowMaxAge(Duration value) {
            windowMaxAge = value;
            return this;
        }

        public Builder queueBytes(long value) {
            queueBytes = atLeast("queueBytes", value, 1024);
            return this;
        }

        public Builder queueTasks(int value) {
            queueTasks = inRange("queueTasks", value, 1, Integer.MAX_VALUE);
            return this;
        }

        public Builder diskReserveBytes(long value) {
            diskReserveBytes = atLeast("diskReserveBytes", value, 0);
            return this;
        }

        public Builder producerExpiration(Duration value) {
            producerExpiration = value;
            return this;
        }

        public Builder indexIntervalBytes(int value) {
            indexIntervalBytes = inRange("indexIntervalBytes", value, 1, Integer.MAX_VALUE);
            return this;
        }

        /** Replaces the limits of docs/coordination.md, S23. */
        Builder stallLimits(Duration stalled, Duration stuck) {
            stalledAfter = stalled;
            stuckAfter = stuck;
            return this;
        }

        public Builder allocator(ByteBufAllocator value) {
            allocator = value;
            return this;
        }

        /** Replaces the operating system's answer about free space. */
        public Builder freeSpace(ToLongFunction<Path> value) {
            freeSpace = value;
            return this;
        }

        public StorageOptions build() {
            return new StorageOptions(new Builder(this));
        }

        private static long atLeast(String name, long value, long least) {
            if (value < least) {
                throw new IllegalArgumentException(name + " is " + value + ", must be at least " + least);
            }
            return value;
        }

        private static int inRange(String name, int value, int least, int greatest) {
            if (value < least || value > greatest) {
                throw new IllegalArgumentException(
                        name + " is " + value + ", must be from " + least + " to " + greatest);
            }
            return value;
        }
    }
}
