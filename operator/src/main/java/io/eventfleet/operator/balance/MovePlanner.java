// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.operator.balance;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.IntPredicate;

/**
 * Chooses the next moves, a bounded number at a time. The same layout gives the same moves, so that a planner that was
 * interrupted goes on where it was; every move brings the layout nearer to its goal, so that it comes to an end. Pure.
 */
public final class MovePlanner {
    private final SortedMap<Integer, BrokerPlace> brokers = new TreeMap<>();

    /** @param brokers those that replicas may be given to */
    public MovePlanner(Collection<BrokerPlace> brokers) {
        brokers.forEach(broker -> this.brokers.put(broker.id(), broker));
    }

    /**
     * Moves replicas away from brokers that leave: each to the broker with the fewest, in a failure domain that the
     * partition does not use yet as long as there is one. A partition that has no other place stays.
     *
     * @param leaving brokers that are to be emptied
     * @param limit partitions that may be under way at once, those that are already included
     */
    public SortedMap<Spot, List<Integer>> empty(Layout layout, IntPredicate leaving, int limit) {
        var load = new Load(layout);
        var moves = new TreeMap<Spot, List<Integer>>();
        for (var entry : layout.replicas().entrySet()) {
            if (moves.size() + layout.moving().size() >= limit) {
                break;
            }
            boolean affected = entry.getValue().stream().anyMatch(leaving::test);
            if (affected && !layout.moving().contains(entry.getKey())) {
                without(entry.getValue(), leaving, load).ifPresent(target -> {
                    load.replace(entry.getValue(), target);
                    moves.put(entry.getKey(), target);
                });
            }
        }
        return moves;
    }

    private Optional<List<Integer>> without(List<Integer> replicas, IntPredicate leaving, Load load) {
        var target = new ArrayList<>(replicas);
        for (int i = 0; i < target.size(); i++) {
            if (leaving.test(target.get(i))) {
                var next = place(target, i, leaving, load);
                if (next.isEmpty()) {
                    return Optional.empty();
                }
                target.set(i, next.get());
            }
        }
        return Optional.of(List.copyOf(target));
    }

    /** The best broker for one position of a partition, whose preferred leader stays first if it stays at all. */
    private Optional<Integer> place(List<Integer> target, int position, IntPredicate leaving, Load load) {
        var others = new ArrayList<>(target);
        others.remove(position);
        var domains = new HashSet<String>();
        others.stream().filter(id -> !leaving.test(id)).forEach(id -> domains.add(domain(id)));
        return brokers.values().stream()
                .filter(broker -> !leaving.test(broker.id()) && !target.contains(broker.id()))
                .min(Comparator.<BrokerPlace, Boolean>comparing(broker -> domains.contains(broker.domain()))
                        .thenComparing(broker -> position == 0 ? load.leaders(broker.id()) : 0)
                        .thenComparing(broker -> load.replicas(broker.id()))
                        .thenComparing(BrokerPlace::id))
                .map(BrokerPlace::id);
    }

    /**
     * Moves replicas from the brokers with the most to those with the fewest until no two differ by more than one, as far
     * as failure domains allow. Preferred leaderships follow where there are too many of them.
     *
     * @param limit partitions that may be under way at once, those that are already included
     */
    public SortedMap<Spot, List<Integer>> spread(Layout layout, int limit) {
        var load = new Load(layout);
        var moves = new TreeMap<Spot, List<Integer>>();
        while (moves.size() + layout.moving().size() < limit) {
            var next = nextOfSpread(layout, load, moves);
            if (next.isEmpty()) {
                break;
            }
            load.replace(next.get().before(), next.get().target());
            moves.put(next.get().spot(), next.get().target());
        }
        return moves;
    }

    private record Move(Spot spot, List<Integer> before, List<Integer> target) {}

    private Optional<Move> nextOfSpread(Layout layout, Load load, Map<Spot, List<Integer>> chosen) {
        var byLoad = brokers.keySet().stream()
                .sorted(Comparator.<Integer>comparingInt(load::replicas).thenComparing(id -> id))
                .toList();
        for (int from : byLoad.reversed()) {
            for (int to : byLoad) {
                if (load.replicas(from) - load.replicas(to) < 2) {
                    break;
                }
                var move = layout.replicas().entrySet().stream()
                        .filter(entry -> !layout.moving().contains(entry.getKey())
                                && !chosen.containsKey(entry.getKey())
                                && entry.getValue().contains(from)
                                && !entry.getValue().contains(to)
                                && keepsDomains(entry.getValue(), from, to))
                        .min(Comparator.<Map.Entry<Spot, List<Integer>>, Boolean>comparing(
                                        entry -> isFirst(entry.getValue(), from) != load.tooManyLeaders(from, to))
                                .thenComparing(Map.Entry::getKey))
                        .map(entry -> new Move(entry.getKey(), entry.getValue(), replaced(entry.getValue(), from, to)));
                if (move.isPresent()) {
                    return move;
                }
            }
        }
        return Optional.empty();
    }

    private static boolean isFirst(List<Integer> replicas, int broker) {
        return replicas.getFirst() == broker;
    }

    private boolean keepsDomains(List<Integer> replicas, int from, int to) {
        return domains(replaced(replicas, from, to)) >= domains(replicas);
    }

    private long domains(List<Integer> replicas) {
        return replicas.stream().map(this::domain).distinct().count();
    }

    private String domain(int brokerId) {
        return Objects.requireNonNullElseGet(brokers.get(brokerId), () -> new BrokerPlace(brokerId, null))
                .domain();
    }

    private static List<Integer> replaced(List<Integer> replicas, int from, int to) {
        return replicas.stream().map(id -> id == from ? to : id).toList();
    }

    /** Replicas and preferred leaderships per broker, as moves are chosen. */
    private static final class Load {
        private final Map<Integer, Integer> replicas = new TreeMap<>();
        private final Map<Integer, Integer> leaders = new TreeMap<>();

        Load(Layout layout) {
            layout.replicas().values().forEach(ids -> count(ids, 1));
        }

        int replicas(int broker) {
            return replicas.getOrDefault(broker, 0);
        }

        int leaders(int broker) {
            return leaders.getOrDefault(broker, 0);
        }

        boolean tooManyLeaders(int from, int to) {
            return leaders(from) - leaders(to) >= 2;
        }

        void replace(List<Integer> before, List<Integer> after) {
            count(before, -1);
            count(after, 1);
        }

        private void count(List<Integer> ids, int sign) {
            ids.forEach(id -> replicas.merge(id, sign, Integer::sum));
            if (!ids.isEmpty()) {
                leaders.merge(ids.getFirst(), sign, Integer::sum);
            }
        }
    }
}
