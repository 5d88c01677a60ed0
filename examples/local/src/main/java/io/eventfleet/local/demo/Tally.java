// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.demo;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/**
 * Where each number was found. A number at a second place is a duplicate; the same place again is the same record, delivered again because a
 * member could not commit before its partitions went to another one, as any group may do. Thread-safe.
 */
final class Tally {
    private static final long NOWHERE = -1;
    private static final int OFFSET_BITS = 48;

    private final long[] places;
    private final Map<TopicPartition, Integer> partitions = new HashMap<>();
    private int distinct;
    private int duplicated;
    private int redelivered;

    /** @param records the numbers are below it */
    Tally(int records) {
        this.places = new long[records];
        Arrays.fill(places, NOWHERE);
    }

    synchronized void add(int number, TopicPartition partition, long offset) {
        int index = partitions.computeIfAbsent(partition, any -> partitions.size());
        long place = ((long) index << OFFSET_BITS) | offset;
        if (places[number] == NOWHERE) {
            places[number] = place;
            distinct++;
        } else if (places[number] == place) {
            redelivered++;
        } else {
            duplicated++;
        }
    }

    /** How many different numbers were found. */
    synchronized int distinct() {
        return distinct;
    }

    /** How often a number was found at another place than before. */
    synchronized int duplicated() {
        return duplicated;
    }

    /** How often a record came again. */
    synchronized int redelivered() {
        return redelivered;
    }
}
