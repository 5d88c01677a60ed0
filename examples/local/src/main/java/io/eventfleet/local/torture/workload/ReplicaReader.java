// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.torture.workload;

import io.eventfleet.local.torture.history.Entry;
import io.eventfleet.local.torture.history.Event.Replica;
import io.eventfleet.local.torture.history.Key;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitionReassignment;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.ElectionType;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jspecify.annotations.Nullable;

/**
 * Reads partitions from each of their replicas in turn. Clients read from leaders alone, so each replica is made the leader by the Admin API
 * first: the replicas are put into another order, and the first one is elected. For a system at rest with everything in sync.
 */
public final class ReplicaReader {
    private static final long PAUSE_MS = 200;
    private static final Duration POLL = Duration.ofMillis(200);

    private final String bootstrap;
    private final Duration patience;

    /** @param patience for each election and each pass over the records */
    public ReplicaReader(String bootstrap, Duration patience) {
        this.bootstrap = bootstrap;
        this.patience = patience;
    }

    /**
     * Reads everything.
     *
     * @throws TimeoutException when a replica does not become leader, or its records do not come
     */
    public List<Replica> read(Collection<Key> keys) throws ExecutionException, InterruptedException, TimeoutException {
        List<Replica> found = new ArrayList<>();
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            Map<TopicPartition, List<Integer>> replicas = new TreeMap<>(
                    Comparator.comparing(TopicPartition::topic).thenComparingInt(TopicPartition::partition));
            describe(admin, partitions(keys)).forEach((partition, info) -> replicas.put(partition, ids(info)));
            int rounds = replicas.values().stream().mapToInt(List::size).max().orElse(0);
            for (int round = 0; round < rounds; round++) {
                Map<TopicPartition, List<Integer>> order = new HashMap<>();
                for (var each : replicas.entrySet()) {
                    if (round < each.getValue().size()) {
                        List<Integer> rotated = new ArrayList<>(each.getValue());
                        Collections.rotate(rotated, -round);
                        order.put(each.getKey(), rotated);
                    }
                }
                lead(admin, order);
                Map<TopicPartition, List<Entry>> entries = entries(order.keySet());
                order.forEach((partition, wanted) -> found.add(new Replica(
                        new Key(partition.topic(), partition.partition()),
                        wanted.getFirst(),
                        entries.getOrDefault(partition, List.of()))));
            }
        }
        return found;
    }

    private static Set<TopicPartition> partitions(Collection<Key> keys) {
        return keys.stream()
                .map(key -> new TopicPartition(key.topic(), key.partition()))
                .collect(Collectors.toSet());
    }

    private static List<Integer> ids(TopicPartitionInfo info) {
        return info.replicas().stream().map(Node::id).toList();
    }

    private static Map<TopicPartition, TopicPartitionInfo> describe(Admin admin, Set<TopicPartition> partitions)
            throws ExecutionException, InterruptedException {
        Set<String> topics = partitions.stream().map(TopicPartition::topic).collect(Collectors.toSet());
        Map<TopicPartition, TopicPartitionInfo> found = new HashMap<>();
        admin.describeTopics(topics).allTopicNames().get().forEach((topic, description) -> description
                .partitions()
                .forEach(info -> found.put(new TopicPartition(topic, info.partition()), info)));
        found.keySet().retainAll(partitions);
        return found;
    }

    /** Puts the replicas into that order and makes the first of each the leader. */
    private void lead(Admin admin, Map<TopicPartition, List<Integer>> order)
            throws ExecutionException, InterruptedException, TimeoutException {
        Map<TopicPartition, Optional<NewPartitionReassignment>> targets = new HashMap<>();
        order.forEach((partition, wanted) -> targets.put(partition, Optional.of(new NewPartitionReassignment(wanted))));
        admin.alterPartitionReassignments(targets).all().get();
        long deadline = System.nanoTime() + patience.toNanos();
        while (true) {
            var described = describe(admin, order.keySet());
            boolean ordered = order.entrySet().stream().allMatch(each -> {
                TopicPartitionInfo info = described.get(each.getKey());
                return info != null && ids(info).equals(each.getValue());
            });
            if (ordered) {
                Set<TopicPartition> others = order.entrySet().stream()
                        .filter(each -> !isLedBy(
                                described.get(each.getKey()), each.getValue().getFirst()))
                        .map(Map.Entry::getKey)
                        .collect(Collectors.toSet());
                if (others.isEmpty()) {
                    return;
                }
                // Each partition has an outcome of its own; what counts is the leader that is described next.
                admin.electLeaders(ElectionType.PREFERRED, others).partitions().get();
            }
            if (System.nanoTime() > deadline) {
                throw new TimeoutException("wanted as replicas and first of them as leader: " + order + ", there are "
                        + described.values());
            }
            TimeUnit.MILLISECONDS.sleep(PAUSE_MS);
        }
    }

    private static boolean isLedBy(@Nullable TopicPartitionInfo info, int broker) {
        return info != null && info.leader() != null && info.leader().id() == broker;
    }

    private Map<TopicPartition, List<Entry>> entries(Set<TopicPartition> partitions) throws TimeoutException {
        Map<String, Object> settings = Map.of("bootstrap.servers", bootstrap, "enable.auto.commit", false);
        try (var consumer = new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions, patience);
            Map<TopicPartition, List<Entry>> entries = new HashMap<>();
            long deadline = System.nanoTime() + patience.toNanos();
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                for (ConsumerRecord<String, String> each : consumer.poll(POLL)) {
                    entries.computeIfAbsent(
                                    new TopicPartition(each.topic(), each.partition()), any -> new ArrayList<>())
                            .add(entry(each));
                }
                if (System.nanoTime() > deadline) {
                    throw new TimeoutException("not everything up to " + ends + " could be read");
                }
            }
            return entries;
        }
    }

    static Entry entry(ConsumerRecord<String, String> read) {
        return new Entry(
                read.offset(), Long.parseLong(read.value()), read.leaderEpoch().orElse(-1));
    }
}
