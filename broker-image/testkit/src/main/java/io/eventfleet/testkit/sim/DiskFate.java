// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.testkit.sim;

import io.eventfleet.core.cluster.message.Verdict;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/** The truth about one broker's disk, against which verdicts are checked. */
final class DiskFate {

    private int losses;
    private int unsyncedLosses;
    private int judgedLosses;
    private int judgedUnsynced;
    private boolean lostSinceServed;
    private final Map<UUID, int[]> atStart = new HashMap<>();
    private final Map<UUID, boolean[]> unjudged = new HashMap<>();

    void lost() {
        losses++;
        lostSinceServed = true;
    }

    void unsyncedLost() {
        unsyncedLosses++;
    }

    void served() {
        lostSinceServed = false;
    }

    void started(UUID incarnation) {
        atStart.put(incarnation, new int[] {losses, unsyncedLosses});
    }

    boolean lostSinceServed() {
        return lostSinceServed;
    }

    /** The registry entry of a process is durable, and with it the verdict on what had happened before its start. */
    void registered(UUID incarnation) {
        int[] seen = atStart.getOrDefault(incarnation, new int[2]);
        unjudged.putIfAbsent(incarnation, new boolean[] {seen[0] > judgedLosses, seen[1] > judgedUnsynced});
        judgedLosses = Math.max(judgedLosses, seen[0]);
        judgedUnsynced = Math.max(judgedUnsynced, seen[1]);
    }

    /** True if this verdict on the disk that the process found is wrong. */
    boolean contradicts(UUID incarnation, Verdict verdict) {
        boolean[] open = unjudged.getOrDefault(incarnation, new boolean[2]);
        return switch (verdict) {
            case NEW -> false;
            case INTACT -> open[0] || open[1];
            case UNCLEAN -> open[0];
            case LOST -> !open[0] && !lostSinceServed;
        };
    }
}
