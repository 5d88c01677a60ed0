// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.partition;

import io.eventfleet.core.log.TopicPartitionId;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies retention to every led and every followed partition in turn: one at a time, so that its disk work never competes
 * with itself, and remembers high watermarks of led ones on the way. Those of followed ones are remembered by who copies.
 */
public final class RetentionTask {
    private static final Logger LOG = LoggerFactory.getLogger(RetentionTask.class);

    private final PartitionRegistry registry;
    private final InstantSource clock;
    private final ScheduledExecutorService scheduler;
    private final long intervalMs;
    private final Queue<Turn> round = new ArrayDeque<>();

    /** What is to be done for one partition. */
    private record Turn(TopicPartitionId id, Supplier<CompletionStage<Long>> apply) {}

    /** @param scheduler one thread, on which all of this runs but the storage work itself */
    public RetentionTask(
            PartitionRegistry registry, InstantSource clock, ScheduledExecutorService scheduler, long intervalMs) {
        this.registry = registry;
        this.clock = clock;
        this.scheduler = scheduler;
        this.intervalMs = intervalMs;
    }

    /** Schedules the first round. */
    public void start() {
        scheduler.schedule(this::beginRound, intervalMs, TimeUnit.MILLISECONDS);
    }

    private void beginRound() {
        registry.led().forEach(replica -> round.add(new Turn(replica.id(), () -> apply(replica))));
        registry.followed().forEach(replica -> round.add(new Turn(replica.log().id(), () -> apply(replica))));
        next();
    }

    private void next() {
        var turn = round.poll();
        if (turn == null) {
            start();
            return;
        }
        CompletionStage<Long> applied;
        try {
            applied = turn.apply().get();
        } catch (RuntimeException e) {
            // The scheduler would drop the failure and with it all rounds to come.
            applied = CompletableFuture.failedFuture(e);
        }
        applied.whenComplete((logStartOffset, failure) -> {
            if (failure != null) {
                LOG.atWarn()
                        .addKeyValue("partition", turn.id())
                        .setCause(failure)
                        .log("retention not applied");
            }
            if (!scheduler.isShutdown()) {
                scheduler.execute(this::next);
            }
        });
    }

    private CompletionStage<Long> apply(LedReplica replica) {
        var log = replica.log();
        log.checkpointHighWatermark(replica.highWatermark());
        return log.applyRetention(replica.view().rules().retention(), clock.millis(), replica.highWatermark());
    }

    private CompletionStage<Long> apply(FollowedReplica replica) {
        var log = replica.log();
        return log.applyRetention(replica.rules().retention(), clock.millis(), log.checkpointedHighWatermark());
    }
}
