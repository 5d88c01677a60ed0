// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.cluster.controller;

import io.eventfleet.core.cluster.BrokerEntry;
import io.eventfleet.core.cluster.PartitionLine;
import io.eventfleet.core.cluster.TopicLines;
import io.eventfleet.core.cluster.TopicState;
import io.eventfleet.core.cluster.store.ShardDoc;
import io.eventfleet.core.cluster.store.TopicDoc;
import io.eventfleet.core.log.TopicPartitionId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.IntPredicate;
import java.util.stream.Stream;

/**
 * Gives the partitions of a topic as many replicas as its resource asks for since it was changed, by reassignments like an
 * administrator's, a limited number of them at a time. A partition that an administrator moved to another number of
 * replicas stays as it is until the resource changes again.
 */
final class ReplicationFactors {

    /** Partitions that move at the same time, in the whole cluster, before another one is begun here. */
    private static final int MAX_PARTITIONS_MOVING = 50;

    private static final long TICK_NANOS = 1_000_000_000L;

    private final Term term;
    private final ShardChanges shardChanges;
    private final ReplicaChanges replicaChanges;
    private final Topics topics;
    private final IntPredicate registering;
    private final Set<TopicPartitionId> underWay = new HashSet<>();
    private final Set<String> unplaceable = new HashSet<>();
    private long nextTickAt;

    /** @param registering brokers whose epoch is about to change */
    ReplicationFactors(
            Term term,
            ShardChanges shardChanges,
            ReplicaChanges replicaChanges,
            Topics topics,
            IntPredicate registering) {
        this.term = term;
        this.shardChanges = shardChanges;
        this.replicaChanges = replicaChanges;
        this.topics = topics;
        this.registering = registering;
    }

    long deadline() {
        return term.active() && !term.readOnly() ? nextTickAt : Long.MAX_VALUE;
    }

    void tick(long now) {
        if (!term.active() || term.readOnly() || now < nextTickAt) {
            return;
        }
        nextTickAt = now + TICK_NANOS;
        Map<String, TopicDoc> docs = new HashMap<>();
        topics.known().values().forEach(doc -> docs.put(doc.uid(), doc));
        for (var home : term.homes().toList()) {
            var doc = docs.get(home.uid());
            if (doc != null && home.state() == TopicState.OPEN && home.replicationFactor() != doc.replicationFactor()) {
                resize(home, doc.replicationFactor());
            }
        }
    }

    private void resize(TopicLines home, int factor) {
        if (factor < 1 || factor > term.settings().topics().maxReplicationFactor()) {
            return;
        }
        var others = lines(home.topicId())
                .filter(line -> line.target().size() != factor)
                .toList();
        if (others.isEmpty()) {
            topics.change(home.topicId(), topics.homeShard(home), topic -> topic.withReplicationFactor(factor));
            return;
        }
        var usable = term.unfenced().stream()
                .filter(broker -> !registering.test(broker.id()))
                .toList();
        if (usable.size() < factor
                && others.stream().anyMatch(line -> line.target().size() < factor)) {
            reportUnplaceable(home, factor);
            return;
        }
        var placement = new Placement(usable, List.of(), allLines());
        long moving = allLines().filter(line -> line.moves().running()).count() + underWay.size();
        for (var line : others) {
            var id = new TopicPartitionId(home.topicId(), line.partition());
            if (moving < MAX_PARTITIONS_MOVING && !underWay.contains(id)) {
                begin(id, target(line, factor, placement, usable));
                moving++;
            }
        }
    }

    private void reportUnplaceable(TopicLines home, int factor) {
        if (unplaceable.add(home.name() + " " + factor)) {
            term.warn(
                    "topic asks for more replicas than there are brokers",
                    "topic",
                    home.name(),
                    "replicationFactor",
                    Integer.toString(factor));
        }
    }

    /** More replicas: those that are there and others. Fewer: the first ones, before them the leader and who is in sync. */
    private static List<Integer> target(PartitionLine line, int factor, Placement placement, List<BrokerEntry> usable) {
        var present = line.target();
        if (present.size() < factor) {
            boolean enough =
                    usable.stream().filter(b -> !present.contains(b.id())).count() >= factor - present.size();
            return enough ? placement.extend(present, factor) : present;
        }
        var keep = new ArrayList<Integer>();
        if (present.contains(line.leader())) {
            keep.add(line.leader());
        }
        present.stream()
                .filter(id -> line.isr().contains(id) && !keep.contains(id))
                .forEach(keep::add);
        present.stream().filter(id -> !keep.contains(id)).forEach(keep::add);
        var kept = keep.subList(0, factor);
        return present.stream().filter(kept::contains).toList();
    }

    private void begin(TopicPartitionId id, List<Integer> target) {
        var cell = shardChanges.cellOf(id);
        if (cell.isEmpty()) {
            return;
        }
        underWay.add(id);
        var command = replicaChanges.reassignment(target);
        cell.get().enqueue(new Change<>() {
            @Override
            public ShardDoc apply(ShardDoc current) {
                var topic = current.topics().get(id.topicId());
                var line = ShardChanges.lineOf(current, id);
                return topic == null || line.isEmpty()
                        ? current
                        : command.apply(current, topic, line.get()).shard();
            }

            @Override
            public void durable(ShardDoc now) {
                underWay.remove(id);
            }
        });
    }

    private Stream<PartitionLine> lines(UUID topicId) {
        return term.shards().values().stream()
                .flatMap(cell -> Stream.ofNullable(cell.durable().topics().get(topicId)))
                .flatMap(topic -> topic.lines().stream());
    }

    private Stream<PartitionLine> allLines() {
        return term.shards().values().stream()
                .flatMap(cell -> cell.durable().topics().values().stream())
                .flatMap(topic -> topic.lines().stream());
    }
}
