// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.torture.check;

import io.eventfleet.local.torture.history.Event.Fault;
import io.eventfleet.local.torture.history.Event.Outcome;
import io.eventfleet.local.torture.history.Event.Send;
import io.eventfleet.local.torture.history.Key;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * For how long a partition acknowledged nothing although somebody tried, by the faults of that time. Faults that overlap are named together,
 * because nobody can say which of them it was.
 */
final class Availability {
    /** Name of the time without a fault. */
    static final String NO_FAULT = "none";

    private Availability() {}

    /** Longest time without an acknowledged send, per set of faults. */
    static Map<String, Outage> longest(Map<Key, KeyLog> logs, List<Fault> faults) {
        Map<String, Outage> longest = new TreeMap<>();
        logs.forEach((key, log) -> {
            List<Send> attempts = log.sends().stream()
                    .sorted(Comparator.comparingLong(Send::startNs))
                    .toList();
            List<Long> acknowledged = attempts.stream()
                    .filter(send -> send.outcome() == Outcome.OK)
                    .map(Send::endNs)
                    .sorted()
                    .toList();
            int next = 0;
            long previous = Long.MIN_VALUE;
            for (long end : acknowledged) {
                while (attempts.get(next).endNs() <= previous && next < attempts.size() - 1) {
                    next++;
                }
                // The wait begins with the oldest attempt that is still open; while nobody wants to write, nobody
                // waits.
                long begin = Math.min(end, Math.max(previous, attempts.get(next).startNs()));
                add(longest, faults, new Outage(key, begin, end));
                previous = end;
            }
            addUnfinished(longest, faults, key, attempts, previous);
        });
        return longest;
    }

    /** The attempts after the last success: a partition that never comes back is the longest outage of all. */
    private static void addUnfinished(
            Map<String, Outage> longest, List<Fault> faults, Key key, List<Send> attempts, long lastSuccess) {
        List<Send> open = attempts.stream()
                .filter(send -> send.outcome() != Outcome.OK && send.endNs() > lastSuccess)
                .toList();
        if (!open.isEmpty()) {
            long begin = Math.max(lastSuccess, open.getFirst().startNs());
            long end = open.stream().mapToLong(Send::endNs).max().orElse(begin);
            add(longest, faults, new Outage(key, begin, end));
        }
    }

    private static void add(Map<String, Outage> longest, List<Fault> faults, Outage outage) {
        longest.merge(faultsDuring(faults, outage.beginNs(), outage.endNs()), outage, Outage::longer);
    }

    private static String faultsDuring(List<Fault> faults, long begin, long end) {
        TreeSet<String> kinds = faults.stream()
                .filter(fault -> fault.startNs() <= end && fault.endNs() >= begin)
                .map(Fault::kind)
                .collect(Collectors.toCollection(TreeSet::new));
        return kinds.isEmpty() ? NO_FAULT : String.join("+", kinds);
    }
}
