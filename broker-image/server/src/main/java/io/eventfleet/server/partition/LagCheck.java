// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.partition;

import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks at every led partition regularly, so that a follower that is silent is noticed. */
public final class LagCheck {
    private static final Logger LOG = LoggerFactory.getLogger(LagCheck.class);
    /** A tenth of the lag time is late by no more than that. */
    private static final int CHECKS_PER_LAG = 10;

    private static final Duration MOST = Duration.ofSeconds(1);

    private final PartitionRegistry registry;
    private final ScheduledExecutorService scheduler;
    private final Duration interval;

    /** @param maxLag {@code replica.lag.time.max.ms} */
    public LagCheck(PartitionRegistry registry, ScheduledExecutorService scheduler, Duration maxLag) {
        this.registry = registry;
        this.scheduler = scheduler;
        var tenth = maxLag.dividedBy(CHECKS_PER_LAG);
        this.interval = tenth.compareTo(MOST) < 0 ? tenth : MOST;
    }

    /** Begins; ends with the scheduler. */
    public void start() {
        scheduler.scheduleWithFixedDelay(this::check, interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void check() {
        for (var replica : registry.led()) {
            try {
                replica.tick();
            } catch (RuntimeException e) {
                // The scheduler would drop the failure and with it all checks to come.
                LOG.atError().addKeyValue("partition", replica.id()).setCause(e).log("lag not checked");
            }
        }
    }
}
