// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.testkit.sim;

import io.eventfleet.core.cluster.Durability;
import io.eventfleet.core.cluster.port.ClusterSettings;
import io.eventfleet.core.cluster.port.Guards;
import io.eventfleet.core.cluster.store.Kind;
import io.eventfleet.core.cluster.store.ObjectNames;
import io.eventfleet.core.cluster.store.RootDoc;
import io.eventfleet.core.cluster.store.ShardDoc;
import io.eventfleet.core.replication.ReplicationGuards;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A whole cluster in virtual time: brokers, store, network, an operator, users, and the invariants over all of them. */
public final class SimCluster {

    static final String NAME = "sim";
    /** Clocks run between this and its inverse. */
    static final double SLOWEST_CLOCK = 0.8;

    private final World world;
    private final SimApi api;
    private final SimNet net;
    private final ReplicaNet replicaNet;
    private final RecordOracle oracle = new RecordOracle(this);
    private final Invariants invariants;
    private final List<SimNode> nodes = new ArrayList<>();
    private final ClusterSettings settings;
    private final Protections protections;
    private final SimUsers users;
    private final Shape shape;
    private final SimClients clients;
    private boolean kubelet = true;
    private long restartDelay = World.SECOND;

    /**
     * Shape of a run.
     *
     * @param brokers number of brokers
     * @param maxReplicationFactor topics get up to this many replicas
     * @param maxLinesPerShard partitions per shard
     * @param buffered durability BUFFERED instead of SYNCED
     * @param fenceRules the store refuses what the fence rules forbid
     * @param records replicas keep logs, and clients produce and consume; otherwise there is only metadata
     */
    public record Shape(
            int brokers,
            int maxReplicationFactor,
            int maxLinesPerShard,
            boolean buffered,
            boolean fenceRules,
            boolean records) {

        /** Metadata only. */
        public Shape(
                int brokers, int maxReplicationFactor, int maxLinesPerShard, boolean buffered, boolean fenceRules) {
            this(brokers, maxReplicationFactor, maxLinesPerShard, buffered, fenceRules, false);
        }

        /** A shape drawn from the world's randomness. */
        static Shape random(World world) {
            int brokers = world.chance(0.7) ? (int) world.between(3, 5) : (int) world.between(1, 3);
            int most = Math.min(3, brokers);
            return new Shape(
                    brokers,
                    world.chance(0.6) ? most : (int) world.between(1, most + 1),
                    (int) world.between(2, 9),
                    world.chance(0.3),
                    world.chance(0.5),
                    true);
        }
    }

    public SimCluster(World world, Shape shape, Protections protections) {
        this.world = world;
        this.shape = shape;
        this.protections = protections;
        this.invariants = new Invariants(this);
        this.api = new SimApi(world, new ApiFaults(world), shape.fenceRules());
        this.net = new SimNet(world, invariants);
        this.replicaNet = new ReplicaNet(world, net);
        this.settings = ClusterSettings.DEFAULT.withTopics(new ClusterSettings.Topics(
                shape.maxReplicationFactor(),
                1 + shape.maxReplicationFactor() / 2,
                Duration.ofSeconds(30),
                shape.maxLinesPerShard(),
                1000,
                new TreeMap<>(Map.of(
                        ClusterSettings.Topics.CONSUMER_OFFSETS,
                        new ClusterSettings.InternalTopic(3, shape.maxReplicationFactor(), new TreeMap<>())))));
        api.listen(invariants::onWrite);
        for (int i = 0; i < shape.brokers(); i++) {
            var node = new SimNode(this, i, shape.buffered() ? Durability.BUFFERED : Durability.SYNCED);
            nodes.add(node);
            net.add(node);
        }
        this.users = new SimUsers(this, shape.maxReplicationFactor());
        this.clients = new SimClients(this);
        api.put("operator", new ObjectNames(NAME).root(), RootDoc.created("cluster-1"));
    }

    /** Starts the operator's part and all brokers within a second. */
    public SimCluster start() {
        users.runOperator();
        nodes.forEach(node -> world.after(world.between(0, World.SECOND), node::start));
        return this;
    }

    public World world() {
        return world;
    }

    SimApi api() {
        return api;
    }

    SimNet net() {
        return net;
    }

    ReplicaNet replicaNet() {
        return replicaNet;
    }

    RecordOracle oracle() {
        return oracle;
    }

    ReplicationGuards replicationGuards() {
        return protections.replication();
    }

    Invariants invariants() {
        return invariants;
    }

    ClusterSettings settings() {
        return settings;
    }

    Guards guards() {
        return protections.cluster();
    }

    SimUsers users() {
        return users;
    }

    /** Whether replicas keep logs. */
    boolean records() {
        return shape.records();
    }

    SimClients clients() {
        return clients;
    }

    List<SimNode> nodes() {
        return nodes;
    }

    SimNode node(int id) {
        return nodes.get(id);
    }

    /** How long the kubelet waits before it restarts a process. */
    void restartDelay(long nanos) {
        restartDelay = nanos;
    }

    /** Whether ended processes are restarted. */
    void kubelet(boolean value) {
        kubelet = value;
    }

    void restartLater(SimNode node) {
        if (kubelet) {
            world.after(restartDelay, node::start);
        }
    }

    void kill(SimNode node) {
        node.kill();
        restartLater(node);
    }

    /** Everything works again and every broker runs. */
    void heal() {
        api.faults().heal();
        net.heal();
        kubelet = true;
        restartDelay = World.SECOND;
        nodes.forEach(node -> {
            node.hostUp(true);
            node.process().ifPresent(SimNode.Process::resume);
            node.start();
        });
        world.trace("healed");
    }

    /** Runs until the condition holds, or throws the violation when the time is over. */
    void await(int invariant, Duration limit, java.util.function.Supplier<Optional<String>> problem) {
        long end = world.now() + limit.toNanos();
        Optional<String> last = problem.get();
        while (last.isPresent() && world.now() < end) {
            world.runUntil(Math.min(end, world.now() + World.SECOND / 4));
            last = problem.get();
        }
        if (last.isPresent()) {
            throw new Violation(invariant, "after " + limit.toSeconds() + " s without faults: " + last.get());
        }
    }

    List<ShardDoc> shards() {
        return api.list(Kind.SHARD).stream().map(doc -> (ShardDoc) doc.body()).toList();
    }
}
