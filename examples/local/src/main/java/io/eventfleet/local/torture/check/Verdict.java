// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.torture.check;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What a history shows.
 *
 * @param acknowledged how many sends were acknowledged
 * @param read how many different values were read
 * @param outages longest outage per set of faults, {@code none} for the time without one
 */
public record Verdict(List<Anomaly> anomalies, long acknowledged, long read, Map<String, Outage> outages) {
    public Verdict {
        anomalies = List.copyOf(anomalies);
        outages = Map.copyOf(outages);
    }

    /** True when no rule was broken that a correct system never breaks. */
    public boolean isCorrect() {
        return anomalies.stream().noneMatch(anomaly -> anomaly.check().isNever());
    }

    /** How often each rule was broken; every rule is there. */
    public Map<Check, Long> counts() {
        Map<Check, Long> counts = new EnumMap<>(Check.class);
        for (Check check : Check.values()) {
            counts.put(check, 0L);
        }
        anomalies.forEach(anomaly -> counts.merge(anomaly.check(), 1L, Long::sum));
        return counts;
    }
}
