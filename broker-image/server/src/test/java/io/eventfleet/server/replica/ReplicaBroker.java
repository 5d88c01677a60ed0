// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.replica;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventfleet.config.BrokerConfig;
import io.eventfleet.core.cluster.image.Endpoint;
import io.eventfleet.core.cluster.message.Envelope;
import io.eventfleet.core.log.AppendListener;
import io.eventfleet.core.log.AppendRequest;
import io.eventfleet.core.log.BatchHeader;
import io.eventfleet.core.log.PartitionLog;
import io.eventfleet.core.log.PartitionLog.ReadRequest;
import io.eventfleet.core.log.PartitionLog.ReadResult;
import io.eventfleet.core.log.RecordBuffer;
import io.eventfleet.core.log.TopicPartitionId;
import io.eventfleet.core.replication.IsrTimers;
import io.eventfleet.protocol.KafkaRecordTimestamps;
import io.eventfleet.protocol.PooledRecords;
import io.eventfleet.server.cluster.transport.PeerIdentity;
import io.eventfleet.server.cluster.transport.PeerListener;
import io.eventfleet.server.cluster.transport.PeerTransport;
import io.eventfleet.server.cluster.transport.TransportSettings;
import io.eventfleet.server.metrics.MetricRegistry;
import io.eventfleet.server.partition.Access;
import io.eventfleet.server.partition.LagCheck;
import io.eventfleet.server.partition.LedReplica;
import io.eventfleet.server.partition.PartitionRegistry;
import io.eventfleet.server.partition.ReplicaContacts;
import io.eventfleet.server.partition.Replication;
import io.eventfleet.server.partition.TopicRules;
import io.eventfleet.storage.Durability;
import io.eventfleet.storage.RocksLogStore;
import io.eventfleet.storage.StorageOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;

/** One broker of a {@link ReplicaFleet}: everything between the images and the disk, without clients. */
public final class ReplicaBroker implements AutoCloseable {
    private static final long LIMIT_S = 20;

