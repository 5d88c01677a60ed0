// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.testkit.sim;

import io.eventfleet.core.cluster.image.PartitionInfo;
import io.eventfleet.core.cluster.image.TopicInfo;
import io.eventfleet.core.log.TopicPartitionId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Producers and consumers, who reach every broker and believe whatever metadata they got last. */
final class SimClients {

    private static final int PRODUCERS = 5;
    private static final int CONSUMERS = 2;

    private final SimCluster cluster;
    private final World world;
    private final List<SimProducer> producers = new ArrayList<>();
    private final List<SimConsumer> consumers = new ArrayList<>();
    private long payloads;

    SimClients(SimCluster cluster) {
        this.cluster = cluster;
        this.world = cluster.world();
    }

    void start() {
        for (int i = 0; i < PRODUCERS; i++) {
            var producer = new SimProducer(cluster, this);
            producers.add(producer);
            producer.start();
        }
        for (int i = 0; i < CONSUMERS; i++) {
            var consumer = new SimConsumer(cluster, this);
            consumers.add(consumer);
            consumer.start();
        }
        deleteRecordsNowAndThen();
    }

    /** No new records; what is under way goes on. */
    void stop() {
        producers.forEach(SimProducer::stop);
    }

    List<SimProducer> producers() {
        return producers;
    }

    List<SimConsumer> consumers() {
        return consumers;
    }

    long nextPayload() {
        return ++payloads;
    }

    /** Where a client believes a partition to be led. */
    record Route(TopicPartitionId id, SimNode.Process leader, int leaderEpoch) {}

    /** A partition that some broker says is led, with the leader that this broker names. */
    Optional<Route> anyPartition() {
        var image = metadata().map(SimNode.Process::image);
        var led = image.stream()
                .flatMap(known -> known.topicsByName().values().stream())
                .sorted(Comparator.comparing(TopicInfo::name))
                .flatMap(topic -> topic.partitions().stream()
                        .filter(line -> line.leader() != PartitionInfo.NO_LEADER)
                        .map(line -> new TopicPartitionId(topic.id(), line.partition())))
                .toList();
        return led.isEmpty() ? Optional.empty() : route(led.get((int) world.between(0, led.size())));
    }

    /** Asks some broker who leads. */
    Optional<Route> route(TopicPartitionId id) {
        return metadata().flatMap(broker -> broker.image()
                .partition(id.topicId(), id.partition())
                .filter(line -> line.leader() != PartitionInfo.NO_LEADER)
                .flatMap(line -> leader(line).map(process -> new Route(id, process, line.leaderEpoch()))));
    }

    private Optional<SimNode.Process> leader(PartitionInfo line) {
        var node = cluster.node(line.leader());
        return !node.stray().isEmpty() && world.chance(0.5)
                ? Optional.of(node.stray().getFirst())
                : node.process();
    }

    private Optional<SimNode.Process> metadata() {
        var node = cluster.node((int) world.between(0, cluster.nodes().size()));
        return !node.stray().isEmpty() && world.chance(0.3)
                ? Optional.of(node.stray().getFirst())
                : node.process();
    }

    /** Runs the request in the broker; requests and answers may be lost or late. */
    void send(SimNode.Process to, Runnable request) {
        if (!world.chance(cluster.net().lossRate() + 0.005)) {
            world.after(cluster.net().delay(), () -> to.run(request));
        }
    }

    void answer(Runnable delivery) {
        if (!world.chance(cluster.net().lossRate() + 0.005)) {
            world.after(cluster.net().delay(), delivery);
        }
    }

    private void deleteRecordsNowAndThen() {
        world.after(world.between(5 * World.SECOND, 20 * World.SECOND), () -> {
            anyPartition()
                    .ifPresent(route -> send(route.leader(), () -> route.leader()
                            .replicas()
                            .led(route.id())
                            .ifPresent(leader -> leader.deleteRecordsBefore(
                                    leader.replica().highWatermark() - world.between(0, 10)))));
            deleteRecordsNowAndThen();
        });
    }
}
