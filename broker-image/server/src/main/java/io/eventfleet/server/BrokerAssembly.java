// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server;

import io.eventfleet.config.BrokerConfig;
import io.eventfleet.config.HostPort;
import io.eventfleet.config.StorageSettings;
import io.eventfleet.config.TopicNames;
import io.eventfleet.core.cluster.broker.DiskState;
import io.eventfleet.core.cluster.image.ClusterImage;
import io.eventfleet.core.cluster.image.Endpoint;
import io.eventfleet.core.cluster.node.ClusterCore;
import io.eventfleet.core.cluster.port.NodeIdentity;
import io.eventfleet.core.replication.IsrTimers;
import io.eventfleet.kubernetes.KubernetesApi;
import io.eventfleet.kubernetes.KubernetesSettings;
import io.eventfleet.kubernetes.KubernetesSettings.TopicDefaults;
import io.eventfleet.kubernetes.KubernetesStore;
import io.eventfleet.kubernetes.KubernetesTopics;
import io.eventfleet.protocol.KafkaRecordTimestamps;
import io.eventfleet.server.cluster.BootIds;
import io.eventfleet.server.cluster.ClusterNode;
import io.eventfleet.server.cluster.admin.TopicAdmin;
import io.eventfleet.server.metrics.HealthServer;
import io.eventfleet.server.metrics.MetricRegistry;
import io.eventfleet.server.partition.PartitionRegistry;
import io.eventfleet.server.partition.ReplicaContacts;
import io.eventfleet.server.partition.Replication;
import io.eventfleet.server.partition.TopicRules;
import io.eventfleet.server.replica.ReplicaFetchers;
import io.eventfleet.server.replica.ReplicaServer;
import io.eventfleet.storage.Durability;
import io.eventfleet.storage.RocksLogStore;
import io.eventfleet.storage.StorageException;
import io.eventfleet.storage.StorageOptions;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The composition root: the one place that knows which engine keeps the logs and where the metadata lives. Parts are
 * closed in the reverse order of their making.
 */