    private final int id;
    private final UUID incarnation = UUID.randomUUID();
    private final MetricRegistry metrics = new MetricRegistry();
    private final AtomicReference<String> fault = new AtomicReference<>();
    private final RocksLogStore store;
    private final PeerTransport transport;
    private final FleetImages images;
    private final ReplicaFetchers fetchers;
    private final PartitionRegistry registry;
    private final ReplicaServer server;
    private final ScheduledExecutorService timers = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().factory());
    private boolean closed;

    /** A batch in a log, by what identifies it. */
    public record StoredBatch(long baseOffset, int leaderEpoch, long crc) {}

    ReplicaBroker(ReplicaFleet fleet, int id, Map<String, String> settings) throws IOException {
        this.id = id;
        var properties = new Properties();
        properties.put("replica.lag.time.max.ms", "5000");
        properties.putAll(settings);
        var config = BrokerConfig.parse(properties, Map.of());
        store = RocksLogStore.open(
                fleet.folder(id),
                StorageOptions.builder(new KafkaRecordTimestamps())
                        .durability(Durability.BUFFERED)
                        .memoryBytes(16 << 20)
                        .diskReserveBytes(0)
                        .build(),
                (message, cause) -> fault.set(message));
        transport = new PeerTransport(
                TransportSettings.standard(), new PeerIdentity("ns/fleet", id, incarnation), new Deaf());
        var address = transport.listen(new Endpoint("127.0.0.1", 0));
        images = new FleetImages(id, incarnation);
        images.publish(fleet.image());
        fleet.register(id, incarnation, new Endpoint("127.0.0.1", address.getPort()));
        images.publish(fleet.image());
        fetchers = new ReplicaFetchers(id, config.replication(), transport, images, peer -> {}, metrics);
        var lagMax = config.coordination().replicaLagMax();
        registry = new PartitionRegistry(
                id,
                store,
                topic -> TopicRules.of(topic.config(), Map.of()),
                new Replication(
                        fetchers,
                        fleet.gateway(),
                        IsrTimers.withMaxLag(lagMax),
                        System::nanoTime,
                        new ReplicaContacts(id, System::nanoTime)));
        server = new ReplicaServer(registry, lagMax, peer -> {}, metrics);
        transport.acceptWith(server);
        new LagCheck(registry, timers, lagMax).start();
    }

    void subscribe() {
        images.subscribe(registry);
    }

    FleetImages images() {
        return images;
    }

    public PeerTransport transport() {
        return transport;
    }

    /** Serves its followers again after {@link PeerTransport#acceptWith} gave their connections to somebody else. */
    public void serveFollowers() {
        transport.acceptWith(server);
    }

    public MetricRegistry metrics() {
        return metrics;
    }

    public UUID incarnation() {
        return incarnation;
    }

    /** Value of a metric by the beginning of its line. */
    public long metric(String name) {
        return metrics.render()
                .lines()
                .filter(line -> line.startsWith(name + " ") || line.startsWith(name + "{"))
                .mapToLong(line -> Long.parseLong(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    /** The log, which must be open. */
    public PartitionLog log(TopicPartitionId partition) {
        return store.get(partition).orElseThrow(() -> new AssertionError(partition + " is not open"));
    }

    public boolean hasLog(TopicPartitionId partition) {
        return store.get(partition).isPresent();
    }

    /** The partition, if this broker leads it. */
    public LedReplica led(TopicPartitionId partition) {
        return registry.find(partition.topicId(), partition.partition(), -1) instanceof Access.Led(LedReplica replica)
                ? replica
                : null;
    }

    /** Appends one batch as a producer would, and waits until it is durable here. */
    public AppendListener.Appended append(TopicPartitionId partition, String... values) throws Exception {
        return appendLater(partition, values).get(LIMIT_S, TimeUnit.SECONDS);
    }

    /** Appends one batch as a producer would. */
    public CompletableFuture<AppendListener.Appended> appendLater(TopicPartitionId partition, String... values) {
        var records = Arrays.stream(values)
                .map(value -> new SimpleRecord(value.getBytes(StandardCharsets.UTF_8)))
                .toArray(SimpleRecord[]::new);
        var replica = led(partition);
        assertThat(replica).as("leader of %s", partition).isNotNull();
        RecordBuffer batch = PooledRecords.copyOf(
                MemoryRecords.withRecords(Compression.NONE, records).buffer());
        var done = new CompletableFuture<AppendListener.Appended>();
        replica.log()
                .append(
                        new AppendRequest(
                                replica.leaderEpoch(),
                                AppendRequest.Origin.CLIENT,
                                batch,
                                System.currentTimeMillis(),
                                false),
                        new AppendListener() {
                            @Override
                            public void onDurable(Appended appended) {
                                done.complete(appended);
                            }

                            @Override
                            public void onRejected(Rejected rejected) {
                                done.completeExceptionally(new IllegalStateException(rejected.toString()));
                            }
                        });
        batch.release();
        return done;
    }

    /** Everything in a log. */
    public List<StoredBatch> batches(TopicPartitionId partition) {
        var log = log(partition);
        var found = new ArrayList<StoredBatch>();
        long offset = log.logStartOffset();
        while (offset < log.logEndOffset()
                && log.read(new ReadRequest(offset, log.logEndOffset(), 1 << 20, true))
                        instanceof ReadResult.Batches(List<RecordBuffer> buffers, int size, long next)) {
            for (var buffer : buffers) {
                var bytes = buffer.bytes();
                for (int at = bytes.position(); at < bytes.limit(); ) {
                    var header = BatchHeader.at(bytes, at);
                    found.add(new StoredBatch(header.baseOffset(), header.partitionLeaderEpoch(), header.crc()));
                    at += header.sizeBytes();
                }
                buffer.release();
            }
            offset = next;
        }
        return found;
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        timers.shutdownNow();
        registry.close()
                .toCompletableFuture()
                .orTimeout(LIMIT_S, TimeUnit.SECONDS)
                .join();
        server.close();
        fetchers.close();
        transport.close();
        store.close();
        assertThat(fault.get()).as("fault of broker %d", id).isNull();
    }

    /** Messages are not what is tested here. */
    private static final class Deaf implements PeerListener {
        @Override
        public void onMessage(Envelope envelope) {}

        @Override
        public void onFailure(int brokerId, Endpoint address, boolean refused, long attemptedAtNanos) {}
    }
}
