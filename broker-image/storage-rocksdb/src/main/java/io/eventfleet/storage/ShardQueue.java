// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.storage;

import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What waits for a shard's writer. Appends are bounded in number and bytes; the few other tasks are bounded by their
 * callers (one per partition at a time) and always enter, so that retention and deletion work when appends are refused.
 */
final class ShardQueue {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition arrived = lock.newCondition();
    private final ArrayDeque<ShardTask> waiting = new ArrayDeque<>();
    private final long maxBytes;
    private final int maxTasks;
    private long bytes;
    private boolean closed;

    ShardQueue(long maxBytes, int maxTasks) {
        this.maxBytes = maxBytes;
        this.maxTasks = maxTasks;
    }

    /** What became of an offer. */
    enum Offer {
        ACCEPTED,
        FULL,
        CLOSED
    }

    /** Adds a task that must respect the bounds. An empty queue takes a task of any size. */
    Offer offer(ShardTask task) {
        return add(task, true);
    }

    /** Adds a task regardless of the bounds. */
    Offer force(ShardTask task) {
        return add(task, false);
    }

    private Offer add(ShardTask task, boolean bounded) {
        lock.lock();
        try {
            if (closed) {
                return Offer.CLOSED;
            }
            boolean full = waiting.size() >= maxTasks || bytes + task.sizeBytes() > maxBytes;
            if (bounded && full && !waiting.isEmpty()) {
                return Offer.FULL;
            }
            waiting.add(task);
            bytes += task.sizeBytes();
            if (waiting.size() == 1) {
                arrived.signal();
            }
            return Offer.ACCEPTED;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Moves tasks into the list: all that wait, up to the limits, at least one; none when the time is over or the queue
     * is closed and empty.
     */
    void take(List<ShardTask> into, int tasks, long maxGroupBytes, long waitMs) throws InterruptedException {
        lock.lock();
        try {
            long left = TimeUnit.MILLISECONDS.toNanos(waitMs);
            while (waiting.isEmpty() && !closed && left > 0) {
                left = arrived.awaitNanos(left);
            }
            long taken = 0;
            while (!waiting.isEmpty() && into.size() < tasks && taken < maxGroupBytes) {
                ShardTask task = waiting.remove();
                taken += task.sizeBytes();
                into.add(task);
            }
            bytes -= taken;
        } finally {
            lock.unlock();
        }
    }

    /** Accepts nothing more; what waits is still taken. */
    void close() {
        lock.lock();
        try {
            closed = true;
            arrived.signalAll();
        } finally {
            lock.unlock();
        }
    }

    boolean closedAndEmpty() {
        lock.lock();
        try {
            return closed && waiting.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    int tasks() {
        lock.lock();
        try {
            return waiting.size();
        } finally {
            lock.unlock();
        }
    }

    long bytes() {
        lock.lock();
        try {
            return bytes;
        } finally {
            lock.unlock();
        }
    }
}
