// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.torture.check;

import io.eventfleet.local.torture.history.Event;
import io.eventfleet.local.torture.history.Event.Fault;
import io.eventfleet.local.torture.history.Event.Outcome;
import io.eventfleet.local.torture.history.Key;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Applies all rules to a history. */
public final class HistoryChecker {
    private HistoryChecker() {}

    /** Judges events in the order in which they were recorded. */
    public static Verdict check(List<Event> events) {
        Map<Key, KeyLog> logs = new TreeMap<>();
        List<Fault> faults = new ArrayList<>();
        for (Event event : events) {
            switch (event) {
                case Event.Send send -> log(logs, send.key()).add(send);
                case Event.Poll poll -> log(logs, poll.key()).add(poll);
                case Event.Watermark watermark -> log(logs, watermark.key()).add(watermark);
                case Event.Replica replica -> log(logs, replica.key()).add(replica);
                case Fault fault -> faults.add(fault);
            }
        }
        List<Anomaly> anomalies = new ArrayList<>();
        for (KeyLog log : logs.values()) {
            LogRules.check(log, anomalies::add);
            OrderRules.check(log, anomalies::add);
            ReplicaRules.check(log, anomalies::add);
        }
        return new Verdict(
                anomalies,
                logs.values().stream()
                        .flatMap(log -> log.sends().stream())
                        .filter(send -> send.outcome() == Outcome.OK)
                        .count(),
                logs.values().stream().mapToLong(log -> log.readValues().size()).sum(),
                Availability.longest(logs, faults));
    }

    private static KeyLog log(Map<Key, KeyLog> logs, Key key) {
        return logs.computeIfAbsent(key, KeyLog::new);
    }
}
