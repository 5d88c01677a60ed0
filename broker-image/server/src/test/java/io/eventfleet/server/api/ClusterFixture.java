// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.api;

import io.eventfleet.core.KafkaError;
import io.eventfleet.core.admin.ClusterAdmin;
import io.eventfleet.core.cluster.image.BrokerInfo;
import io.eventfleet.core.cluster.image.ClusterImage;
import io.eventfleet.core.cluster.image.ClusterImages;
import io.eventfleet.core.cluster.image.Endpoint;
import io.eventfleet.core.cluster.image.PartitionInfo;
import io.eventfleet.core.cluster.image.TopicInfo;
import io.eventfleet.core.cluster.image.TopicInfo.TopicState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;

/** A cluster of brokers and topics in memory: changes asked of it are remembered and visible at once. */
public final class ClusterFixture implements ClusterImages, ClusterAdmin {
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();
    private final Map<Integer, BrokerInfo> brokers = new TreeMap<>();
    private final Map<String, TopicInfo> topics = new LinkedHashMap<>();
    private final List<String> asked = new ArrayList<>();
    private Optional<RuntimeException> nextFailure = Optional.empty();
    private long nextProducerId;
    private int ids;
    private int leaderEpoch = 1;

    /** A cluster with brokers 1 to n. */
    public static ClusterFixture ofBrokers(int count) {
        var cluster = new ClusterFixture();
        IntStream.rangeClosed(1, count).forEach(id -> cluster.advertise(id, new Endpoint("broker-" + id, 9092)));
        return cluster;
    }

    /** Says where clients find a broker. */
    public synchronized void advertise(int brokerId, Endpoint address) {
        var before = current();
        brokers.put(
                brokerId,
                new BrokerInfo(
                        brokerId,
                        1,
                        new UUID(0, brokerId),
                        Map.of(ApiCalls.LISTENER, address),
                        new Endpoint("broker-" + brokerId, 9093),
                        null,
                        BrokerInfo.BrokerState.UNFENCED));
        publish(before);
    }

    /** Nobody hears of changes any more, and every partition gets a new leader epoch: as when the broker starts anew. */
    public synchronized void restart() {
        listeners.clear();
        leaderEpoch++;
        List.copyOf(topics.values()).forEach(topic -> topics.put(topic.name(), withEpoch(topic)));
    }

    private TopicInfo withEpoch(TopicInfo topic) {
        return new TopicInfo(
                topic.id(),
                topic.name(),
                topic.state(),
                topic.config(),
                topic.minIsr(),
                topic.internal(),
                topic.partitions().stream()
                        .map(partition -> partition(partition.partition()))
                        .toList());
    }

    private PartitionInfo partition(int index) {
        int leader = 1 + index % brokers.size();
        return PartitionInfo.of(index, leader, leaderEpoch, 1, 1, List.of(leader), List.of(leader));
    }

    private void publish(ClusterImage before) {
        var now = current();
        listeners.forEach(listener -> listener.onImage(before, now));
    }

    /** Adds a topic whose partitions are led by the brokers in turn. */
    public synchronized TopicInfo withTopic(String name, int partitions, Map<String, String> config, boolean internal) {
        var before = current();
        ids++;
        var topic = new TopicInfo(
                new UUID(1, ids),
                name,
                TopicState.OPEN,
                config,
                1,
                internal,
                IntStream.range(0, partitions).mapToObj(this::partition).toList());
        topics.put(name, topic);
        publish(before);
        return topic;
    }

    /** Adds a topic with exactly these partitions. */
    public synchronized TopicInfo withPartitions(String name, PartitionInfo... partitions) {
        var before = current();
        ids++;
        var topic = new TopicInfo(
                new UUID(1, ids), name, TopicState.OPEN, Map.of(), 1, name.startsWith("__"), List.of(partitions));
        topics.put(name, topic);
        publish(before);
        return topic;
    }

    /** From now on the broker is registered and not to be used. */
    public synchronized void fence(int brokerId) {
        var before = current();
        brokers.computeIfPresent(
                brokerId,
                (id, broker) -> new BrokerInfo(
                        id,
                        broker.epoch(),
                        broker.incarnation(),
                        broker.listeners(),
                        broker.internal(),
                        broker.rack(),
                        BrokerInfo.BrokerState.FENCED));
        publish(before);
    }

