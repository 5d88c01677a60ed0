// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.operator.balance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MovePlannerTest {
    private static final int NO_LIMIT = 1_000_000;

    @Test
    void brokerThatLeavesIsReplacedByTheOneWithTheFewestReplicas() {
        var layout = layout("a-0=0,3", "a-1=3,0", "a-2=0,1", "a-3=1,0");

        var moves = planner(4).empty(layout, id -> id == 3, NO_LIMIT);

        assertThat(moves).isEqualTo(Map.of(spot("a-0"), List.of(0, 2), spot("a-1"), List.of(2, 0)));
    }

    @Test
    void positionsInTheListAreKept() {
        assertThat(planner(5).empty(layout("a-0=3,0,4"), id -> id >= 3, NO_LIMIT))
                .isEqualTo(Map.of(spot("a-0"), List.of(1, 0, 2)));
    }

    @Test
    void partitionsThatLeaveAFailureDomainGoToOneTheyDoNotUse() {
        var planner = new MovePlanner(List.of(
                new BrokerPlace(0, "x"), new BrokerPlace(1, "x"), new BrokerPlace(2, "y"), new BrokerPlace(3, "y")));
        var layout = layout("a-0=0,3", "b-0=2", "b-1=2", "b-2=2");

        assertThat(planner.empty(layout, id -> id == 3, NO_LIMIT))
                .as("2 has more replicas than 1, but 1 shares the rack of 0")
                .isEqualTo(Map.of(spot("a-0"), List.of(0, 2)));
        var withoutY = new MovePlanner(List.of(new BrokerPlace(0, "x"), new BrokerPlace(1, "x")));
        assertThat(withoutY.empty(layout("a-0=0,3"), id -> id == 3, NO_LIMIT))
                .as("a shared rack is better than a broker that cannot leave")
                .isEqualTo(Map.of(spot("a-0"), List.of(0, 1)));
    }

    @Test
    void partitionWithoutAnotherPlaceStays() {
        assertThat(planner(3).empty(layout("a-0=0,1,2", "b-0=2"), id -> id == 2, NO_LIMIT))
                .isEqualTo(Map.of(spot("b-0"), List.of(1)));
        assertThat(planner(0).empty(layout("a-0=0"), id -> id == 0, NO_LIMIT)).isEmpty();
    }

    @Test
    void neverMoreAtOnceThanTheLimit() {
        var layout = layout("a-0=2", "a-1=2", "a-2=2", "a-3=2");

        assertThat(planner(3).empty(layout, id -> id == 2, 3)).hasSize(3);
        var underWay = new Layout(layout.replicas(), Set.of(spot("a-0"), spot("a-1")));
        assertThat(planner(3).empty(underWay, id -> id == 2, 3).keySet()).containsExactly(spot("a-2"));
        assertThat(planner(3).empty(underWay, id -> id == 2, 2)).isEmpty();
        assertThat(planner(3).spread(underWay, 2)).isEmpty();
    }

    @Test
    void brokerThatWasAddedGetsItsShareOfReplicasAndLeaders() {
        var layout = striped(3, 12, 3);

        var spread = layout.after(planner(4).spread(layout, NO_LIMIT));

        assertThat(counts(spread, 4, false)).containsExactly(9, 9, 9, 9);
        assertThat(counts(spread, 4, true)).containsExactly(3, 3, 3, 3);
    }

    @Test
    void evenLayoutIsLeftAlone() {
        assertThat(planner(3).spread(striped(3, 7, 2), NO_LIMIT)).isEmpty();
    }

    @Test
    void spreadingDoesNotPutTwoReplicasIntoOneFailureDomain() {
        var planner =
                new MovePlanner(List.of(new BrokerPlace(0, "x"), new BrokerPlace(1, "y"), new BrokerPlace(2, "y")));
        var layout = layout("a-0=0,1", "a-1=0,1", "a-2=0,1", "a-3=0,1");

        var moves = planner.spread(layout, NO_LIMIT);

        assertThat(layout.after(moves).replicas().values())
                .allSatisfy(replicas -> assertThat(replicas).contains(0).hasSize(2));
        assertThat(moves).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void everyWayOfGrowingAndShrinkingComesToAnEnd(long seed) {
        var random = new Random(seed);
        int brokers = 2 + random.nextInt(8);
        int factor = 1 + random.nextInt(Math.min(3, brokers));
        var layout = striped(brokers, 1 + random.nextInt(60), factor);
        int more = brokers + 1 + random.nextInt(3);

        var grown = carryOut(layout, next -> planner(more).spread(next, 3));
        var loads = counts(grown, more, false);
        assertThat(loads.stream().mapToInt(i -> i).max().orElseThrow()
                        - loads.stream().mapToInt(i -> i).min().orElseThrow())
                .as("seed %d", seed)
                .isLessThanOrEqualTo(1);
        assertSound(grown, factor);

        int fewer = Math.max(factor, brokers - 1 - random.nextInt(3));
        var shrunk = carryOut(grown, next -> planner(more).empty(next, id -> id >= fewer, 3));
        assertThat(shrunk.on(id -> id >= fewer)).as("seed %d", seed).isZero();
        assertSound(shrunk, factor);
    }

    @Test
    void interruptedPlanGoesOnWhereItWas() {
        var layout = striped(4, 10, 2);
        var first = planner(4).empty(layout, id -> id == 3, 2);

        assertThat(planner(4).empty(layout, id -> id == 3, 2)).isEqualTo(first);
        var underWay = new Layout(layout.after(first).replicas(), first.keySet());
        assertThat(planner(4).empty(underWay, id -> id == 3, 4).keySet())
                .hasSize(2)
                .doesNotContainAnyElementsOf(first.keySet());
    }

    private interface Step {
        Map<Spot, List<Integer>> next(Layout layout);
    }

    private static Layout carryOut(Layout layout, Step step) {
        var now = layout;
        int bound = 10 * layout.replicas().size() + 10;
        for (int i = 0; i < bound; i++) {
            var moves = step.next(now);
            if (moves.isEmpty()) {
                return now;
            }
            now = now.after(moves);
        }
        throw new AssertionError("no end after " + bound + " steps");
    }

    private static void assertSound(Layout layout, int factor) {
        assertThat(layout.replicas().values())
                .allSatisfy(replicas -> assertThat(replicas).hasSize(factor).doesNotHaveDuplicates());
    }

    private static MovePlanner planner(int brokers) {
        return new MovePlanner(IntStream.range(0, brokers)
                .mapToObj(id -> new BrokerPlace(id, null))
                .toList());
    }

    /** Partitions over brokers 0 to n-1, as they are placed when everything is created at once. */
    private static Layout striped(int brokers, int partitions, int factor) {
        var replicas = new TreeMap<Spot, List<Integer>>();
        for (int p = 0; p < partitions; p++) {
            int first = p;
            replicas.put(
                    new Spot("t", p),
                    IntStream.range(0, factor)
                            .mapToObj(i -> (first + i) % brokers)
                            .toList());
        }
        return new Layout(replicas, Set.of());
    }

    private static List<Integer> counts(Layout layout, int brokers, boolean leadersOnly) {
        var counts = new ArrayList<Integer>();
        for (int id = 0; id < brokers; id++) {
            int broker = id;
            counts.add((int) layout.replicas().values().stream()
                    .filter(replicas -> leadersOnly ? replicas.getFirst() == broker : replicas.contains(broker))
                    .count());
        }
        return counts;
    }

    private static Layout layout(String... lines) {
        SortedMap<Spot, List<Integer>> replicas = new TreeMap<>();
        for (var line : lines) {
            var sides = line.split("=");
            replicas.put(
                    spot(sides[0]),
                    java.util.Arrays.stream(sides[1].split(","))
                            .map(Integer::valueOf)
                            .collect(Collectors.toList()));
        }
        return new Layout(replicas, Set.of());
    }

    private static Spot spot(String text) {
        var dash = text.lastIndexOf('-');
        return new Spot(text.substring(0, dash), Integer.parseInt(text.substring(dash + 1)));
    }
}
