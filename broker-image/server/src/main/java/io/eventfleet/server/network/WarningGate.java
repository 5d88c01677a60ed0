// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.network;

import java.util.concurrent.atomic.AtomicLong;

/** Lets one warning through per interval, so that a misbehaving client cannot fill the disk with log lines. Thread-safe. */
final class WarningGate {
    private static final long INTERVAL_NANOS = 1_000_000_000L;

    private final AtomicLong nextAt = new AtomicLong(Long.MIN_VALUE);

    /** True if a warning may be written at this moment of the monotonic clock. */
    boolean permits(long nowNanos) {
        var next = nextAt.get();
        return (next == Long.MIN_VALUE || nowNanos - next >= 0)
                && nextAt.compareAndSet(next, nowNanos + INTERVAL_NANOS);
    }
}
