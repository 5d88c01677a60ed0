// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.metrics;

import java.util.concurrent.atomic.LongAdder;

/** A number that only grows. Thread-safe, cheap under contention. */
public final class Counter {
    private final LongAdder value = new LongAdder();

    public void increment() {
        value.increment();
    }

    public void add(long amount) {
        value.add(amount);
    }

    public long value() {
        return value.sum();
    }
}
