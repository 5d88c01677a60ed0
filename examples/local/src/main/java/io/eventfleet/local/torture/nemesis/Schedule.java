// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.torture.nemesis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;

/**
 * Which faults come when, from a seed. Periods of 20 to 60 seconds follow each other; in a quarter of them nothing happens, so that the system
 * can show that it recovers, in the others a random subset of the faults does. The same seed and kinds give the same schedule.
 */
public record Schedule(List<Period> periods) {
    private static final long SHORTEST_MS = 20_000;
    private static final long LONGEST_MS = 60_000;
    private static final double QUIET = 0.25;
    private static final int MOST_AT_ONCE = 3;

    public Schedule {
        periods = List.copyOf(periods);
    }

    /** A time in which these faults hold together. */
    public record Period(Duration length, List<PlannedFault> faults) {
        public Period {
            faults = List.copyOf(faults);
        }
    }

    /**
     * Plans a run.
     *
     * @param scale factor on the length of the periods; below 1 for short runs
     * @throws IllegalArgumentException without kinds, or with a scale that is not positive
     */
    public static Schedule of(long seed, Duration total, Set<FaultKind> kinds, double scale) {
        if (kinds.isEmpty() || scale <= 0) {
            throw new IllegalArgumentException("a schedule needs faults and a positive scale");
        }
        SplittableRandom random = new SplittableRandom(seed);
        List<FaultKind> ordered = List.copyOf(new TreeSet<>(kinds));
        List<Period> periods = new ArrayList<>();
        long left = total.toMillis();
        while (left > 0) {
            long length = Math.min(left, Math.round(random.nextLong(SHORTEST_MS, LONGEST_MS + 1) * scale));
            List<PlannedFault> faults = random.nextDouble() < QUIET ? List.of() : subset(ordered, random);
            periods.add(new Period(Duration.ofMillis(length), faults));
            left -= Math.max(1, length);
        }
        return new Schedule(periods);
    }

    private static List<PlannedFault> subset(List<FaultKind> kinds, SplittableRandom random) {
        List<FaultKind> shuffled = new ArrayList<>(kinds);
        for (int last = shuffled.size() - 1; last > 0; last--) {
            Collections.swap(shuffled, last, random.nextInt(last + 1));
        }
        int count = Math.min(shuffled.size(), 1 + random.nextInt(MOST_AT_ONCE));
        return shuffled.subList(0, count).stream()
                .map(kind -> new PlannedFault(kind, random.nextInt(Integer.MAX_VALUE), random.nextDouble()))
                .toList();
    }
}
