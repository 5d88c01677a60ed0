// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server;

import io.eventfleet.config.BrokerConfig;
import io.eventfleet.core.log.LogStore;
import io.eventfleet.protocol.KafkaRecordTimestamps;
import io.eventfleet.server.metrics.MetricRegistry;
import io.eventfleet.server.partition.PartitionRegistry;
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

/** A data plane on real sockets and a real store, in a cluster that is faked. */
final class OneBroker implements AutoCloseable {
    final FakeCluster cluster;
    final MetricRegistry metrics = new MetricRegistry();
    final AtomicReference<String> fault = new AtomicReference<>();
    final PartitionRegistry partitions;
    final DataPlane plane;
    private final LogStore store;

    OneBroker(Path data, FakeCluster cluster, Map<String, String> settings) throws IOException {
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
        partitions =
                new PartitionRegistry(FakeCluster.ME, store, topic -> TopicRules.of(topic.config(), config.values()));
        plane = new DataPlane(config, FakeCluster.ME, new DataPlane.Foundation(partitions, cluster, cluster), metrics);
        cluster.listenOn(plane.port());
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
