// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.bench.system;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * A point on the monotonic clock until which something is waited for.
 *
 * @param atNs value of {@link System#nanoTime()} at which it passes
 */
public record Deadline(long atNs) {

    /** A deadline that far from now. */
    public static Deadline after(Duration duration) {
        return new Deadline(System.nanoTime() + duration.toNanos());
    }

    /** Whether it has passed. */
    public boolean passed() {
        return System.nanoTime() - atNs >= 0;
    }

    /** Polls until the condition holds or the deadline passes; tells which. */
    public boolean await(Duration period, BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            if (passed() || Thread.currentThread().isInterrupted()) {
                return false;
            }
            LockSupport.parkNanos(period.toNanos());
        }
        return true;
    }
}
