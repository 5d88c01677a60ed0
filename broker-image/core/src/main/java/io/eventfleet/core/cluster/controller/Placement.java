// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.cluster.controller;

import io.eventfleet.core.cluster.BrokerEntry;
import io.eventfleet.core.cluster.PartitionLine;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Chooses brokers for new partitions: the leader where fewest partitions are led, the others where fewest replicas are,
 * on racks not used yet for this partition as long as there are any. Brokers that are away get replicas only where there
 * are not enough others. Deterministic; ties go to the lower id.
 */
final class Placement {

    private final List<BrokerEntry> known;
    private final Set<Integer> live;
    private final SortedMap<Integer, Integer> leaders = new TreeMap<>();
    private final SortedMap<Integer, Integer> replicas = new TreeMap<>();

    /**
     * @param brokers brokers that may lead at once
     * @param absent brokers that may be given replicas where there are not enough others
     * @param existing every partition there is
     */
    Placement(List<BrokerEntry> brokers, List<BrokerEntry> absent, Stream<PartitionLine> existing) {
        this.known = Stream.concat(brokers.stream(), absent.stream()).toList();
        this.live = brokers.stream().map(BrokerEntry::id).collect(Collectors.toSet());
        existing.forEach(this::count);
    }

    /** Brokers of one new partition, the preferred leader first. Needs at least as many brokers as replicas. */
    List<Integer> next(int replicationFactor) {
        return extend(List.of(), replicationFactor);
    }

    /** The same brokers and as many more as it takes; needs that there are so many. */
    List<Integer> extend(List<Integer> present, int replicationFactor) {
        var chosen = new ArrayList<>(present);
        Set<String> racks = new HashSet<>();
        known.stream().filter(broker -> present.contains(broker.id())).forEach(broker -> racks.add(rackOf(broker)));
        while (chosen.size() < replicationFactor) {
            var load = chosen.isEmpty() ? leaders : replicas;
            var best = known.stream()
                    .filter(b -> !chosen.contains(b.id()))
                    .min(Comparator.<BrokerEntry, Boolean>comparing(b -> !live.contains(b.id()))
                            .thenComparing(b -> racks.contains(rackOf(b)))
                            .thenComparing(b -> load.getOrDefault(b.id(), 0))
                            .thenComparing(b -> replicas.getOrDefault(b.id(), 0))
                            .thenComparing(BrokerEntry::id))
                    .orElseThrow();
            chosen.add(best.id());
            racks.add(rackOf(best));
        }
        if (present.isEmpty()) {
            add(chosen);
        } else {
            chosen.stream().filter(id -> !present.contains(id)).forEach(id -> replicas.merge(id, 1, Integer::sum));
        }
        return chosen;
    }

    /** Counts a partition whose brokers were chosen otherwise. */
    void add(List<Integer> chosen) {
        leaders.merge(chosen.getFirst(), 1, Integer::sum);
        chosen.forEach(id -> replicas.merge(id, 1, Integer::sum));
    }

    /** Replicas per broker, for tests of balance. */
    Map<Integer, Integer> load() {
        return replicas;
    }

    private void count(PartitionLine line) {
        if (!line.replicas().isEmpty()) {
            add(line.replicas());
        }
    }

    private static String rackOf(BrokerEntry broker) {
        return Objects.requireNonNullElse(broker.rack(), "broker-" + broker.id());
    }
}
