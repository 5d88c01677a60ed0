// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.replication;

import java.time.Duration;

/**
 * How long the leader waits before it changes the in-sync replicas.
 *
 * @param maxLag {@code replica.lag.time.max.ms}: who has not been caught up for longer is out
 * @param expandDelay how long a replica must have been caught up before it joins, where min ISR is met without it; also
 *     the pause after a refused proposal
 * @param flapDelay the same for a replica that left twice within {@code flapWindow}
 * @param flapWindow see {@code flapDelay}
 */
public record IsrTimers(Duration maxLag, Duration expandDelay, Duration flapDelay, Duration flapWindow) {

    /** The timers of docs/replication.md with another lag. */
    public static IsrTimers withMaxLag(Duration maxLag) {
        return new IsrTimers(maxLag, Duration.ofSeconds(1), Duration.ofSeconds(10), Duration.ofSeconds(60));
    }
}
