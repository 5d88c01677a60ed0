// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.storage;

import java.util.concurrent.locks.ReentrantReadWriteLock;

/** Lets reads pass while a shard is open, and lets closing wait for those inside: RocksDB must not close under a read. */
final class ReadGate {

    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
    private boolean closed;

    /** A read that is under way; closing it ends it. */
    interface Pass extends AutoCloseable {
        @Override
        void close();
    }

    /**
     * Begins a read.
     *
     * @throws StorageException when the shard is closed
     */
    Pass enter() {
        var inside = lock.readLock();
        inside.lock();
        if (closed) {
            inside.unlock();
            throw new StorageException(StorageException.Reason.CLOSED, "the log store is closed");
        }
        return inside::unlock;
    }

    /** Lets nobody in any more and returns when everybody is out. */
    void close() {
        lock.writeLock().lock();
        closed = true;
        lock.writeLock().unlock();
    }
}