final class BrokerAssembly implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(BrokerAssembly.class);

    private final BrokerEnvironment environment;
    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private @Nullable ClusterNode node;

    BrokerAssembly(BrokerEnvironment environment) {
        this.environment = environment;
    }

    /**
     * Makes and starts everything. On failure, what was made is closed by {@link #close}.
     *
     * @throws StartException when the user can do something about it
     */
    void start() {
        var config = environment.config();
        var metrics = new MetricRegistry();
        var store = openStore(config.storage());
        StorageMetrics.register(metrics, store::stats);
        var contacts = new ReplicaContacts(environment.brokerId(), System::nanoTime);
        metrics.gauge(
                "eventfleet_self_fenced",
                "1 while this broker hears neither the API server nor a controller: partitions whose other replicas are"
                        + " silent too take no records that are acknowledged before they are replicated.",
                () -> contacts.isAlone() ? 1 : 0);
        var duties = new BrokerDuties(store, contacts, drainTimeout());
        startHealth(duties, metrics);

        var api = own(KubernetesApi.connect(new KubernetesMetrics(metrics)));
        var settings = new KubernetesSettings(
                environment.namespace(),
                environment.cluster(),
                new TopicDefaults(
                        config.topicCreation().numPartitions(),
                        config.topicCreation().defaultReplicationFactor()),
                TopicNames::toObjectName);
        var cluster = ClusterSettingsOf.config(config);
        var identity = identity(config);
        var core = new ClusterCore(identity, cluster, DiskState.read(store.meta()::get), new SecureRandom()::nextLong);
        var started = new ClusterNode(
                environment.namespace(),
                identity,
                endpoint(config.endpoints().internalListener()),
                core,
                ClusterImage.empty(""),
                new ClusterNode.Collaborators(
                        sink -> own(new KubernetesStore(api, settings, Clock.systemUTC(), sink))::carryOut,
                        store.meta(),
                        duties));
        node = own(started);
        var admin = new TopicAdmin(new KubernetesTopics(api, settings), started, config);
        var connector = started.replicationConnector();
        var fetchers = own(new ReplicaFetchers(
                environment.brokerId(), config.replication(), connector, started.images(), contacts::heard, metrics));
        var lagMax = config.coordination().replicaLagMax();
        var partitions = new PartitionRegistry(
                environment.brokerId(),
                store,
                topic -> TopicRules.of(topic.config(), config.values()),
                new Replication(
                        fetchers, started.isrGateway(), IsrTimers.withMaxLag(lagMax), System::nanoTime, contacts));
        connector.acceptWith(own(new ReplicaServer(partitions, lagMax, contacts::heard, metrics)));
        try {
            var plane = own(new DataPlane(
                    config,
                    environment.brokerId(),
                    new DataPlane.Foundation(partitions, started.images(), admin, started.replicaAdmin()),
                    metrics));
            duties.serveWith(partitions, plane);
            plane.start();
            started.start();
        } catch (IOException e) {
            throw new StartException(ExitCode.ADDRESS, e.getMessage());
        }
    }

    /** Leaves the cluster in order, as far as the time allows; then {@link #close} is due. Blocks. */
    void leave() {
        var leaving = node;
        if (leaving == null) {
            return;
        }
        var timeout = environment.config().coordination().shutdownTimeout();
        try {
            leaving.shutDown().toCompletableFuture().get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            LOG.atWarn().addKeyValue("timeout", timeout).log("left the cluster without its consent");
        } catch (ExecutionException e) {
            LOG.atWarn().setCause(e.getCause()).log("left the cluster without its consent");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        while (!parts.isEmpty()) {
            var part = parts.pop();
            try {
                part.close();
            } catch (Exception e) {
                LOG.atWarn()
                        .addKeyValue("part", part.getClass().getSimpleName())
                        .setCause(e)
                        .log("not closed in order");
            }
        }
    }

    private RocksLogStore openStore(StorageSettings settings) {
        var options = StorageOptions.builder(new KafkaRecordTimestamps())
                .durability(
                        settings.durability() == StorageSettings.Durability.SYNCED
                                ? Durability.SYNCED
                                : Durability.BUFFERED)
                .shards(settings.shardsFor(Runtime.getRuntime().availableProcessors()))
                .memoryBytes(settings.memoryBytes())
                .tailCacheBytes(settings.tailCacheBytes())
                .producerExpiration(Duration.ofMillis(settings.producerIdExpirationMs()))
                .build();
        try {
            return own(RocksLogStore.open(environment.data(), options, BrokerAssembly::onDiskFault));
        } catch (StorageException e) {
            throw new StartException(ExitCode.STORAGE, e.getMessage());
        }
    }

    private static void onDiskFault(String message, Throwable cause) {
        ProcessEnd.halt(ExitCode.HALTED, message, cause);
    }

    private void startHealth(BrokerDuties duties, MetricRegistry metrics) {
        var address = environment.config().endpoints().healthListener();
        metrics.gauge(
                "eventfleet_ready", "1 while clients should be sent here.", () -> duties.notReady() == null ? 1 : 0);
        metrics.gauge(
                "eventfleet_controller", "1 while this broker is the controller.", () -> duties.isController() ? 1 : 0);
        metrics.gauge("eventfleet_controller_epoch", "Last controller epoch of this broker.", duties::controllerEpoch);
        try {
            own(HealthServer.start(
                    new InetSocketAddress(address.host(), address.port()),
                    new HealthServer.Probes(() -> null, duties::notReady, () -> null),
                    metrics));
        } catch (IOException e) {
            throw new StartException(ExitCode.ADDRESS, "cannot listen on " + address + ": " + e.getMessage());
        }
    }

    private NodeIdentity identity(BrokerConfig config) {
        var listeners = new TreeMap<String, Endpoint>();
        config.endpoints()
                .advertised()
                .forEach(listener -> listeners.put(listener.name(), endpoint(listener.address())));
        return new NodeIdentity(
                environment.cluster(),
                environment.brokerId(),
                environment.podUid(),
                UUID.randomUUID(),
                BootIds.current(),
                null,
                config.storage().durability() == StorageSettings.Durability.SYNCED
                        ? io.eventfleet.core.cluster.Durability.SYNCED
                        : io.eventfleet.core.cluster.Durability.BUFFERED,
                endpoint(config.endpoints().internalAdvertised()),
                listeners,
                config.endpoints().rack());
    }

    /** Half of what a shutdown may take; the rest is for the cluster and the disk. */
    private Duration drainTimeout() {
        return environment.config().coordination().shutdownTimeout().dividedBy(2);
    }

    private static Endpoint endpoint(HostPort address) {
        return new Endpoint(address.host(), address.port());
    }

    private <T extends AutoCloseable> T own(T part) {
        parts.push(part);
        return part;
    }
}
