// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.bench.load;

/**
 * What a load moved.
 *
 * @param records number of records that were acknowledged or received
 * @param bytes their values together, without keys, headers and framing
 * @param elapsedNs time from the first request until the last one was answered
 */
public record Transfer(long records, long bytes, long elapsedNs) {
    private static final double BYTES_PER_MB = 1e6;
    private static final double BYTES_PER_GB = 1e9;
    private static final double NS_PER_SECOND = 1e9;

    /** Throughput in megabytes (10^6) per second. */
    public double megabytesPerSecond() {
        return bytes / BYTES_PER_MB / seconds();
    }

    /** Throughput in records per second. */
    public double recordsPerSecond() {
        return records / seconds();
    }

    /** Gigabytes (10^9) moved. */
    public double gigabytes() {
        return bytes / BYTES_PER_GB;
    }

    private double seconds() {
        return Math.max(elapsedNs, 1) / NS_PER_SECOND;
    }
}
