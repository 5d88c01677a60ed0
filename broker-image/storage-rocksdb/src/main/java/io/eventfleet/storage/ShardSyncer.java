// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.storage;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.rocksdb.RocksDBException;

/** Loops over syncs of a shard's write-ahead log; each covers every turn that was written when it began. */
final class ShardSyncer implements Runnable {

    /** Turns written and not yet synced; the writer waits beyond it, so that a slow disk is felt at the queue. */
    private static final long MAX_UNSYNCED_BYTES = 64L << 20;

    private static final int MAX_UNSYNCED_TURNS = 1024;
    private static final long MARK_INTERVAL_NS = TimeUnit.SECONDS.toNanos(1);
    private static final long IDLE_WAIT_NS = TimeUnit.SECONDS.toNanos(1);

    private final StorageShard shard;
    private final SyncMark mark;
    private final boolean reportsAppends;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private List<Turn> written = new ArrayList<>();
    private long writtenBytes;
    private long writtenSequence;
    private boolean closed;
    private long syncs;
    private boolean busy;

    ShardSyncer(StorageShard shard, SyncMark mark) {
        this.shard = shard;
        this.mark = mark;
        this.reportsAppends = shard.options().durability() == Durability.SYNCED;
    }

    /** Takes a written turn; waits while too much is unsynced. Writer thread. */
    void handOver(Turn turn, long sequence) throws InterruptedException {
        lock.lock();
        try {
            while (!shard.failed() && (writtenBytes > MAX_UNSYNCED_BYTES || written.size() > MAX_UNSYNCED_TURNS)) {
                changed.await();
            }
            written.add(turn);
            writtenBytes += turn.appendedBytes();
            writtenSequence = sequence;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Syncs what was handed over, then ends. */
    void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Wakes a writer that waits for a sync that will never come. */
    void wake() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void run() {
        try {
            boolean more = true;
            while (more) {
                more = step();
            }
            mark.force();
        } catch (InterruptedException e) {
            shard.fail("the sync thread of " + shard + " was interrupted", e);
        } catch (Throwable e) {
            shard.fail("a sync of " + shard + " failed; nothing written since the last one can be trusted", e);
        }
    }

    /** The syncer's work, for the watchdog. Any thread. */
    StallWatch.Work work() {
        lock.lock();
        try {
            return new StallWatch.Work(busy || !written.isEmpty(), syncs);
        } finally {
            lock.unlock();
        }
    }

    private void done() {
        lock.lock();
        try {
            syncs++;
            busy = false;
        } finally {
            lock.unlock();
        }
    }

    private boolean step() throws InterruptedException, RocksDBException, IOException {
        List<Turn> turns;
        long sequence;
        lock.lock();
        try {
            if (written.isEmpty() && !closed) {
                changed.awaitNanos(IDLE_WAIT_NS);
            }
            turns = written;
            busy = !turns.isEmpty();
            sequence = writtenSequence;
            written = new ArrayList<>();
            writtenBytes = 0;
            if (turns.isEmpty() && closed) {
                return false;
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        if (shard.failed()) {
            return false;
        }
        if (turns.isEmpty()) {
            mark.forceIfOlderThan(MARK_INTERVAL_NS);
            return true;
        }
        long before = System.nanoTime();
        shard.database().sync();
        shard.counters().synced(System.nanoTime() - before);
        mark.put(sequence);
        mark.forceIfOlderThan(MARK_INTERVAL_NS);
        for (var turn : turns) {
            if (reportsAppends) {
                turn.durable();
            }
            turn.synced();
        }
        done();
        return true;
    }
}
