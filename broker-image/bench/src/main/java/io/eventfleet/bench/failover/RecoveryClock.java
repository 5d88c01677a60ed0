// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.bench.failover;

import java.time.Duration;
import java.util.BitSet;
import java.util.Optional;

/**
 * Measures from a moment until every partition has acknowledged a record that was sent after it. Thread-safe; times are values of
 * {@link System#nanoTime()}.
 */
final class RecoveryClock {
    private final int partitions;
    private final BitSet waiting = new BitSet();
    private long startNs;
    private long lastNs;

    RecoveryClock(int partitions) {
        this.partitions = partitions;
    }

    /** Begins a measurement; an earlier one is forgotten. */
    synchronized void start(long nowNs) {
        startNs = nowNs;
        lastNs = nowNs;
        waiting.set(0, partitions);
    }

    synchronized void acknowledged(int partition, long sentNs, long nowNs) {
        if (sentNs - startNs >= 0 && waiting.get(partition)) {
            waiting.clear(partition);
            lastNs = nowNs;
        }
    }

    /** The time, once every partition is back. */
    synchronized Optional<Duration> elapsed() {
        return waiting.isEmpty() ? Optional.of(Duration.ofNanos(lastNs - startNs)) : Optional.empty();
    }

    /** How many partitions are not back yet. */
    synchronized int missing() {
        return waiting.cardinality();
    }
}
