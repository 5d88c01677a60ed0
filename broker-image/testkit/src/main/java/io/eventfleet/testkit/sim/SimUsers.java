// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.testkit.sim;

import io.eventfleet.core.admin.ReplicaAdmin.Election;
import io.eventfleet.core.cluster.TopicState;
import io.eventfleet.core.cluster.message.ReplicaTarget;
import io.eventfleet.core.cluster.port.ClusterSettings;
import io.eventfleet.core.cluster.port.NodeEvent;
import io.eventfleet.core.cluster.store.Doc;
import io.eventfleet.core.cluster.store.Kind;
import io.eventfleet.core.cluster.store.Ref;
import io.eventfleet.core.cluster.store.ShardDoc;
import io.eventfleet.core.cluster.store.TopicDoc;
import io.eventfleet.core.log.TopicPartitionId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Users who apply, change and delete Topic resources and ask brokers for things; and the operator's finalizers. */
final class SimUsers {

    private static final int NAMES = 6;

    private final SimCluster cluster;
    private final World world;
    private final int maxReplicationFactor;
    private boolean busy;
    private long requestId;

    SimUsers(SimCluster cluster, int maxReplicationFactor) {
        this.cluster = cluster;
        this.world = cluster.world();
        this.maxReplicationFactor = maxReplicationFactor;
    }

    /** The operator puts finalizers on Topics and takes them off when no data is served any more. */
    void runOperator() {
        for (var doc : cluster.api().list(Kind.TOPIC)) {
            var topic = (TopicDoc) doc.body();
            if (!topic.deleting() && !topic.finalizer()) {
                cluster.api().put("operator", doc.ref(), with(topic, topic.partitions(), false, true, topic.config()));
            } else if (topic.deleting() && !served(topic)) {
                cluster.api().delete("operator", doc.ref());
            }
        }
        world.after(World.SECOND, this::runOperator);
    }

    void start() {
        busy = true;
        world.after(world.between(World.SECOND, 3 * World.SECOND), this::act);
    }

    void stop() {
        busy = false;
    }

    Ref create(String name, int partitions, int replicationFactor, boolean finalizer, boolean restore) {
        var ref = new Ref(Kind.TOPIC, name);
        var doc = new TopicDoc(
                "",
                name.split("-")[0],
                partitions,
                replicationFactor,
                new TreeMap<>(),
                List.of(),
                "",
                false,
                finalizer,
                restore,
                false,
                null);
        cluster.api().put("user", ref, cluster.api().named(doc));
        return ref;
    }

    void delete(Ref ref) {
        cluster.api().get(ref).ifPresent(doc -> {
            var topic = (TopicDoc) doc.body();
            if (topic.finalizer()) {
                cluster.api().put("user", ref, with(topic, topic.partitions(), true, true, topic.config()));
            } else {
                cluster.api().delete("user", ref);
            }
        });
    }

    /** Changes the settings of a topic. */
    void configure(Ref ref, TopicDoc topic, SortedMap<String, String> config) {
        cluster.api().put("user", ref, with(topic, topic.partitions(), false, topic.finalizer(), config));
    }

    private void act() {
        if (!busy) {
            return;
        }
        world.after(world.between(World.SECOND / 2, 5 * World.SECOND), this::act);
        String name = "t" + world.between(0, NAMES);
        var ref = new Ref(Kind.TOPIC, name);
        var existing = cluster.api().get(ref).orElse(null);
        switch ((int) world.between(0, cluster.records() ? 14 : 10)) {
            case 0, 1, 2, 3 -> createUnlessThere(name, existing);
            case 4 -> change(existing);
            case 5 -> delete(ref);
            case 6 -> forget(existing);
            case 7 -> namesake(name);
            case 8 -> ask(new NodeEvent.ProducerIdsWanted(++requestId));
            case 10, 11, 12 -> reassign();
            case 13 -> elect();
            default -> ask(new NodeEvent.InternalTopicWanted(ClusterSettings.Topics.CONSUMER_OFFSETS));
        }
    }

    private void createUnlessThere(String name, @Nullable Doc existing) {
        if (existing == null) {
            int replicas = (int) world.between(1, maxReplicationFactor + 1);
            create(name, (int) world.between(1, 7), replicas, world.chance(0.5), world.chance(0.3));
        }
    }

    private void change(@Nullable Doc existing) {
        if (existing != null && existing.body() instanceof TopicDoc topic && !topic.deleting()) {
            var config = new TreeMap<>(topic.config());
            config.put("retention.ms", Long.toString(world.between(1, 1000)));
            config.put("min.insync.replicas", Long.toString(world.between(1, 4)));
            int partitions = topic.partitions() + (int) world.between(0, 3);
            cluster.api().put("user", existing.ref(), with(topic, partitions, false, topic.finalizer(), config));
        }
    }

    /** Somebody tears a resource out, finalizer or not. */
    private void forget(@Nullable Doc existing) {
        if (existing != null && world.chance(0.3)) {
            cluster.api().delete("vandal", existing.ref());
        }
    }

    /** A second resource with the topic name of another. */
    private void namesake(String name) {
        if (cluster.api().get(new Ref(Kind.TOPIC, name + "-b")).isEmpty()) {
            create(name + "-b", (int) world.between(1, 4), 1, true, false);
        } else {
            delete(new Ref(Kind.TOPIC, name + "-b"));
        }
    }

    /** An administrator moves the replicas of some partition, or cancels that. */
    private void reassign() {
        anyPartition().ifPresent(id -> {
            var brokers = new ArrayList<Integer>();
            cluster.nodes().forEach(node -> brokers.add(node.id()));
            int replicas = world.chance(0.1) ? 0 : (int) world.between(1, maxReplicationFactor + 1);
            var target = new ArrayList<Integer>();
            for (int i = 0; i < replicas; i++) {
                target.add(brokers.remove((int) world.between(0, brokers.size())));
            }
            world.trace("user moves " + id + " to " + target);
            ask(new NodeEvent.ReassignmentWanted(++requestId, List.of(new ReplicaTarget(id, target))));
        });
    }

    private void elect() {
        anyPartition().ifPresent(id -> ask(new NodeEvent.ElectionWanted(++requestId, Election.PREFERRED, List.of(id))));
    }

    private Optional<TopicPartitionId> anyPartition() {
        var open = cluster.oracle().open();
        return open.isEmpty() ? Optional.empty() : Optional.of(open.get((int) world.between(0, open.size())));
    }

    private void ask(NodeEvent event) {
        int broker = (int) world.between(0, cluster.nodes().size());
        cluster.node(broker).process().ifPresent(process -> process.deliver(event));
    }

    private boolean served(TopicDoc topic) {
        return cluster.shards().stream()
                .map(ShardDoc::topics)
                .flatMap(topics -> topics.values().stream())
                .anyMatch(lines -> lines.home()
                        && lines.uid().equals(topic.uid())
                        && (lines.state() == TopicState.NEW || lines.state() == TopicState.OPEN));
    }

    private static TopicDoc with(
            TopicDoc topic, int partitions, boolean deleting, boolean finalizer, SortedMap<String, String> config) {
        return new TopicDoc(
                topic.uid(),
                topic.topicName(),
                partitions,
                topic.replicationFactor(),
                config,
                topic.assignment(),
                topic.createdAt(),
                deleting,
                finalizer,
                topic.restore(),
                topic.deletionConfirmed(),
                topic.deletionDelayMs());
    }
}
