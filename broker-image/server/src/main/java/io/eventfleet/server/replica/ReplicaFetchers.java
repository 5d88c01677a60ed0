// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.replica;

import io.eventfleet.config.ReplicationSettings;
import io.eventfleet.core.cluster.image.ClusterImages;
import io.eventfleet.core.log.TopicPartitionId;
import io.eventfleet.server.cluster.transport.ReplicationConnector;
import io.eventfleet.server.metrics.MetricRegistry;
import io.eventfleet.server.partition.Followers;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import java.util.stream.Stream;

/** Copies partitions from their leaders: one {@link LeaderPipeline} per leader. Thread-safe; nothing blocks. */
public final class ReplicaFetchers implements Followers, AutoCloseable {
    /** How often high watermarks of followed partitions are remembered, as often as Kafka does, in ms. */
    private static final long CHECKPOINT_INTERVAL_MS = 5_000;

    private final FetchServices services;
    private final Map<Integer, LeaderPipeline> pipelines = new ConcurrentHashMap<>();
    private final Map<TopicPartitionId, LeaderPipeline> owners = new ConcurrentHashMap<>();
    private final ScheduledFuture<?> checkpoints;
    private volatile boolean closed;

    /**
     * @param brokerId this broker
     * @param images where leaders are, and under which epoch this broker serves
     * @param heard told the id of a broker with every answer of it; called on an event loop, must not block
     */
    public ReplicaFetchers(
            int brokerId,
            ReplicationSettings settings,
            ReplicationConnector connector,
            ClusterImages images,
            IntConsumer heard,
            MetricRegistry metrics) {
        var replicaMetrics = new ReplicaMetrics(metrics);
        services = new FetchServices(brokerId, settings, connector, images, heard, replicaMetrics);
        replicaMetrics.followers(
                () -> followed().mapToLong(FollowedPartition::lag).max().orElse(0), () -> followed()
                        .filter(partition -> partition.state() == FollowedPartition.State.FAILED)
                        .count());
        checkpoints = connector
                .loop()
                .scheduleAtFixedRate(
                        () -> pipelines.values().forEach(LeaderPipeline::checkpoint),
                        CHECKPOINT_INTERVAL_MS,
                        CHECKPOINT_INTERVAL_MS,
                        TimeUnit.MILLISECONDS);
        images.subscribe((previous, current) -> pipelines.values().forEach(pipeline -> pipeline.onImage(current)));
    }

    private Stream<FollowedPartition> followed() {
        return pipelines.values().stream().flatMap(pipeline -> pipeline.partitions().stream());
    }

    @Override
    public void follow(Followed partition) {
        if (closed) {
            return;
        }
        var pipeline = pipelines.computeIfAbsent(partition.leaderId(), id -> new LeaderPipeline(id, services));
        owners.put(partition.log().id(), pipeline);
        pipeline.add(new FollowedPartition(partition, services.settings().backoffMax()));
    }

    @Override
    public CompletionStage<Void> stop(TopicPartitionId id) {
        var pipeline = owners.remove(id);
        return pipeline == null ? CompletableFuture.completedFuture(null) : pipeline.remove(id);
    }

    /** Ends all connections. Whoever was followed must have been stopped. */
    @Override
    public void close() {
        closed = true;
        checkpoints.cancel(false);
        pipelines.values().forEach(LeaderPipeline::close);
    }
}
