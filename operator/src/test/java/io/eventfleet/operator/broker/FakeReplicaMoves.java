// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.operator.broker;

import io.eventfleet.api.meta.v1alpha1.PartitionShard;
import io.eventfleet.operator.balance.BrokerPlace;
import io.eventfleet.operator.balance.Spot;
import io.eventfleet.operator.shard.ShardView;
import io.eventfleet.operator.shard.Shards;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Brokers that move replicas when they are told to finish: one topic 't' with partitions from 0 on. */
public final class FakeReplicaMoves implements ReplicaMoves {
    private final List<List<Integer>> replicas = new ArrayList<>();
    private final Map<Spot, List<Integer>> moving = new TreeMap<>();
    private int serving;
    private int looks;
    private @Nullable String outage;
    private @Nullable String refusal;

    /** So many brokers serve, and the partitions have these replicas. */
    public FakeReplicaMoves(int brokers, List<List<Integer>> partitions) {
        serving = brokers;
        replicas.addAll(partitions);
    }

    /** From now on so many brokers serve, from 0 on. */
    public void serve(int brokers) {
        serving = brokers;
    }

    /** No question is answered until null ends it. */
    public void outage(@Nullable String reason) {
        outage = reason;
    }

    /** No move is begun until null ends it. */
    public void refuse(@Nullable String reason) {
        refusal = reason;
    }

    /** Ends all moves that are under way. */
    public void finish() {
        moving.forEach((spot, target) -> replicas.set(spot.partition(), target));
        moving.clear();
    }

    /** Partitions that are under way. */
    public Set<Spot> moving() {
        return Set.copyOf(moving.keySet());
    }

    /** Questions that were asked. */
    public int looks() {
        return looks;
    }

    /** What the shards say: while a partition moves, it has the replicas of both sides. */
    public ShardView shards() {
        var lines = new StringBuilder("name=t uid=u state=OPEN partitions=" + replicas.size() + " minISR=1");
        for (int i = 0; i < replicas.size(); i++) {
            var before = replicas.get(i);
            var target = moving.getOrDefault(new Spot("t", i), before);
            var adding = target.stream().filter(id -> !before.contains(id)).toList();
            var removing = before.stream().filter(id -> !target.contains(id)).toList();
            var all = Stream.concat(before.stream(), adding.stream()).toList();
            lines.append("\n%d %d@0.0 %s =".formatted(i, before.getLast(), text(all)));
            lines.append(adding.isEmpty() ? "" : " adding=" + text(adding));
            lines.append(removing.isEmpty() ? "" : " removing=" + text(removing));
        }
        return ShardView.of(List.<PartitionShard>of(Shards.shard(0, lines.toString())));
    }

    private static String text(List<Integer> ids) {
        return ids.stream().map(String::valueOf).collect(Collectors.joining(","));
    }

    @Override
    public Sight look(String bootstrap) {
        looks++;
        return outage == null
                ? new Sight.Seen(IntStream.range(0, serving)
                        .mapToObj(id -> new BrokerPlace(id, null))
                        .toList())
                : new Sight.Unavailable(outage);
    }

    @Override
    public Optional<String> begin(String bootstrap, Map<Spot, List<Integer>> targets) {
        if (refusal == null) {
            moving.putAll(targets);
        }
        return Optional.ofNullable(refusal);
    }
}
