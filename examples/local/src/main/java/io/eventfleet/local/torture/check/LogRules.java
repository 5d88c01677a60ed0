// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.torture.check;

import io.eventfleet.local.torture.history.Event.Outcome;
import io.eventfleet.local.torture.history.Event.Send;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** Rules about what the log holds: each acknowledged value once, at one place, and nothing else. */
final class LogRules {
    private LogRules() {}

    static void check(KeyLog log, Consumer<Anomaly> found) {
        log.valuesByOffset().forEach((offset, values) -> {
            if (values.size() > 1) {
                found.accept(new Anomaly(
                        Check.INCONSISTENT_OFFSETS, log.key(), "offset " + offset + " holds the values " + values));
            }
        });
        log.offsetsByValue().forEach((value, offsets) -> {
            if (offsets.size() > 1) {
                found.accept(new Anomaly(Check.DUPLICATE, log.key(), "value " + value + " is at offsets " + offsets));
            }
        });
        checkReads(log, found);
        checkAcknowledged(log, found);
    }

    private static void checkReads(KeyLog log, Consumer<Anomaly> found) {
        Map<Long, Outcome> outcomes = new HashMap<>();
        log.sends().forEach(send -> outcomes.put(send.value(), send.outcome()));
        for (long value : log.readValues()) {
            Outcome outcome = outcomes.get(value);
            if (outcome == null) {
                found.accept(new Anomaly(Check.PHANTOM, log.key(), "value " + value + " was read but never sent"));
            } else if (outcome == Outcome.FAIL) {
                found.accept(new Anomaly(Check.ABORTED_READ, log.key(), "value " + value + " was refused, then read"));
            }
        }
    }

    private static void checkAcknowledged(KeyLog log, Consumer<Anomaly> found) {
        for (Send send : log.sends()) {
            if (send.outcome() == Outcome.OK && !log.wasRead(send.value())) {
                Set<Long> offsets = log.offsetsByValue().getOrDefault(send.value(), Set.of());
                boolean passed = offsets.stream().anyMatch(offset -> offset < log.highestRead());
                found.accept(new Anomaly(
                        passed ? Check.LOST_WRITE : Check.UNSEEN,
                        log.key(),
                        "value " + send.value() + " was acknowledged at " + offsets
                                + " and never read; the highest offset read is " + log.highestRead()));
            }
        }
    }
}
