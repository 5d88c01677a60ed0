// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.replica;

import java.time.Duration;

/** Pauses that double from one failure to the next and begin anew after a success. Not thread-safe. */
final class Backoff {
    /** First pause: a leader may just be a moment behind, or ahead, in its metadata. */
    private static final Duration FIRST = Duration.ofMillis(50);

    private final long maxMs;
    private long nextMs = FIRST.toMillis();

    Backoff(Duration max) {
        this.maxMs = max.toMillis();
    }

    /** The pause that is due now, in ms. */
    long failed() {
        long pause = Math.min(nextMs, maxMs);
        nextMs = Math.min(2 * pause, maxMs);
        return pause;
    }

    void succeeded() {
        nextMs = FIRST.toMillis();
    }
}
