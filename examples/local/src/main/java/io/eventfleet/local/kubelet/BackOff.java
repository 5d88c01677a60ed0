// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.kubelet;

import java.time.Duration;

/** How long a container waits before it is started again: the first time not at all, then doubling. Pure; not thread-safe. */
final class BackOff {
    static final Duration FIRST = Duration.ofSeconds(1);
    static final Duration LONGEST = Duration.ofMinutes(1);

    /** A container that ran this long starts again as if for the first time. */
    static final Duration FORGIVEN_AFTER = Duration.ofMinutes(5);

    private int failures;

    /** The wait after a run of this length. */
    Duration afterRun(Duration ran) {
        if (ran.compareTo(FORGIVEN_AFTER) >= 0) {
            failures = 0;
        }
        failures++;
        if (failures == 1) {
            return Duration.ZERO;
        }
        Duration wait = FIRST.multipliedBy(1L << Math.min(failures - 2, 16));
        return wait.compareTo(LONGEST) > 0 ? LONGEST : wait;
    }
}
