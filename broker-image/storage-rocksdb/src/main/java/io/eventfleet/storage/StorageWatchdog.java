// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.storage;

import io.eventfleet.storage.StallWatch.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks twice a second whether the writer and the syncer of every shard get on with their work. A store that stalls says
 * so, for the broker to withhold its heartbeats; one that is stuck fails, which ends the process.
 */
final class StorageWatchdog implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(StorageWatchdog.class);
    private static final Duration INTERVAL = Duration.ofMillis(500);

    private final List<Watched> watched = new ArrayList<>();
    private final StallWatch.Limits limits;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("storage-watchdog").factory());
    private volatile boolean stalled;

    /** One thread of a shard. */
    private record Watched(StorageShard shard, String thread, Supplier<StallWatch.Work> work, StallWatch watch) {}

    StorageWatchdog(List<StorageShard> shards, StorageOptions options) {
        limits = new StallWatch.Limits(options.stalledAfter(), options.stuckAfter(), INTERVAL);
        for (var shard : shards) {
            watched.add(new Watched(shard, "writer", shard::writing, new StallWatch(limits)));
            watched.add(new Watched(shard, "syncer", shard::syncing, new StallWatch(limits)));
        }
    }

    void start() {
        timer.scheduleAtFixedRate(this::look, 0, INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void look() {
        boolean anyStalled = false;
        for (var each : watched) {
            Verdict verdict = each.watch().sample(System.nanoTime(), each.work().get());
            anyStalled |= verdict != Verdict.MOVING;
            if (verdict == Verdict.STUCK && !each.shard().failed()) {
                var cause = new StorageException(
                        StorageException.Reason.BROKEN,
                        "no progress for " + limits.stuck().toSeconds() + " s although work waits");
                each.shard().fail("the " + each.thread() + " of " + each.shard() + " is stuck, its disk hangs", cause);
            }
        }
        if (anyStalled != stalled) {
            stalled = anyStalled;
            LOG.atWarn()
                    .addKeyValue("limitMs", limits.stalled().toMillis())
                    .log(anyStalled ? "storage makes no progress" : "storage makes progress again");
        }
    }

    /** Whether some shard has made no progress for a while although it has work. Any thread. */
    boolean stalled() {
        return stalled;
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
