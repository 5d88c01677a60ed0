// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.bench.failover;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartitionInfo;

/** What clients are told about the replicas of a topic. */
final class Replicas implements AutoCloseable {
    private static final int LIMIT_S = 10;

    private final Admin admin;
    private final String topic;

    Replicas(String bootstrap, String topic) {
        this.admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap));
        this.topic = topic;
    }

    /** True when each partition has a leader and all its replicas in sync. */
    boolean areInSync() {
        List<TopicPartitionInfo> partitions = describe();
        return !partitions.isEmpty()
                && partitions.stream()
                        .allMatch(partition -> partition.leader() != null
                                && partition.isr().size()
                                        == partition.replicas().size());
    }

    /** The broker that leads the most partitions, one broker left aside. */
    int busiestLeaderBut(int excluded) {
        Map<Integer, Integer> led = new HashMap<>();
        for (TopicPartitionInfo partition : describe()) {
            for (Node replica : partition.replicas()) {
                led.merge(replica.id(), 0, Integer::sum);
            }
            if (partition.leader() != null) {
                led.merge(partition.leader().id(), 1, Integer::sum);
            }
        }
        led.remove(excluded);
        return led.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .map(Map.Entry::getKey)
                .orElseThrow();
    }

    /** The partitions; none while nobody answers. */
    private List<TopicPartitionInfo> describe() {
        try {
            return admin.describeTopics(List.of(topic)).allTopicNames().get(LIMIT_S, TimeUnit.SECONDS).values().stream()
                    .flatMap(description -> description.partitions().stream())
                    .toList();
        } catch (ExecutionException | TimeoutException e) {
            return List.of();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return List.of();
        }
    }

    @Override
    public void close() {
        admin.close(Duration.ofSeconds(LIMIT_S));
    }
}
