// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server;

import io.eventfleet.config.BrokerConfig;
import io.eventfleet.coordinator.GroupCoordinatorHost;
import io.eventfleet.coordinator.GroupHostSettings;
import io.eventfleet.coordinator.OffsetsTopic;
import io.eventfleet.core.admin.ClusterAdmin;
import io.eventfleet.core.admin.ReplicaAdmin;
import io.eventfleet.core.cluster.image.ClusterImages;
import io.eventfleet.core.log.LedPartition;
import io.eventfleet.server.api.ApiHandler;
import io.eventfleet.server.api.HandlerRegistry;
import io.eventfleet.server.api.admin.AdminApis;
import io.eventfleet.server.api.data.DataApis;
import io.eventfleet.server.api.group.GroupApis;
import io.eventfleet.server.api.metadata.MetadataApis;
import io.eventfleet.server.api.producer.InitProducerIdHandler;
import io.eventfleet.server.api.producer.ProducerIds;
import io.eventfleet.server.fetch.FetchSessions;
import io.eventfleet.server.fetch.Fetches;
import io.eventfleet.server.metrics.MetricRegistry;
import io.eventfleet.server.network.DirectMemory;
import io.eventfleet.server.network.NetworkServer;
import io.eventfleet.server.partition.LagCheck;
import io.eventfleet.server.partition.LeadershipListener;
import io.eventfleet.server.partition.PartitionRegistry;
import io.eventfleet.server.partition.RetentionTask;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.apache.kafka.common.utils.Time;
import org.jspecify.annotations.Nullable;

/**
 * The half of a broker that clients see: listeners, handlers, led partitions, group coordinator. It works on any log
 * store, images and administration that implement the ports. Thread-safe.
 */
public final class DataPlane implements AutoCloseable {
    private static final long POOL_IDLE_SECONDS = 30;

    private final PartitionRegistry partitions;
    private final ClusterImages images;
    private final GroupCoordinatorHost groups;
    private final NetworkServer network;
    private final ThreadPoolExecutor blocking;
    private final ScheduledThreadPoolExecutor timers;
    private final RetentionTask retention;
    private final LagCheck lagCheck;

    /**
     * What a data plane stands on.
     *
     * @param partitions led partitions; its images come from here
     * @param images what the broker knows of its cluster
     * @param admin changes of topics
     * @param replicas changes of where replicas and leaders are
     */
    public record Foundation(
            PartitionRegistry partitions, ClusterImages images, ClusterAdmin admin, ReplicaAdmin replicas) {}

    /**
     * Binds the client listeners; nothing is accepted before {@link #open}.
     *
     * @throws IOException when an address cannot be bound
     */
    public DataPlane(BrokerConfig config, int brokerId, Foundation foundation, MetricRegistry metrics)
            throws IOException {
        this.partitions = foundation.partitions();
        this.images = foundation.images();
        blocking = blockingPool(config.network().ioThreads());
        timers = timers();
        var clock = Clock.systemUTC();
        retention =
                new RetentionTask(partitions, clock, timers, config.storage().retentionCheckIntervalMs());
        lagCheck = new LagCheck(partitions, timers, config.coordination().replicaLagMax());
        groups = new GroupCoordinatorHost(
                new GroupHostSettings(
                        brokerId,
                        Integer.parseInt(config.values().getOrDefault("message.max.bytes", "1048588")),
                        config.groups().coordinatorSettings()),
                Time.SYSTEM);
        partitions.addLeadershipListener(new GroupLeaderships(groups));

        var sessions = new FetchSessions(
                config.network().requests().fetchSessionSlots(), System::nanoTime, new SecureRandom()::nextInt);
        var fetches = Fetches.over(
                partitions,
                sessions,
                DirectMemory.answerBytes(config.network().requests().fetchMaxBytes()),
                blocking,
                timers);
        var registry = new AtomicReference<@Nullable HandlerRegistry>();
        var handlers = new ArrayList<ApiHandler<?, ?>>();
        handlers.addAll(DataApis.handlers(partitions, fetches, clock, blocking, timers));
        handlers.addAll(MetadataApis.handlers(
                () -> java.util.Objects.requireNonNull(registry.get()).versions(),
                images,
                foundation.admin(),
                config.topicCreation().autoCreate()));
        handlers.addAll(AdminApis.handlers(
                new AdminApis.Ports(foundation.admin(), foundation.replicas(), images), config, brokerId));
        handlers.addAll(GroupApis.handlers(groups, offsetsTopic(config, foundation), images, protocols(config)));
        handlers.add(new InitProducerIdHandler(new ProducerIds(foundation.admin())));
        registry.set(new HandlerRegistry(handlers));

        network = NetworkServer.bind(
                config.network(),
                config.endpoints().listeners(),
                java.util.Objects.requireNonNull(registry.get()),
                metrics);
        DataPlaneMetrics.register(metrics, partitions, sessions, blocking, groups);
    }

    /** Begins to follow the images: partitions are opened and led. */
    public void start() {
        images.subscribe(partitions);
        images.subscribe((previous, current) -> groups.onImage(current));
        retention.start();
        lagCheck.start();
    }

    /** Begins to accept clients. Idempotent. */
    public void open() {
        network.open();
    }

    /** The port of the first listener. */
    public int port() {
        return network.port(0);
    }

    /**
     * Takes no more work, ends leaderships, followings and coordinators so that whoever waits is answered, and waits until
     * the answers are out. Nothing is written afterwards. Blocks.
     *
     * @throws IllegalStateException when replication does not stop in time: what is on disk is not final then
     */
    public void drain(Duration timeout) {
        network.beginDrain();
        var stopped = partitions.close();
        groups.close();
        network.awaitDrained(timeout);
        try {
            stopped.toCompletableFuture().get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            throw new IllegalStateException("replication has not stopped within " + timeout, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while replication stops", e);
        }
    }

    @Override
    public void close() {
        timers.shutdownNow();
        groups.close();
        partitions.close();
        network.close();
        blocking.shutdown();
    }

    private static OffsetsTopic offsetsTopic(BrokerConfig config, Foundation foundation) {
        return new OffsetsTopic(
                foundation.images(),
                foundation.admin(),
                config.groups().offsetsTopicPartitions(),
                config.groups().offsetsTopicReplicationFactor());
    }

    private static Set<String> protocols(BrokerConfig config) {
        var value = config.groups().coordinatorSettings().getOrDefault("group.coordinator.rebalance.protocols", "");
        return Arrays.stream(value.split(",")).map(String::trim).collect(Collectors.toUnmodifiableSet());
    }

    /** Bounded by the connections: each has at most one request here at a time. */
    private static ThreadPoolExecutor blockingPool(int threads) {
        var pool = new ThreadPoolExecutor(
                threads,
                threads,
                POOL_IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                Thread.ofPlatform().name("blocking-", 0).daemon().factory());
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    private static ScheduledThreadPoolExecutor timers() {
        var timers = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().name("timers").daemon().factory());
        // Most waits end early; their timers must not pile up until their time comes.
        timers.setRemoveOnCancelPolicy(true);
        timers.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        return timers;
    }

    /** Tells the group coordinator of the partitions that it lives on. */
    private record GroupLeaderships(GroupCoordinatorHost groups) implements LeadershipListener {
        @Override
        public void onLed(String topicName, LedPartition partition) {
            if (topicName.equals(OffsetsTopic.NAME)) {
                groups.elected(partition);
            }
        }

        @Override
        public void onEnded(String topicName, LedPartition partition) {
            if (topicName.equals(OffsetsTopic.NAME)) {
                groups.resigned(partition);
            }
        }
    }
}
