// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.bench.suite;

import java.time.Duration;

/**
 * How much work a round does.
 *
 * @param warmUpBytes volume moved before the clock runs, so that both brokers are compiled and their files open
 * @param measuredBytes volume that is measured
 * @param loadLimit a load that needs longer ends there and counts what it did
 * @param idle how long an untouched broker is left alone before its memory is read
 */
public record Scale(long warmUpBytes, long measuredBytes, Duration loadLimit, Duration idle) {
    private static final long MB = 1_000_000;

    /** Enough to see the order of magnitude within minutes. */
    public static Scale quick() {
        return new Scale(150 * MB, 400 * MB, Duration.ofSeconds(20), Duration.ofSeconds(4));
    }

    /** Long enough for steady figures. */
    public static Scale full() {
        return new Scale(500 * MB, 2_000 * MB, Duration.ofSeconds(60), Duration.ofSeconds(15));
    }
}
