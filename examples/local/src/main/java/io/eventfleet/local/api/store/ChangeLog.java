// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.api.store;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The recent changes of one type, bounded in number and bytes. Watchers wait here; one that fell behind the oldest kept
 * change is told so, and lists again.
 */
public final class ChangeLog {
    static final int MAX_CHANGES = 10_000;
    static final long MAX_BYTES = 32L << 20;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition grown = lock.newCondition();
    private final ArrayDeque<Change> changes = new ArrayDeque<>();
    private long bytes;
    private long forgottenUpTo;
    private boolean closed;

    /** @param startsAt changes up to this version are not known here */
    ChangeLog(long startsAt) {
        this.forgottenUpTo = startsAt;
    }

    void append(Change change) {
        lock.lock();
        try {
            changes.addLast(change);
            bytes += change.object().bytes().length;
            while (changes.size() > MAX_CHANGES || bytes > MAX_BYTES && changes.size() > 1) {
                Change oldest = changes.removeFirst();
                bytes -= oldest.object().bytes().length;
                forgottenUpTo = oldest.resourceVersion();
            }
            grown.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Wakes all watchers for good. */
    void close() {
        lock.lock();
        try {
            closed = true;
            grown.signalAll();
        } finally {
            lock.unlock();
        }
    }

    public boolean isClosed() {
        return closed;
    }

    /**
     * Waits for changes after a version.
     *
     * @return the changes, oldest first, none after the wait; empty when changes after that version were forgotten
     */
    public Optional<List<Change>> after(long version, long waitMs) throws InterruptedException {
        lock.lock();
        try {
            long leftNs = TimeUnit.MILLISECONDS.toNanos(waitMs);
            while (leftNs > 0 && !closed && newest() <= version && version >= forgottenUpTo) {
                leftNs = grown.awaitNanos(leftNs);
            }
            return version < forgottenUpTo ? Optional.empty() : Optional.of(tail(version));
        } finally {
            lock.unlock();
        }
    }

    private long newest() {
        return changes.isEmpty() ? 0 : changes.getLast().resourceVersion();
    }

    private List<Change> tail(long version) {
        var newer = new ArrayList<Change>();
        for (var each = changes.descendingIterator(); each.hasNext(); ) {
            Change change = each.next();
            if (change.resourceVersion() <= version) {
                break;
            }
            newer.add(change);
        }
        return newer.reversed();
    }
}
