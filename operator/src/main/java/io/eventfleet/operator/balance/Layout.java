// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.operator.balance;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.IntPredicate;

/**
 * Where replicas are, or will be when the moves that are under way are done. Immutable.
 *
 * @param replicas broker ids of each partition, the preferred leader first
 * @param moving partitions that are under way, which are left alone
 */
public record Layout(SortedMap<Spot, List<Integer>> replicas, Set<Spot> moving) {
    public Layout {
        replicas = Collections.unmodifiableSortedMap(new TreeMap<>(replicas));
        moving = Set.copyOf(moving);
    }

    /** The layout when these moves are done too. */
    public Layout after(Map<Spot, List<Integer>> moves) {
        var next = new TreeMap<>(replicas);
        moves.forEach((spot, target) -> next.computeIfPresent(spot, (key, before) -> target));
        return new Layout(next, moving);
    }

    /** Partitions with a replica on such a broker, those under way included as they will be. */
    public long on(IntPredicate broker) {
        return replicas.values().stream()
                .filter(brokers -> brokers.stream().anyMatch(broker::test))
                .count();
    }
}
