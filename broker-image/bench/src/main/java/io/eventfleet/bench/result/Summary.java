// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.bench.result;

import java.util.Arrays;
import java.util.Collection;

/**
 * Statistics of one metric of one system over the rounds.
 *
 * @param count how many rounds gave a sample
 * @param median middle sample, or the mean of the two middle ones
 * @param min smallest sample
 * @param max largest sample
 */
public record Summary(int count, double median, double min, double max) {

    /**
     * Summarises samples.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static Summary of(Collection<Double> samples) {
        if (samples.isEmpty()) {
            throw new IllegalArgumentException("no samples");
        }
        double[] sorted =
                samples.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        int middle = sorted.length / 2;
        double median = sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return new Summary(
                sorted.length, median, sorted[0], Arrays.stream(sorted).max().orElseThrow());
    }

    /** Distance from the smallest to the largest sample in per cent of the median: how far the rounds disagree. */
    public double spreadPercent() {
        return median == 0 ? 0 : (max - min) / Math.abs(median) * 100;
    }

    /** This median divided by the other's; NaN when the other is zero. */
    public double ratioTo(Summary baseline) {
        return baseline.median == 0 ? Double.NaN : median / baseline.median;
    }
}
