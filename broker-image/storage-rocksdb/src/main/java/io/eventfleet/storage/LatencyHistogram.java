// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.storage;

import java.util.concurrent.atomic.LongAdder;

/** Counts durations in buckets that double: 1 µs, 2 µs, … over half an hour. Thread-safe. */
final class LatencyHistogram {

    private static final int BUCKETS = 32;

    private final LongAdder[] counts = new LongAdder[BUCKETS];
    private final LongAdder totalNs = new LongAdder();

    LatencyHistogram() {
        for (int i = 0; i < BUCKETS; i++) {
            counts[i] = new LongAdder();
        }
    }

    void record(long durationNs) {
        long micros = Math.max(1, durationNs / 1000);
        int bucket = Math.min(BUCKETS - 1, Long.SIZE - Long.numberOfLeadingZeros(micros - 1));
        counts[bucket].increment();
        totalNs.add(durationNs);
    }

    StorageStats.Latencies snapshot() {
        var copy = new long[BUCKETS];
        for (int i = 0; i < BUCKETS; i++) {
            copy[i] = counts[i].sum();
        }
        return new StorageStats.Latencies(java.util.Arrays.stream(copy).boxed().toList(), totalNs.sum());
    }
}
