// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server;

import io.eventfleet.config.BrokerConfig;
import io.eventfleet.core.admin.ClusterAdmin;
import io.eventfleet.core.cluster.image.ClusterImages;
import io.eventfleet.core.log.LogStore;
import io.eventfleet.core.replication.IsrTimers;
import io.eventfleet.protocol.KafkaRecordTimestamps;
import io.eventfleet.server.api.admin.FakeReplicaAdmin;
import io.eventfleet.server.metrics.MetricRegistry;
import io.eventfleet.server.partition.FakeFollowers;
import io.eventfleet.server.partition.FakeGateway;
import io.eventfleet.server.partition.PartitionRegistry;
import io.eventfleet.server.partition.ReplicaContacts;
import io.eventfleet.server.partition.Replication;
import io.eventfleet.server.partition.TopicRules;
import io.eventfleet.storage.Durability;
import io.eventfleet.storage.RocksLogStore;
import io.eventfleet.storage.StorageOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;

/** A data plane on real sockets and a real store, in a cluster that is faked. */
final class OneBroker implements AutoCloseable {
    final FakeCluster cluster;
    final MetricRegistry metrics = new MetricRegistry();
    final AtomicReference<String> fault = new AtomicReference<>();
    final PartitionRegistry partitions;
    final DataPlane plane;
    final FakeFollowers followers = new FakeFollowers();
    final FakeGateway gateway = new FakeGateway();
    final ReplicaContacts contacts = new ReplicaContacts(FakeCluster.ME, System::nanoTime);
    final FakeReplicaAdmin replicas = new FakeReplicaAdmin();
    private final LogStore store;

    OneBroker(Path data, FakeCluster cluster, Map<String, String> settings) throws IOException {
        this(data, cluster, new Surroundings(FakeCluster.ME, cluster, cluster, cluster::listenOn), settings);
    }

    /** A broker in another fixture than the usual one; {@link #cluster} is null. */
    OneBroker(Path data, Surroundings around, Map<String, String> settings) throws IOException {
        this(data, null, around, settings);
    }

    /** What the broker finds around it; it says on which port it listens. */
    record Surroundings(int brokerId, ClusterImages images, ClusterAdmin admin, IntConsumer listening) {}

    private OneBroker(Path data, FakeCluster cluster, Surroundings around, Map<String, String> settings)
            throws IOException {
        this.cluster = cluster;
        var properties = new Properties();
        properties.put("listeners", "plain://127.0.0.1:0");
        properties.put("group.initial.rebalance.delay.ms", "0");
        properties.put("offsets.topic.num.partitions", "2");
        properties.putAll(settings);
        var config = BrokerConfig.parse(properties, Map.of());
        store = RocksLogStore.open(
                data,
                StorageOptions.builder(new KafkaRecordTimestamps())
                        .durability(Durability.BUFFERED)
                        .memoryBytes(16 << 20)
                        .diskReserveBytes(0)
                        .build(),
                (message, cause) -> fault.set(message));
        partitions = new PartitionRegistry(
                around.brokerId(),
                store,
                topic -> TopicRules.of(topic.config(), config.values()),
                new Replication(
                        followers,
                        gateway,
                        IsrTimers.withMaxLag(config.coordination().replicaLagMax()),
                        System::nanoTime,
                        contacts));
        plane = new DataPlane(
                config,
                around.brokerId(),
                new DataPlane.Foundation(partitions, around.images(), around.admin(), replicas),
                metrics);
        around.listening().accept(plane.port());
        plane.start();
        plane.open();
    }

    String bootstrap() {
        return "127.0.0.1:" + plane.port();
    }

    int port() {
        return plane.port();
    }

    @Override
    public void close() {
        plane.drain(Duration.ofSeconds(5));
        plane.close();
        store.close();
    }
}
