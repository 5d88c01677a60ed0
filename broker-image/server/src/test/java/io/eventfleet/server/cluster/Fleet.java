// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.cluster;

import static org.awaitility.Awaitility.await;

import io.eventfleet.core.cluster.Durability;
import io.eventfleet.core.cluster.broker.DiskState;
import io.eventfleet.core.cluster.image.ClusterImage;
import io.eventfleet.core.cluster.image.Endpoint;
import io.eventfleet.core.cluster.node.ClusterCore;
import io.eventfleet.core.cluster.port.ClusterSettings;
import io.eventfleet.core.cluster.port.NodeEffect.Role;
import io.eventfleet.core.cluster.port.NodeIdentity;
import io.eventfleet.core.cluster.store.Kind;
import io.eventfleet.core.cluster.store.ObjectNames;
import io.eventfleet.core.cluster.store.Ref;
import io.eventfleet.core.cluster.store.RootDoc;
import io.eventfleet.core.cluster.store.TopicDoc;
import io.eventfleet.core.log.BrokerMeta;
import io.eventfleet.core.log.TopicPartitionId;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Cluster nodes in one JVM: real sockets and threads, a store and disks in memory, timers that a test can wait for. */
final class Fleet implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final String CLUSTER = "orders";
    private static final ObjectNames NAMES = new ObjectNames(CLUSTER);
    private static final Duration LEASE = Duration.ofSeconds(2);

    private final InMemoryStore store = new InMemoryStore();
    private final List<Broker> brokers = new ArrayList<>();
    private final ClusterSettings settings;

    Fleet(int size) throws IOException {
        this(size, LEASE);
    }

    /** @param lease duration of the Leases */
    Fleet(int size, Duration lease) throws IOException {
        settings = new ClusterSettings(
                new ClusterSettings.Leases(
                        lease,
                        Duration.ofMillis(250),
                        Duration.ofMillis(1400),
                        Duration.ofMillis(500),
                        Duration.ofMillis(700)),
                new ClusterSettings.Sessions(
                        Duration.ofMillis(150),
                        Duration.ofMillis(900),
                        Duration.ofMillis(1800),
                        Duration.ofMillis(500)),
                ClusterSettings.Topics.DEFAULT);
        store.put(NAMES.root(), RootDoc.created("cluster-id"));
        for (int id = 0; id < size; id++) {
            brokers.add(new Broker(id));
        }
    }

    Broker broker(int id) {
        return brokers.get(id);
    }

    void startAll() throws IOException {
        for (var broker : brokers) {
            broker.start();
        }
    }

    /** The running broker that acts as the controller. */
    Broker controller() {
        await().atMost(PATIENCE)
                .until(() -> brokers.stream().anyMatch(broker -> broker.node != null && broker.controls()));
        return brokers.stream()
                .filter(broker -> broker.node != null && broker.controls())
                .findFirst()
                .orElseThrow();
    }

    void declareTopic(String name, int partitions) {
        declareTopic(name, partitions, 1);
    }

    void declareTopic(String name, int partitions, int replicationFactor) {
        var topic = new TopicDoc(
                "uid-" + name,
                name,
                partitions,
                replicationFactor,
                new TreeMap<>(),
                List.of(),
                "2026-01-01T00:00:00Z",
                false,
                true,
                false,
                false,
                null);
        store.put(new Ref(Kind.TOPIC, name), topic);
    }

    /** Waits until every running broker's image shows it. */
    void awaitEverywhere(Predicate<ClusterImage> sight) {
        await().atMost(PATIENCE).until(() -> brokers.stream()
                .filter(broker -> broker.node != null)
                .allMatch(broker -> sight.test(broker.image())));
    }

    @Override
    public void close() {
        brokers.forEach(Broker::kill);
        store.close();
    }

    /** One broker: its disk outlives its processes. */
    final class Broker implements NodeDuties {
        final int id;
        final List<UUID> purged = new CopyOnWriteArrayList<>();
        final List<TopicPartitionId> dropped = new CopyOnWriteArrayList<>();
        final MemoryMeta meta = new MemoryMeta();
        private final Endpoint address;
        private final String podUid = UUID.randomUUID().toString();
        private volatile @Nullable ClusterNode node;
        private InMemoryStore.@Nullable Connection connection;
        private volatile boolean ready;
        volatile boolean stalled;
        private volatile Role role = Role.FOLLOWER;
        private volatile @Nullable String halted;

        Broker(int id) throws IOException {
            this.id = id;
            try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                address = new Endpoint("127.0.0.1", socket.getLocalPort());
            }
        }

        void start() throws IOException {
            var identity = new NodeIdentity(
                    CLUSTER,
                    id,
                    podUid,
                    UUID.randomUUID(),
                    "boot",
                    null,
                    Durability.SYNCED,
                    address,
                    new TreeMap<>(Map.of("plain", new Endpoint("client-" + id, 9092))),
                    null);
            var core = new ClusterCore(identity, settings, DiskState.read(meta::get), new SecureRandom()::nextLong);
            var collaborators = new ClusterNode.Collaborators(
                    sink -> {
                        var opened = store.connect(sink);
                        connection = opened;
                        return opened;
                    },
                    meta,
                    this);
            var started = new ClusterNode("ns", identity, address, core, ClusterImage.empty(""), collaborators);
            started.start();
            node = started;
        }

        /** The process is gone: sockets closed, nothing released. */
        void kill() {
            var running = node;
            if (running != null && connection != null) {
                connection.close();
                running.close();
                node = null;
                ready = false;
                role = Role.FOLLOWER;
            }
        }

        ClusterNode node() {
            var running = node;
            if (running == null) {
                throw new IllegalStateException("broker " + id + " is not running");
            }
            return running;
        }

        ClusterImage image() {
            return node().images().current();
        }

        boolean controls() {
            return role == Role.CONTROLLER;
        }

        boolean ready() {
            return ready;
        }

        @Nullable
        String halted() {
            return halted;
        }

        @Override
        public CompletionStage<Void> purgeTopic(UUID topicId) {
            purged.add(topicId);
            return CompletableFuture.completedStage(null);
        }

        @Override
        public CompletionStage<Void> dropReplica(TopicPartitionId id) {
            dropped.add(id);
            return CompletableFuture.completedStage(null);
        }

        @Override
        public CompletionStage<Void> closeLogs() {
            return CompletableFuture.completedStage(null);
        }

        @Override
        public void readyChanged(boolean now) {
            ready = now;
        }

        @Override
        public void roleChanged(Role now, int controllerEpoch) {
            role = now;
        }

        @Override
        public SortedMap<Integer, Long> peersHeard() {
            return new TreeMap<>();
        }

        @Override
        public boolean storageStalled() {
            return stalled;
        }

        @Override
        public void aloneChanged(boolean alone) {}

        @Override
        public void halt(String reason) {
            halted = reason;
        }
    }

    /** A disk that never loses anything. */
    static final class MemoryMeta implements BrokerMeta {
        private final Map<String, byte[]> facts = new ConcurrentHashMap<>();

        @Override
        public Optional<byte[]> get(String key) {
            return Optional.ofNullable(facts.get(key));
        }

        @Override
        public CompletionStage<Void> putSync(Map<String, byte[]> changes) {
            changes.forEach((key, value) -> {
                if (value.length == 0) {
                    facts.remove(key);
                } else {
                    facts.put(key, value);
                }
            });
            return CompletableFuture.completedStage(null);
        }
    }
}
