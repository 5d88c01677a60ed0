// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.torture.history;

import java.util.Comparator;

/** One partition: a log of unique integers. */
public record Key(String topic, int partition) implements Comparable<Key> {
    private static final Comparator<Key> ORDER =
            Comparator.comparing(Key::topic).thenComparingInt(Key::partition);

    @Override
    public int compareTo(Key other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return topic + "-" + partition;
    }
}
