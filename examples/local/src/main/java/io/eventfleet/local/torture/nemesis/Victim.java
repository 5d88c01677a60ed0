// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.torture.nemesis;

import io.eventfleet.local.fleet.LocalFleet;
import io.eventfleet.local.fleet.PodStarts;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.Node;

/**
 * The cluster that suffers: its processes, its disks, and what its own clients may know about it.
 *
 * @param cluster name of the EventCluster
 */
public record Victim(LocalFleet fleet, PodStarts starts, String namespace, String cluster, int brokers) {
    private static final int QUESTION_MS = 5_000;

    List<Integer> ids() {
        return IntStream.range(0, brokers).boxed().toList();
    }

    private String pod(int broker) {
        return cluster + "-broker-" + broker;
    }

    void kill(int broker) {
        fleet.kill(namespace, pod(broker));
    }

    /** Stops or continues the process of a broker; returns the process, -1 when there is none. */
    long signal(int broker, String signal) throws IOException, InterruptedException {
        long pid = fleet.pid(namespace, pod(broker));
        if (pid > 0) {
            signalProcess(pid, signal);
        }
        return pid;
    }

    static void signalProcess(long pid, String signal) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + signal, Long.toString(pid))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }

    /** The controller, or broker 0 when nobody is. */
    int controller() {
        return Math.max(0, fleet.controller(namespace, cluster));
    }

    /** The broker that leads the most partitions, as far as anybody can tell now. */
    int busiestLeader() throws InterruptedException {
        try {
            Map<Integer, Integer> led = new HashMap<>();
            for (TopicDescription topic : describe()) {
                topic.partitions().forEach(partition -> {
                    Node leader = partition.leader();
                    if (leader != null && leader.id() >= 0) {
                        led.merge(leader.id(), 1, Integer::sum);
                    }
                });
            }
            return led.entrySet().stream()
                    .max(Map.Entry.comparingByValue())
                    .map(Map.Entry::getKey)
                    .orElse(0);
        } catch (ExecutionException | TimeoutException _) {
            return 0;
        }
    }

    /** True when every broker serves and every partition has a leader and all its replicas in sync. */
    public boolean isInSync() throws InterruptedException {
        try (Admin admin = admin()) {
            return admin.describeCluster()
                                    .nodes()
                                    .get(QUESTION_MS, TimeUnit.MILLISECONDS)
                                    .size()
                            == brokers
                    && describe().stream()
                            .flatMap(topic -> topic.partitions().stream())
                            .allMatch(partition -> partition.leader() != null
                                    && partition.isr().size()
                                            == partition.replicas().size());
        } catch (ExecutionException | TimeoutException _) {
            return false;
        }
    }

    private List<TopicDescription> describe() throws InterruptedException, ExecutionException, TimeoutException {
        try (Admin admin = admin()) {
            var names = admin.listTopics(new ListTopicsOptions().listInternal(true))
                    .names()
                    .get(QUESTION_MS, TimeUnit.MILLISECONDS);
            return List.copyOf(admin.describeTopics(names)
                    .allTopicNames()
                    .get(QUESTION_MS, TimeUnit.MILLISECONDS)
                    .values());
        }
    }

    private Admin admin() {
        return Admin.create(Map.of(
                "bootstrap.servers",
                bootstrap(),
                "default.api.timeout.ms",
                QUESTION_MS,
                "request.timeout.ms",
                QUESTION_MS / 2));
    }

    /** Where clients connect. */
    public String bootstrap() {
        return fleet.bootstrap(namespace, cluster);
    }

    void deleteLease(String suffix) {
        fleet.client()
                .leases()
                .inNamespace(namespace)
                .withName(cluster + suffix)
                .delete();
    }

    Path volume(int broker) {
        return fleet.volume(namespace, "data-" + pod(broker));
    }

    /** Does something to the disk of a broker that was killed, before it starts again. */
    void killAndTouchDisk(int broker, PodStarts.BeforeStart action) {
        starts.beforeNextStart(pod(broker), action);
        kill(broker);
    }
}
