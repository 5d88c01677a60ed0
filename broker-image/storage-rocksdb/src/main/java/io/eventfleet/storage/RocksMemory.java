// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.storage;

import org.rocksdb.Cache;
import org.rocksdb.LRUCache;
import org.rocksdb.RocksDB;
import org.rocksdb.WriteBufferManager;

/**
 * The native memory of all shards together: one block cache, and memtables charged to it. Everything is a share of one
 * figure, so that the container's limit decides and no shard, window or partition adds to it.
 */
final class RocksMemory implements AutoCloseable {

    private static final long MIN_MEMTABLE_BYTES = 1L << 20;
    private static final long MAX_MEMTABLE_BYTES = 64L << 20;

    /** A read opens every file of a window, so a window is at most so many memtables, however small those are. */
    private static final int MAX_WINDOW_MEMTABLES = 24;

    private final NativeScope scope = new NativeScope();
    private final Cache cache;
    private final WriteBufferManager writeBuffers;
    private final long memtableBytes;
    private boolean closed;

    RocksMemory(long memoryBytes, int shards) {
        RocksDB.loadLibrary();
        cache = scope.own(new LRUCache(memoryBytes));
        long allMemtables = memoryBytes * 2 / 3;
        writeBuffers = scope.own(new WriteBufferManager(allMemtables, cache, false));
        memtableBytes = Math.clamp(allMemtables / (3L * shards), MIN_MEMTABLE_BYTES, MAX_MEMTABLE_BYTES);
    }

    Cache cache() {
        return cache;
    }

    WriteBufferManager writeBuffers() {
        return writeBuffers;
    }

    /** Size in bytes at which a window's memtable is flushed. */
    long memtableBytes() {
        return memtableBytes;
    }

    /** Size in bytes at which a window is full. */
    long windowBytes(long configured) {
        return Math.min(configured, memtableBytes * MAX_WINDOW_MEMTABLES);
    }

    /** Bytes used now, memtables included; 0 once closed, when there is nobody left to ask. */
    synchronized long usedBytes() {
        return closed ? 0 : cache.getUsage();
    }

    @Override
    public synchronized void close() {
        closed = true;
        scope.close();
    }
}
