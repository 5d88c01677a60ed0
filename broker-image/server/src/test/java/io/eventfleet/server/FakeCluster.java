// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server;

import io.eventfleet.core.KafkaError;
import io.eventfleet.core.admin.ClusterAdmin;
import io.eventfleet.core.cluster.image.BrokerInfo;
import io.eventfleet.core.cluster.image.BrokerInfo.BrokerState;
import io.eventfleet.core.cluster.image.ClusterImage;
import io.eventfleet.core.cluster.image.ClusterImages;
import io.eventfleet.core.cluster.image.Endpoint;
import io.eventfleet.core.cluster.image.PartitionInfo;
import io.eventfleet.core.cluster.image.TopicInfo;
import io.eventfleet.core.cluster.image.TopicInfo.TopicState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;

/** A cluster of one broker (id 0), and of others that only exist in its image. Changes take effect at once. */
final class FakeCluster implements ClusterImages, ClusterAdmin {
    static final int ME = 0;
    static final int OTHER = 1;

    private final List<Listener> listeners = new ArrayList<>();
    private final Map<String, TopicInfo> topics = new HashMap<>();
    private int port = 1;
    private long nextProducerId = 1_000;
    private volatile ClusterImage image = ClusterImage.empty("fake");

    synchronized void listenOn(int clientPort) {
        port = clientPort;
        publish();
    }

    synchronized UUID put(String name, int partitions, int leader, int leaderEpoch, Map<String, String> config) {
        var known = topics.get(name);
        var id = known == null ? UUID.randomUUID() : known.id();
        int minIsr = Integer.parseInt(config.getOrDefault("min.insync.replicas", "1"));
        var lines = IntStream.range(0, partitions)
                .mapToObj(i -> PartitionInfo.of(i, leader, leaderEpoch, 1, minIsr, List.of(ME), List.of(ME)))
                .toList();
        topics.put(name, new TopicInfo(id, name, TopicState.OPEN, config, minIsr, name.startsWith("__"), lines));
        publish();
        return id;
    }

    /** A topic of one partition, as the line says. */
    synchronized UUID put(String name, PartitionInfo line) {
        var known = topics.get(name);
        var id = known == null ? UUID.randomUUID() : known.id();
        topics.put(
                name,
                new TopicInfo(
                        id, name, TopicState.OPEN, Map.of(), line.minIsr(), name.startsWith("__"), List.of(line)));
        publish();
        return id;
    }

    UUID put(String name, int partitions) {
        return put(name, partitions, ME, 1, Map.of());
    }

    /** A topic of one partition that is led here and has another replica, which is not in sync. */
    synchronized void putReplicated(String name) {
        var line = PartitionInfo.of(0, ME, 1, 1, 1, List.of(ME, OTHER), List.of(ME));
        topics.put(name, new TopicInfo(UUID.randomUUID(), name, TopicState.OPEN, Map.of(), 1, false, List.of(line)));
        publish();
    }

    synchronized void setState(String name, TopicState state) {
        var topic = topics.get(name);
        topics.put(
                name,
                new TopicInfo(
                        topic.id(),
                        name,
                        state,
                        topic.config(),
                        topic.minIsr(),
                        topic.internal(),
                        topic.partitions().stream()
                                .map(p -> PartitionInfo.of(
                                        p.partition(),
                                        PartitionInfo.NO_LEADER,
                                        p.leaderEpoch() + 1,
                                        2,
                                        p.minIsr(),
                                        p.replicas(),
                                        p.isr()))
                                .toList()));
        publish();
    }

    private void publish() {
        var brokers = Map.of(
                ME, broker(ME, port),
                OTHER, broker(OTHER, 9));
        var next = ClusterImage.of("fake", ME, brokers, topics.values()).servingAs(1);
        var previous = image;
        image = next;
        listeners.forEach(listener -> listener.onImage(previous, next));
    }

    private static BrokerInfo broker(int id, int port) {
        return new BrokerInfo(
                id,
                1,
                UUID.randomUUID(),
                Map.of("plain", new Endpoint("127.0.0.1", port)),
                new Endpoint("127.0.0.1", 1),
                "rack-" + id,
                BrokerState.UNFENCED);
    }

    @Override
    public ClusterImage current() {
        return image;
    }

    @Override
    public synchronized void subscribe(Listener listener) {
        listeners.add(listener);
        listener.onImage(image, image);
    }

    @Override
    public CompletionStage<Result> createTopic(NewTopic topic, boolean validateOnly, Duration timeout) {
        return CompletableFuture.completedFuture(
                Result.ok(put(topic.name(), Math.max(1, topic.partitions()), ME, 1, topic.config())));
    }

    @Override
    public CompletionStage<Result> deleteTopic(UUID topicId, Duration timeout) {
        image.openTopic(topicId).ifPresent(topic -> setState(topic.name(), TopicState.PURGING));
        return CompletableFuture.completedFuture(Result.ok(topicId));
    }

    @Override
    public CompletionStage<Result> createPartitions(
            String topic, int totalCount, List<List<Integer>> added, boolean validateOnly, Duration timeout) {
        return CompletableFuture.completedFuture(Result.ok(put(topic, totalCount)));
    }

    @Override
    public CompletionStage<Result> changeReplicationFactor(String topic, int replicationFactor, Duration timeout) {
        return CompletableFuture.completedFuture(Result.failed(KafkaError.INVALID_REQUEST, "not faked"));
    }

    @Override
    public CompletionStage<Result> alterTopicConfig(
            String topic, Map<String, Optional<String>> changes, boolean replaceAll, boolean validateOnly) {
        return CompletableFuture.completedFuture(Result.failed(KafkaError.INVALID_REQUEST, "not faked"));
    }

    @Override
    public synchronized CompletionStage<ProducerIdBlock> allocateProducerIds() {
        nextProducerId += 1_000;
        return CompletableFuture.completedFuture(new ProducerIdBlock(nextProducerId, 1_000));
    }
}
