// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server;

import io.eventfleet.config.BrokerConfig;
import io.eventfleet.core.cluster.image.Endpoint;
import io.eventfleet.protocol.KafkaRecordTimestamps;
import io.eventfleet.server.api.ApiCalls;
import io.eventfleet.server.api.ClusterFixture;
import io.eventfleet.server.metrics.MetricRegistry;
import io.eventfleet.server.partition.PartitionRegistry;
import io.eventfleet.server.partition.TopicRules;
import io.eventfleet.storage.Durability;
import io.eventfleet.storage.RocksLogStore;
import io.eventfleet.storage.StorageOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;

/** One broker's data plane with real sockets and real storage; the cluster around it is a fixture. */
public final class LoneBroker implements AutoCloseable {
    private static final int ID = 1;

    private final RocksLogStore store;
    private final DataPlane plane;

    private LoneBroker(RocksLogStore store, DataPlane plane) {
        this.store = store;
        this.plane = plane;
    }

    /** Starts a broker on this folder and tells the cluster where it is. */
    public static LoneBroker start(Path data, ClusterFixture cluster, Map<String, String> settings) throws IOException {
        cluster.restart();
        var config = config(settings);
        var store = RocksLogStore.open(
                data,
                StorageOptions.builder(new KafkaRecordTimestamps())
                        .durability(Durability.BUFFERED)
                        .shards(1)
                        .memoryBytes(64L << 20)
                        .build(),
                (message, cause) -> {
                    throw new AssertionError(message, cause);
                });
        var partitions = new PartitionRegistry(ID, store, topic -> TopicRules.of(topic.config(), config.values()));
        var plane =
                new DataPlane(config, ID, new DataPlane.Foundation(partitions, cluster, cluster), new MetricRegistry());
        cluster.advertise(ID, new Endpoint("127.0.0.1", plane.port()));
        plane.start();
        plane.open();
        return new LoneBroker(store, plane);
    }

    private static BrokerConfig config(Map<String, String> settings) {
        var all = new HashMap<>(Map.of(
                "listeners", ApiCalls.LISTENER + "://127.0.0.1:0",
                "offsets.topic.num.partitions", "4",
                "group.initial.rebalance.delay.ms", "0",
                "group.consumer.min.heartbeat.interval.ms", "100",
                "group.consumer.heartbeat.interval.ms", "200"));
        all.putAll(settings);
        var properties = new Properties();
        properties.putAll(all);
        return BrokerConfig.parse(properties, Map.of());
    }

    /** Where clients connect. */
    public String bootstrap() {
        return "127.0.0.1:" + plane.port();
    }

    @Override
    public void close() {
        plane.close();
        store.close();
    }
}
