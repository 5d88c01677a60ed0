// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.bench.result;

/**
 * One figure that a suite measures.
 *
 * @param suite name of the suite that measures it
 * @param name what is measured, as the table shows it
 * @param unit unit of the samples
 * @param better which direction is the better one; decides nothing, the table shows it beside the ratio
 */
public record Metric(String suite, String name, String unit, Better better) {

    /** The direction in which a figure improves. */
    public enum Better {
        HIGHER,
        LOWER
    }

    /** A figure of which more is better, such as throughput. */
    public static Metric higher(String suite, String name, String unit) {
        return new Metric(suite, name, unit, Better.HIGHER);
    }

    /** A figure of which less is better, such as memory. */
    public static Metric lower(String suite, String name, String unit) {
        return new Metric(suite, name, unit, Better.LOWER);
    }
}
