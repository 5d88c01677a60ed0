// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.storage;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/**
 * The one writer of a shard. Each turn takes whatever waits, lets every task add to one write batch, writes it, and hands
 * the turn on to be synced: while one sync runs, the next turn fills (group commit).
 */
final class ShardWriter implements Runnable {

    private static final int MAX_TURN_TASKS = 4096;
    private static final long MAX_TURN_BYTES = 8L << 20;
    private static final long IDLE_WAIT_MS = 1000;
    private static final long HIGH_WATERMARK_INTERVAL_NS = TimeUnit.SECONDS.toNanos(5);
    private static final int WRITE_BATCH_BYTES = 64 * 1024;
    private static final long MAX_KEPT_BATCH_BYTES = 1L << 20;

    private final StorageShard shard;
    private final ShardSyncer syncer;
    private final boolean syncEveryTurn;
    /** Turns ended; with {@link #busy} what the watchdog looks at. Written by the writer thread. */
    private volatile long turns;

    private volatile boolean busy;
    private WriteBatch batch = new WriteBatch(WRITE_BATCH_BYTES);
    private long highWatermarksWrittenNs = System.nanoTime();

    ShardWriter(StorageShard shard, ShardSyncer syncer) {
        this.shard = shard;
        this.syncer = syncer;
        this.syncEveryTurn = shard.options().durability() == Durability.SYNCED;
    }

    @Override
    public void run() {
        var tasks = new ArrayList<ShardTask>();
        try {
            while (!shard.queue().closedAndEmpty()) {
                tasks.clear();
                shard.queue().take(tasks, MAX_TURN_TASKS, MAX_TURN_BYTES, IDLE_WAIT_MS);
                busy = true;
                perform(tasks);
                busy = false;
            }
            busy = true;
            if (!shard.failed()) {
                writeHighWatermarks();
                syncEverything();
            }
        } catch (InterruptedException e) {
            shard.fail("the writer of " + shard + " was interrupted", e);
        } catch (Throwable e) {
            shard.fail("a write to " + shard + " failed; what follows it cannot be trusted", e);
        } finally {
            if (shard.failed()) {
                refuse(tasks);
                refuseWaiting(tasks);
            }
            batch.close();
            busy = false;
        }
    }

    /** The writer's work, for the watchdog. Any thread. */
    StallWatch.Work work() {
        return new StallWatch.Work(busy || shard.queue().tasks() > 0, turns);
    }

    private void refuse(List<ShardTask> tasks) {
        var why = new StorageException(StorageException.Reason.BROKEN, shard + " has failed");
        tasks.forEach(task -> task.refuse(why));
        tasks.clear();
    }

    /** Nobody is left to perform what waits, and nothing more may come. */
    private void refuseWaiting(List<ShardTask> tasks) {
        shard.queue().close();
        try {
            while (!shard.queue().closedAndEmpty()) {
                shard.queue().take(tasks, MAX_TURN_TASKS, MAX_TURN_BYTES, 0);
                refuse(tasks);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The last turn: whatever the durability is, a store that was closed is on the disk. */
    private void syncEverything() throws RocksDBException, InterruptedException {
        var turn = new Turn(shard.database(), batch);
        turn.afterSync(() -> {});
        finish(turn);
    }

    private void perform(List<ShardTask> tasks) throws RocksDBException, InterruptedException {
        if (shard.failed()) {
            refuse(tasks);
            return;
        }
        if (!tasks.isEmpty()) {
            shard.diskSpace().check(0);
            var turn = new Turn(shard.database(), batch);
            int performed = 0;
            while (performed < tasks.size()) {
                var task = tasks.get(performed);
                if (task.readsWritten() && performed > 0) {
                    finish(turn, tasks.subList(0, performed));
                    turn = new Turn(shard.database(), batch);
                    performed = 0;
                }
                task.perform(turn);
                performed++;
            }
            finish(turn, tasks);
        }
        if (System.nanoTime() - highWatermarksWrittenNs >= HIGH_WATERMARK_INTERVAL_NS) {
            writeHighWatermarks();
        }
    }

    /** Ends a turn; its tasks have passed on what they were, from here on the turn answers for them. */
    private void finish(Turn turn, List<ShardTask> performed) throws RocksDBException, InterruptedException {
        performed.clear();
        finish(turn);
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
    private void finish(Turn turn) throws RocksDBException, InterruptedException {
        turns++;
        if (turn.empty()) {
            return;
        }
        turn.seal();
        if (turn.windowEmptied()) {
            shard.dropEmptyWindows(turn);
        }
        long before = System.nanoTime();
        if (batch.count() > 0) {
            shard.database().write(batch);
            recycle();
        }
        shard.counters().committed(turn, System.nanoTime() - before);
        shard.diskSpace().check(turn.appendedBytes());
        turn.written();
        if (!syncEveryTurn) {
            turn.durable();
        }
        if (syncEveryTurn || turn.needsSync()) {
            syncer.handOver(turn, shard.database().latestSequence());
        }
    }

    private void recycle() {
        if (batch.getDataSize() > MAX_KEPT_BATCH_BYTES) {
            batch.close();
            batch = new WriteBatch(WRITE_BATCH_BYTES);
        } else {
            batch.clear();
        }
    }

    private void writeHighWatermarks() throws RocksDBException, InterruptedException {
        highWatermarksWrittenNs = System.nanoTime();
        var turn = new Turn(shard.database(), batch);
        shard.takeMovedHighWatermarks().forEach(turn::touch);
        finish(turn);
    }
}