    public TopicInfo withTopic(String name, int partitions) {
        return withTopic(name, partitions, Map.of(), false);
    }

    /** The next change fails with this. */
    public void failNext(RuntimeException failure) {
        nextFailure = Optional.of(failure);
    }

    /** Every change that was asked for, in words. */
    public List<String> asked() {
        return List.copyOf(asked);
    }

    @Override
    public synchronized ClusterImage current() {
        return ClusterImage.of("test", 1, brokers, topics.values()).servingAs(1);
    }

    @Override
    public synchronized void subscribe(Listener listener) {
        listeners.add(listener);
        var now = current();
        listener.onImage(now, now);
    }

    @Override
    public CompletionStage<Result> createTopic(NewTopic topic, boolean validateOnly, Duration timeout) {
        return change("create " + topic.name() + " " + topic.partitions() + " " + topic.replicationFactor() + " "
                        + new TreeMap<>(topic.config()) + " " + topic.assignment()
                        + (validateOnly ? " validateOnly" : ""))
                .orElseGet(() -> {
                    if (validateOnly) {
                        return Result.ok(null);
                    }
                    int partitions = topic.assignment().isEmpty()
                            ? Math.max(topic.partitions(), 1)
                            : topic.assignment().size();
                    return Result.ok(withTopic(topic.name(), partitions, topic.config(), topic.internal())
                            .id());
                })
                .asStage();
    }

    @Override
    public CompletionStage<Result> deleteTopic(UUID topicId, Duration timeout) {
        return change("delete " + topicId).orElseGet(() -> remove(topicId)).asStage();
    }

    private synchronized Result remove(UUID topicId) {
        var before = current();
        topics.values().removeIf(topic -> topic.id().equals(topicId));
        publish(before);
        return Result.ok(topicId);
    }

    @Override
    public CompletionStage<Result> createPartitions(
            String topic, int totalCount, List<List<Integer>> added, boolean validateOnly, Duration timeout) {
        return change("grow " + topic + " " + totalCount + (added.isEmpty() ? "" : " " + added)
                        + (validateOnly ? " validateOnly" : ""))
                .orElseGet(() -> Result.ok(null))
                .asStage();
    }

    @Override
    public CompletionStage<Result> changeReplicationFactor(String topic, int replicationFactor, Duration timeout) {
        return change("replicas of " + topic + " " + replicationFactor)
                .orElseGet(() -> Result.ok(null))
                .asStage();
    }

    @Override
    public CompletionStage<Result> alterTopicConfig(
            String topic, Map<String, Optional<String>> changes, boolean replaceAll, boolean validateOnly) {
        var values = new TreeMap<String, String>();
        new HashMap<>(changes).forEach((key, value) -> values.put(key, value.orElse("<default>")));
        return change((replaceAll ? "replace " : "alter ") + topic + " " + values
                        + (validateOnly ? " validateOnly" : ""))
                .orElseGet(() -> Result.ok(null))
                .asStage();
    }

    @Override
    public CompletionStage<ProducerIdBlock> allocateProducerIds() {
        asked.add("producer ids");
        if (nextFailure.isPresent()) {
            var failure = nextFailure.get();
            nextFailure = Optional.empty();
            return CompletableFuture.failedFuture(failure);
        }
        var block = new ProducerIdBlock(nextProducerId, 2);
        nextProducerId += block.count();
        return CompletableFuture.completedFuture(block);
    }

    /** What is answered to a change: the failure that was asked for, or what the change itself says. */
    private Answer change(String what) {
        asked.add(what);
        var failure = nextFailure;
        nextFailure = Optional.empty();
        return new Answer(failure, Result.failed(KafkaError.UNKNOWN_SERVER_ERROR, "not answered"));
    }

    private record Answer(Optional<RuntimeException> failure, Result result) {
        Answer orElseGet(java.util.function.Supplier<Result> change) {
            return failure.isPresent() ? this : new Answer(failure, change.get());
        }

        CompletionStage<Result> asStage() {
            return failure.<CompletionStage<Result>>map(CompletableFuture::failedFuture)
                    .orElseGet(() -> CompletableFuture.completedFuture(result));
        }
    }
}
