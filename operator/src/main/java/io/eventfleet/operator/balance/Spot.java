// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.operator.balance;

import java.util.Comparator;

/**
 * A partition, by what Kafka clients call it. In the order of names, then numbers.
 *
 * @param topic name of the topic
 * @param partition its number
 */
public record Spot(String topic, int partition) implements Comparable<Spot> {
    private static final Comparator<Spot> ORDER =
            Comparator.comparing(Spot::topic).thenComparingInt(Spot::partition);

    @Override
    public int compareTo(Spot other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return topic + "-" + partition;
    }
}
