// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.bench.result;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The samples of a run: one per metric, system and round, in the order in which they came. Not thread safe: the run records from one
 * thread. The first system is the baseline of all ratios.
 */
public final class Results {
    private final List<String> systems;
    private final Map<Metric, Map<String, List<Double>>> samples = new LinkedHashMap<>();

    /**
     * Starts an empty collection.
     *
     * @param systems names of the systems, baseline first
     */
    public Results(List<String> systems) {
        if (systems.isEmpty()) {
            throw new IllegalArgumentException("no systems to compare");
        }
        this.systems = List.copyOf(systems);
    }

    /** Adds the sample of one round. */
    public void add(String system, Metric metric, double value) {
        if (!systems.contains(system)) {
            throw new IllegalArgumentException("unknown system " + system);
        }
        samples.computeIfAbsent(metric, m -> new LinkedHashMap<>())
                .computeIfAbsent(system, s -> new ArrayList<>())
                .add(value);
    }

    /** Names of the systems, baseline first. */
    public List<String> systems() {
        return systems;
    }

    /** The system that the others are divided by. */
    public String baseline() {
        return systems.getFirst();
    }

    /** The metrics in the order of their first sample. */
    public Set<Metric> metrics() {
        return new LinkedHashSet<>(samples.keySet());
    }

    /** The samples of one metric of one system, in the order of the rounds. */
    public List<Double> samples(String system, Metric metric) {
        return List.copyOf(samples.getOrDefault(metric, Map.of()).getOrDefault(system, List.of()));
    }

    /** Statistics of one metric of one system, empty if it was not measured. */
    public Optional<Summary> summary(String system, Metric metric) {
        List<Double> values = samples(system, metric);
        return values.isEmpty() ? Optional.empty() : Optional.of(Summary.of(values));
    }

    /** The system's median over the baseline's, empty if either was not measured or the baseline is zero. */
    public Optional<Double> ratio(String system, Metric metric) {
        return summary(system, metric)
                .flatMap(own -> summary(baseline(), metric).map(own::ratioTo))
                .filter(ratio -> !ratio.isNaN());
    }
}
