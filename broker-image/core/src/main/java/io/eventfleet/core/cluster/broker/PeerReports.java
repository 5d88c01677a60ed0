// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.cluster.broker;

import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What this broker tells the controller about others from its own vantage point (E2b): whom it replicates with, and who
 * of them is silent. Time in which this process itself stood still is nobody's silence.
 */
final class PeerReports {

    /** Reports are made every second; a longer gap means that this process stood still. */
    private static final long PAUSE_NANOS = 2_000_000_000L;

    private final long silenceNanos;
    private SortedMap<Integer, Long> heardAt = new TreeMap<>();
    private long listeningSince = Long.MIN_VALUE;
    private long lastReportAt = Long.MIN_VALUE;

    PeerReports(long silenceNanos) {
        this.silenceNanos = silenceNanos;
    }

    void heard(SortedMap<Integer, Long> byBroker) {
        heardAt = byBroker;
    }

    /** Those of the brokers of whom anything was ever heard. */
    SortedSet<Integer> known(Set<Integer> replicatedWith) {
        return replicatedWith.stream().filter(heardAt::containsKey).collect(Collectors.toCollection(TreeSet::new));
    }

    /** Those of the known ones that are silent; made with every heartbeat. */
    SortedSet<Integer> silent(long now, Set<Integer> known) {
        if (lastReportAt == Long.MIN_VALUE || now - lastReportAt > PAUSE_NANOS) {
            listeningSince = now;
        }
        lastReportAt = now;
        return known.stream()
                .filter(id -> now - Math.max(listeningSince, heardAt.getOrDefault(id, listeningSince)) >= silenceNanos)
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
