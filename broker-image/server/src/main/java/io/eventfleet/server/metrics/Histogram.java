// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.metrics;

import java.util.concurrent.atomic.LongAdder;

/** Durations by bucket, from 100 µs to 10 s. Thread-safe, allocates nothing. */
public final class Histogram {
    /** Upper bounds in microseconds, ascending. */
    private static final long[] BOUNDS_MICROS = {
        100,
        250,
        500,
        1_000,
        2_500,
        5_000,
        10_000,
        25_000,
        50_000,
        100_000,
        250_000,
        500_000,
        1_000_000,
        2_500_000,
        10_000_000
    };

    private final LongAdder[] buckets = new LongAdder[BOUNDS_MICROS.length + 1];
    private final LongAdder sumNanos = new LongAdder();

    Histogram() {
        for (int i = 0; i < buckets.length; i++) {
            buckets[i] = new LongAdder();
        }
    }

    /** Counts one duration in nanoseconds. */
    public void recordNanos(long nanos) {
        var micros = nanos / 1_000;
        int bucket = 0;
        while (bucket < BOUNDS_MICROS.length && micros > BOUNDS_MICROS[bucket]) {
            bucket++;
        }
        buckets[bucket].increment();
        sumNanos.add(nanos);
    }

    /** How many durations were counted. */
    public long count() {
        long count = 0;
        for (var bucket : buckets) {
            count += bucket.sum();
        }
        return count;
    }

    /** Writes the samples in Prometheus' text format. */
    void render(String name, String labels, StringBuilder out) {
        var prefix = labels.isEmpty() ? "" : labels + ",";
        long cumulative = 0;
        for (int i = 0; i < buckets.length; i++) {
            cumulative += buckets[i].sum();
            var bound = i < BOUNDS_MICROS.length ? Double.toString(BOUNDS_MICROS[i] / 1e6) : "+Inf";
            out.append(name)
                    .append("_bucket{")
                    .append(prefix)
                    .append("le=\"")
                    .append(bound)
                    .append("\"} ")
                    .append(cumulative)
                    .append('\n');
        }
        var suffix = labels.isEmpty() ? " " : "{" + labels + "} ";
        out.append(name)
                .append("_sum")
                .append(suffix)
                .append(sumNanos.sum() / 1e9)
                .append('\n');
        out.append(name).append("_count").append(suffix).append(cumulative).append('\n');
    }
}
