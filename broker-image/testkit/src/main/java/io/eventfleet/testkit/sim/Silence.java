// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.testkit.sim;

import java.util.HashMap;
import java.util.Map;

/**
 * Remembers long silences. A fencing write may still be under way when its subject speaks again, so a silence counts
 * for a while after its end.
 *
 * @param <K> who is silent to whom
 */
final class Silence<K> {

    private static final long COUNTS_FOR_NANOS = 15 * World.SECOND;

    private final double limitNanos;
    private final Map<K, Long> lastAt = new HashMap<>();
    private final Map<K, Long> brokenAt = new HashMap<>();

    Silence(double limitNanos) {
        this.limitNanos = limitNanos;
    }

    void heard(K who, long now) {
        if (now - lastAt.getOrDefault(who, 0L) >= limitNanos) {
            brokenAt.put(who, now);
        }
        lastAt.put(who, now);
    }

    /** True if there is, or was a moment ago, a silence of the limit. */
    boolean longEnough(K who, long now) {
        return now - lastAt.getOrDefault(who, 0L) >= limitNanos
                || now - brokenAt.getOrDefault(who, Long.MIN_VALUE / 2) < COUNTS_FOR_NANOS;
    }
}
