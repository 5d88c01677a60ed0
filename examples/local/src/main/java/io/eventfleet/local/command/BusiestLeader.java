// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.command;

import io.eventfleet.local.demo.FailoverClock;
import io.eventfleet.local.fleet.LocalFleet;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;

/**
 * Kills the broker that leads most of some topics' partitions.
 *
 * @param cluster name of the EventCluster
 */
record BusiestLeader(LocalFleet fleet, String namespace, String cluster, List<String> topics) {
    private static final Comparator<TopicPartition> BY_NAME =
            Comparator.comparing(TopicPartition::topic).thenComparingInt(TopicPartition::partition);

    /** Kills it and starts the clock; returns a sentence about it. */
    String kill(FailoverClock clock) throws InterruptedException, ExecutionException {
        var busiest = ledBy().entrySet().stream()
                .max(Comparator.comparingInt(entry -> entry.getValue().size()))
                .orElseThrow(() -> new ExecutionException("no partition has a leader", null));
        String pod = cluster + "-broker-" + busiest.getKey();
        boolean controller = fleet.controller(namespace, cluster) == busiest.getKey();
        fleet.kill(namespace, pod);
        clock.start(busiest.getValue());
        return "kill -9 of " + pod + ", leader of " + busiest.getValue().size() + " partitions"
                + (controller ? " and controller" : "");
    }

    private Map<Integer, Set<TopicPartition>> ledBy() throws InterruptedException, ExecutionException {
        Map<Integer, Set<TopicPartition>> led = new TreeMap<>();
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", fleet.bootstrap(namespace, cluster)))) {
            admin.describeTopics(topics).allTopicNames().get().forEach((topic, description) -> description
                    .partitions()
                    .forEach(partition -> {
                        Node leader = partition.leader();
                        if (leader != null && leader.id() >= 0) {
                            led.computeIfAbsent(leader.id(), any -> new TreeSet<>(BY_NAME))
                                    .add(new TopicPartition(topic, partition.partition()));
                        }
                    }));
        }
        return led;
    }
}
