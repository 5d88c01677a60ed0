// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.operator.cluster;

import io.eventfleet.operator.balance.BrokerPlace;
import io.eventfleet.operator.balance.Layout;
import io.eventfleet.operator.balance.MovePlanner;
import io.eventfleet.operator.balance.Spot;
import io.eventfleet.operator.broker.ReplicaMoves.Sight;
import io.eventfleet.operator.shard.PlacedTopic;
import io.eventfleet.operator.shard.ShardView;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What is done next because brokers come or go. Decided anew in every pass from what the shards and the brokers say, so that
 * an operator that starts in the middle goes on.
 */
sealed interface ScalingStep {
    /** Replicas are where they belong. */
    record Settled() implements ScalingStep {}

    /** Brokers were added and replicas are spread over all of them, or are not to be; leaderships follow by themselves. */
    record Spread() implements ScalingStep {}

    /** It cannot go on until something else happens. */
    record Waiting(String message) implements ScalingStep {}

    /** It cannot be done as declared. */
    record Refused(String message) implements ScalingStep {}

    /**
     * Replicas move.
     *
     * @param begin moves to begin now
     * @param message what is left, for people
     */
    record Moving(SortedMap<Spot, List<Integer>> begin, String message) implements ScalingStep {}

    /**
     * What is wanted.
     *
     * @param declared brokers that are declared
     * @param balanced brokers over which replicas were last spread; null when nobody remembers
     * @param stay replicas stay where they are when brokers are added
     * @param limit partitions that may be under way at once
     */
    record Wish(int declared, @Nullable Integer balanced, boolean stay, int limit) {
        /** True when brokers were added since replicas were last spread. */
        boolean grows() {
            return balanced != null && balanced < declared && !stay;
        }
    }

    /** True when the brokers must be looked at before the step is known. */
    static boolean asksBrokers(Wish wish, ShardView shards) {
        return wish.grows() || holders(shards, wish).findAny().isPresent();
    }

    /** The step, for a cluster whose brokers need not be looked at. */
    static ScalingStep withoutLooking(Wish wish) {
        return wish.balanced() != null && wish.balanced() == wish.declared() ? new Settled() : new Spread();
    }

    /** The step that follows from what the shards and the brokers say. */
    static ScalingStep next(Wish wish, ShardView shards, Sight sight) {
        if (!shards.complete()) {
            return new Waiting("not every topic can be read");
        }
        return switch (sight) {
            case Sight.Unavailable(String reason) -> new Waiting("the brokers do not answer: " + reason);
            case Sight.Seen seen ->
                holders(shards, wish).findAny().isPresent() ? empty(wish, shards, seen) : spread(wish, shards, seen);
        };
    }

    private static ScalingStep empty(Wish wish, ShardView shards, Sight.Seen seen) {
        var tooMany = shards.open().stream()
                .filter(topic -> !OffsetsReplicas.isFor(topic.name()))
                .filter(topic -> topic.partitions().stream()
                        .anyMatch(partition -> partition.settled().size() > wish.declared()))
                .map(PlacedTopic::name)
                .sorted()
                .toList();
        if (!tooMany.isEmpty()) {
            return new Refused("topics have more replicas than the " + wish.declared() + " brokers declared: "
                    + names(tooMany) + "; lower their replicationFactor first");
        }
        var absent = absent(wish, seen);
        var layout = layout(shards);
        IntPredicate leaving = id -> id >= wish.declared();
        var begin = new MovePlanner(seen.serving()).empty(layout, leaving, wish.limit());
        long left = shards.open().stream()
                .flatMap(topic -> topic.partitions().stream())
                .filter(partition -> partition.replicas().stream().anyMatch(leaving::test))
                .count();
        if (left == 0) {
            return new Waiting("brokers from " + wish.declared()
                    + " on hold deleted topics that can still be restored; they are kept until those are removed");
        }
        if (begin.isEmpty() && layout.moving().isEmpty()) {
            return new Waiting(left + (left == 1 ? " partition finds" : " partitions find")
                    + " no place on the brokers that stay"
                    + (absent.isEmpty() ? "" : "; these do not serve: " + ids(absent)));
        }
        return new Moving(
                begin,
                "emptying brokers from " + wish.declared() + " on: " + left
                        + (left == 1 ? " partition is left, " : " partitions are left, ")
                        + (begin.size() + layout.moving().size()) + " under way");
    }

    private static ScalingStep spread(Wish wish, ShardView shards, Sight.Seen seen) {
        if (!wish.grows()) {
            return withoutLooking(wish);
        }
        var absent = absent(wish, seen);
        if (!absent.isEmpty()) {
            return new Waiting("brokers that were added do not all serve: " + ids(absent));
        }
        var layout = layout(shards);
        var begin = new MovePlanner(seen.serving()).spread(layout, wish.limit());
        if (begin.isEmpty() && layout.moving().isEmpty()) {
            return new Spread();
        }
        return new Moving(
                begin,
                "spreading replicas over " + wish.declared() + " brokers: "
                        + (begin.size() + layout.moving().size()) + " partitions under way");
    }

    private static TreeSet<Integer> absent(Wish wish, Sight.Seen seen) {
        var serving = seen.serving().stream().map(BrokerPlace::id).collect(Collectors.toSet());
        var absent = new TreeSet<Integer>();
        for (int id = 0; id < wish.declared(); id++) {
            if (!serving.contains(id)) {
                absent.add(id);
            }
        }
        return absent;
    }

    /** Topics, deleted ones too, with a replica on a broker that is not declared any more. */
    private static Stream<PlacedTopic> holders(ShardView shards, Wish wish) {
        return shards.inUse().filter(topic -> topic.partitions().stream()
                .anyMatch(partition -> partition.replicas().stream().anyMatch(id -> id >= wish.declared())));
    }

    private static Layout layout(ShardView shards) {
        var replicas = new TreeMap<Spot, List<Integer>>();
        var moving = new HashSet<Spot>();
        for (var topic : shards.open()) {
            for (var partition : topic.partitions()) {
                var spot = new Spot(topic.name(), partition.id());
                replicas.put(spot, partition.settled());
                if (partition.moving()) {
                    moving.add(spot);
                }
            }
        }
        return new Layout(replicas, moving);
    }

    private static String names(List<String> names) {
        int shown = 5;
        var some = new ArrayList<>(names.subList(0, Math.min(shown, names.size())));
        return String.join(", ", some) + (names.size() > shown ? " and " + (names.size() - shown) + " more" : "");
    }

    private static String ids(Set<Integer> ids) {
        return ids.stream().map(String::valueOf).collect(Collectors.joining(", "));
    }
}
