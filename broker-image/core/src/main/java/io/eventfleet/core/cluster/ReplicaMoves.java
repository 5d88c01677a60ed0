// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.cluster;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a reassignment (KIP-455) does to the replicas of one partition, and which replicas it has left behind.
 *
 * @param adding replicas that must get into the ISR before the reassignment can finish
 * @param removing replicas that leave when it finishes
 * @param dropped brokers that are no replicas any more but have not yet said that their data is gone, each with the
 *     partition epoch of the write that removed it
 */
public record ReplicaMoves(List<Integer> adding, List<Integer> removing, SortedMap<Integer, Integer> dropped) {

    /** No reassignment, and nothing left behind. */
    public static final ReplicaMoves NONE = new ReplicaMoves(List.of(), List.of(), Collections.emptySortedMap());

    public ReplicaMoves {
        adding = List.copyOf(adding);
        removing = List.copyOf(removing);
        dropped = Collections.unmodifiableSortedMap(new TreeMap<>(dropped));
    }

    /** True while a reassignment is running. */
    public boolean running() {
        return !adding.isEmpty() || !removing.isEmpty();
    }
}
