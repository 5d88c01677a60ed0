// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.replica;

import io.eventfleet.core.cluster.image.BrokerInfo;
import io.eventfleet.core.cluster.image.BrokerInfo.BrokerState;
import io.eventfleet.core.cluster.image.ClusterImage;
import io.eventfleet.core.cluster.image.Endpoint;
import io.eventfleet.core.cluster.image.PartitionInfo;
import io.eventfleet.core.cluster.image.TopicInfo;
import io.eventfleet.core.cluster.image.TopicInfo.TopicState;
import io.eventfleet.core.log.TopicPartitionId;
import io.eventfleet.core.replication.IsrGateway;
import io.eventfleet.core.replication.IsrProposal;
import io.eventfleet.core.replication.IsrRefusal;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/**
 * Several brokers in this process, with real sockets and real stores, and a controller that does what a test says: it
 * writes lines, publishes images, and grants what leaders propose. Brokers can be cut off, stopped, and started again.
 */
public final class ReplicaFleet implements AutoCloseable {
    private final Path folder;
    private final Map<String, String> settings;
    private final List<ReplicaBroker> brokers = new ArrayList<>();
    private final Map<Integer, BrokerInfo> registered = new TreeMap<>();
    private final Map<UUID, TopicInfo> topics = new HashMap<>();
    private final ExecutorService controller = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("fake-controller").factory());
    private volatile boolean grants = true;
    private long lastBrokerEpoch;

    /** @param settings of every broker, beside the defaults */
    public ReplicaFleet(Path folder, int size, Map<String, String> settings) throws IOException {
        this.folder = folder;
        this.settings = settings;
        for (int id = 0; id < size; id++) {
            brokers.add(new ReplicaBroker(this, id, settings));
        }
        brokers.forEach(ReplicaBroker::subscribe);
    }

    Path folder(int brokerId) {
        return folder.resolve("broker-" + brokerId);
    }

    public ReplicaBroker broker(int id) {
        return brokers.get(id);
    }

    /** Stops a broker in order, with its data kept. */
    public void stop(int id) {
        brokers.get(id).close();
    }

    /** Starts another process of a broker that was stopped: registered anew, under another epoch and address. */
    public ReplicaBroker restart(int id) throws IOException {
        var next = new ReplicaBroker(this, id, settings);
        brokers.set(id, next);
        next.subscribe();
        return next;
    }

    synchronized BrokerInfo register(int id, UUID incarnation, Endpoint internal) {
        var info = new BrokerInfo(id, ++lastBrokerEpoch, incarnation, Map.of(), internal, null, BrokerState.UNFENCED);
        registered.put(id, info);
        publish();
        return info;
    }

    /** Changes what everybody is told of a broker. */
    public synchronized void reregister(int id, UnaryOperator<BrokerInfo> change) {
        registered.compute(id, (key, before) -> change.apply(before));
        publish();
    }

    /** Creates a topic; its partitions have the same replicas, all of which are in sync, and the first leads. */
    public synchronized UUID topic(int partitions, int minIsr, Integer... replicas) {
        var id = UUID.randomUUID();
        var lines = IntStream.range(0, partitions)
                .mapToObj(i -> PartitionInfo.of(
                        i, replicas[0], 1, 1, minIsr, Arrays.asList(replicas), Arrays.asList(replicas)))
                .toList();
        topics.put(id, new TopicInfo(id, "topic-" + id, TopicState.OPEN, Map.of(), minIsr, false, lines));
        publish();
        return id;
    }

    public synchronized PartitionInfo line(TopicPartitionId id) {
        return topics.get(id.topicId()).partitions().get(id.partition());
    }

    /** Elects a leader: the next leader epoch, with these in-sync replicas. */
    public void elect(TopicPartitionId id, int leader, List<Integer> isr) {
        elect(id, leader, isr, false);
    }

    /** The same, possibly with loss. */
    public synchronized void elect(TopicPartitionId id, int leader, List<Integer> isr, boolean unclean) {
        change(
                id,
                line -> new PartitionInfo(
                        line.partition(),
                        leader,
                        line.leaderEpoch() + 1,
                        line.partitionEpoch() + 1,
                        line.minIsr(),
                        line.replicas(),
                        isr,
                        line.elr(),
                        line.adding(),
                        line.removing(),
                        unclean ? line.leaderEpoch() + 1 : line.uncleanEpoch()));
    }

    /** Whether proposals of leaders are granted; if not, nothing is answered. */
    public void grant(boolean whetherTo) {
        grants = whetherTo;
    }

    private synchronized void change(TopicPartitionId id, UnaryOperator<PartitionInfo> change) {
        var topic = topics.get(id.topicId());
        var lines = new ArrayList<>(topic.partitions());
        lines.set(id.partition(), change.apply(lines.get(id.partition())));
        topics.put(
                topic.id(),
                new TopicInfo(topic.id(), topic.name(), topic.state(), topic.config(), topic.minIsr(), false, lines));
        publish();
    }

    private void publish() {
        var image = image();
        brokers.forEach(broker -> broker.images().publish(image));
    }

    synchronized ClusterImage image() {
        return ClusterImage.of("fleet", 0, registered, topics.values());
    }

    IsrGateway gateway() {
        return new IsrGateway() {
            @Override
            public void propose(IsrProposal proposal, Consumer<IsrRefusal> onRefused) {
                try {
                    controller.execute(() -> grant(proposal));
                } catch (RejectedExecutionException e) {
                    // The fleet is closed.
                }
            }

            @Override
            public boolean writable() {
                return true;
            }
        };
    }

    private synchronized void grant(IsrProposal proposal) {
        var line = line(proposal.id());
        if (grants
                && line.leaderEpoch() == proposal.leaderEpoch()
                && line.partitionEpoch() == proposal.partitionEpoch()) {
            change(
                    proposal.id(),
                    before -> new PartitionInfo(
                            before.partition(),
                            before.leader(),
                            before.leaderEpoch(),
                            before.partitionEpoch() + 1,
                            before.minIsr(),
                            before.replicas(),
                            List.copyOf(proposal.isr().keySet()),
                            before.elr(),
                            before.adding(),
                            before.removing(),
                            before.uncleanEpoch()));
        }
    }

    @Override
    public void close() {
        brokers.forEach(ReplicaBroker::close);
        controller.shutdownNow();
    }
}
