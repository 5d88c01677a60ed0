// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.demo;

import java.util.HashSet;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;

/**
 * Measures from the death of a broker until every partition that it led has acknowledged a record that was sent after its death.
 * Thread-safe.
 */
public final class FailoverClock {
    private static final long NANOS_PER_MS = 1_000_000;

    private final Set<TopicPartition> waiting = new HashSet<>();
    private boolean started;
    private long startNs;
    private long lastNs;

    /** The broker that led these is dead now. */
    public synchronized void start(Set<TopicPartition> led) {
        started = true;
        startNs = System.nanoTime();
        lastNs = startNs;
        waiting.addAll(led);
    }

    synchronized void acknowledged(TopicPartition partition, long sentNs) {
        if (started && sentNs - startNs >= 0 && waiting.remove(partition)) {
            lastNs = System.nanoTime();
        }
    }

    /** Milliseconds; empty as long as a partition has not come back, or when nothing died. */
    public synchronized OptionalLong elapsedMs() {
        return started && waiting.isEmpty() ? OptionalLong.of((lastNs - startNs) / NANOS_PER_MS) : OptionalLong.empty();
    }
}
