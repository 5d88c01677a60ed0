// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.metrics;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Every metric of the process, by name and labels, and Prometheus' text format of them. Asking twice for the same name
 * and labels gives the same object; keep it, for asking is a map look-up. Thread-safe.
 */
public final class MetricRegistry {
    private final Map<String, Family> families = new ConcurrentSkipListMap<>();

    private final List<Supplier<List<Sample>>> collectors = new CopyOnWriteArrayList<>();

    /**
     * One number of a library that has a registry of its own.
     *
     * @param name legal Prometheus name
     * @param labels names and values
     */
    public record Sample(String name, Map<String, String> labels, double value) {}

    private record Family(String type, String help, Map<String, Object> byLabels) {}

    /**
     * A counter.
     *
     * @param labels names and values in turn
     */
    public Counter counter(String name, String help, String... labels) {
        return (Counter) family(name, "counter", help).byLabels().computeIfAbsent(join(labels), key -> new Counter());
    }

    /** A histogram of durations; the name should end in {@code _seconds}. */
    public Histogram histogram(String name, String help, String... labels) {
        return (Histogram)
                family(name, "histogram", help).byLabels().computeIfAbsent(join(labels), key -> new Histogram());
    }

    /** A value read when somebody looks; the last registration of the same name and labels wins. */
    public void gauge(String name, String help, LongSupplier value, String... labels) {
        family(name, "gauge", help).byLabels().put(join(labels), value);
    }

    /** A growing value that something else counts, read when somebody looks. */
    public void countedElsewhere(String name, String help, LongSupplier value, String... labels) {
        family(name, "counter", help).byLabels().put(join(labels), value);
    }

    /** Numbers of another registry, read when somebody looks. */
    public void collect(Supplier<List<Sample>> collector) {
        collectors.add(collector);
    }

    /** Everything in Prometheus' text exposition format 0.0.4. */
    public String render() {
        var out = new StringBuilder(16_384);
        families.forEach((name, family) -> {
            out.append("# HELP ").append(name).append(' ').append(family.help()).append('\n');
            out.append("# TYPE ").append(name).append(' ').append(family.type()).append('\n');
            family.byLabels().forEach((labels, metric) -> render(name, labels, metric, out));
        });
        collectors.forEach(collector -> render(collector.get(), out));
        return out.toString();
    }

    private static void render(List<Sample> samples, StringBuilder out) {
        var byName = new TreeMap<String, StringBuilder>();
        for (var sample : samples) {
            var labels = sample.labels().entrySet().stream()
                    .sorted(Map.Entry.comparingByKey())
                    .map(label -> join(label.getKey(), label.getValue()))
                    .collect(Collectors.joining(","));
            var lines = byName.computeIfAbsent(sample.name(), name -> new StringBuilder());
            lines.append(sample.name());
            if (!labels.isEmpty()) {
                lines.append('{').append(labels).append('}');
            }
            lines.append(' ').append(sample.value()).append('\n');
        }
        byName.forEach((name, lines) ->
                out.append("# TYPE ").append(name).append(" gauge\n").append(lines));
    }

    private static void render(String name, String labels, Object metric, StringBuilder out) {
        switch (metric) {
            case Histogram histogram -> histogram.render(name, labels, out);
            case Counter counter -> sample(name, labels, counter.value(), out);
            case LongSupplier gauge -> sample(name, labels, gauge.getAsLong(), out);
            default -> throw new IllegalStateException("no such metric: " + metric.getClass());
        }
    }

    private static void sample(String name, String labels, long value, StringBuilder out) {
        out.append(name);
        if (!labels.isEmpty()) {
            out.append('{').append(labels).append('}');
        }
        out.append(' ').append(value).append('\n');
    }

    private Family family(String name, String type, String help) {
        var family = families.computeIfAbsent(name, key -> new Family(type, help, new ConcurrentHashMap<>()));
        if (!family.type().equals(type)) {
            throw new IllegalArgumentException(name + " is a " + family.type());
        }
        return family;
    }

    private static String join(String... labels) {
        if (labels.length % 2 != 0) {
            throw new IllegalArgumentException("labels are names and values in turn");
        }
        var out = new StringBuilder();
        for (int i = 0; i < labels.length; i += 2) {
            if (i > 0) {
                out.append(',');
            }
            out.append(labels[i])
                    .append("=\"")
                    .append(labels[i + 1]
                            .replace("\\", "\\\\")
                            .replace("\"", "\\\"")
                            .replace("\n", "\\n"))
                    .append('"');
        }
        return out.toString();
    }
}
