// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.cluster.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventfleet.core.cluster.BrokerEntry;
import io.eventfleet.core.cluster.PartitionLine;
import io.eventfleet.core.cluster.image.BrokerInfo.BrokerState;
import io.eventfleet.core.cluster.image.Endpoint;
import java.util.List;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PlacementTest {

    private static BrokerEntry broker(int id, String rack) {
        return new BrokerEntry(
                id,
                1,
                1,
                new UUID(0, id),
                "pod",
                List.of(),
                null,
                BrokerState.UNFENCED,
                new Endpoint("b", 1),
                new TreeMap<>(),
                rack,
                new TreeMap<>());
    }

    @Test
    void spreadsReplicasOverRacksAndLeadersOverBrokers() {
        var brokers = List.of(broker(0, "a"), broker(1, "a"), broker(2, "b"), broker(3, "b"));
        var placement = new Placement(brokers, List.of(), Stream.empty());

        var chosen = IntStream.range(0, 8).mapToObj(p -> placement.next(2)).toList();

        assertThat(chosen).allMatch(pair -> (pair.get(0) < 2) != (pair.get(1) < 2));
        assertThat(chosen.stream().map(List::getFirst).distinct()).hasSize(4);
        assertThat(placement.load().values()).containsOnly(4);
    }

    @Test
    void fillsUpTheBrokerThatHasLeast() {
        var existing = Stream.of(0, 0, 0, 1).map(id -> PartitionLine.created(0, List.of(id), List.of(id), 1));
        var placement = new Placement(List.of(broker(0, "a"), broker(1, "a")), List.of(), existing);

        assertThat(placement.next(1)).containsExactly(1);
        assertThat(placement.next(1)).containsExactly(1);
        assertThat(placement.next(1)).containsExactly(0);
    }

    @Test
    void usesARackTwiceWhenThereIsNoOther() {
        var placement = new Placement(List.of(broker(0, "a"), broker(1, "a")), List.of(), Stream.empty());

        assertThat(placement.next(2)).containsExactlyInAnyOrder(0, 1);
    }

    @Test
    void usesBrokersThatAreAwayOnlyWhereThereAreNotEnoughOthers() {
        var away = List.of(broker(2, "b"));
        var placement = new Placement(List.of(broker(0, "a"), broker(1, "a")), away, Stream.empty());

        assertThat(placement.next(2)).containsExactlyInAnyOrder(0, 1);
        assertThat(placement.next(3)).last().isEqualTo(2);
    }

    @Test
    void growsOntoTheRackThatAPartitionDoesNotUseYet() {
        var brokers = List.of(broker(0, "a"), broker(1, "a"), broker(2, "b"));
        var placement = new Placement(brokers, List.of(), Stream.empty());

        assertThat(placement.extend(List.of(0), 2)).containsExactly(0, 2);
    }
}
