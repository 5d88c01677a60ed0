// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.fetch;

import io.eventfleet.server.partition.LedReplica;
import io.eventfleet.server.partition.ProgressListener;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * One fetch that waits for bytes, for a change of leadership, or for its time to be over, whatever comes first. Costs
 * something per partition asked for, nothing per partition that exists. Thread-safe.
 */
final class FetchWait implements ProgressListener {
    private final List<LedReplica> replicas;
    private final long[] seen;
    private final AtomicLong missingBytes = new AtomicLong();
    private final Runnable onOver;
    private final AtomicBoolean over = new AtomicBoolean();
    private volatile @Nullable Future<?> timer;

    /**
     * Notes where the partitions are. Look at them, or read them, only after this: whatever happens from now on ends
     * the wait.
     *
     * @param replicas where progress counts
     * @param onOver called once, on any thread; must not block
     */
    FetchWait(List<LedReplica> replicas, Runnable onOver) {
        this.replicas = replicas;
        this.seen = replicas.stream().mapToLong(LedReplica::highWatermark).toArray();
        this.onOver = onOver;
    }

    /**
     * Begins to wait.
     *
     * @param missing bytes that must become readable
     * @param maxWaitMs when to give up
     */
    void begin(long missing, long maxWaitMs, ScheduledExecutorService timers) {
        missingBytes.set(missing);
        replicas.forEach(replica -> replica.addWaiter(this));
        timer = timers.schedule(this::end, maxWaitMs, TimeUnit.MILLISECONDS);
        if (hasMoved()) {
            end();
        } else if (over.get()) {
            cancelTimer();
        }
    }

    @Override
    public void onProgress(LedReplica replica, long bytes) {
        // Progress of unknown size ends the wait: the reader will see what it was.
        if (bytes == 0 || missingBytes.addAndGet(-bytes) <= 0) {
            end();
        }
    }

    @Override
    public void onEnded(LedReplica replica) {
        end();
    }

    private boolean hasMoved() {
        for (int i = 0; i < seen.length; i++) {
            if (replicas.get(i).hasEnded() || replicas.get(i).highWatermark() != seen[i]) {
                return true;
            }
        }
        return false;
    }

    private void end() {
        if (over.compareAndSet(false, true)) {
            cancelTimer();
            replicas.forEach(replica -> replica.removeWaiter(this));
            onOver.run();
        }
    }

    private void cancelTimer() {
        var scheduled = timer;
        if (scheduled != null) {
            scheduled.cancel(false);
        }
    }
}
