// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.eventfleet.local.fleet.LocalFleet;
import io.eventfleet.local.fleet.PodStarts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.common.Node;
import org.awaitility.core.ThrowingRunnable;

/** A running system and what a test may do to it: talk to it as a user does, look at its processes, and kill them. */
final class Fleet implements AutoCloseable {
    private static final String NAMESPACE = "default";
    private static final String CLUSTER = "e2e";
    private static final Duration START_LIMIT = Duration.ofSeconds(120);
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(200);
    private static final int LOWEST_PORT = 20_000;
    private static final int HIGHEST_PORT = 31_000;

    private final LocalFleet fleet;
    private final PodStarts starts;
    private final int brokers;

    private Fleet(LocalFleet fleet, PodStarts starts, int brokers) {
        this.fleet = fleet;
        this.starts = starts;
        this.brokers = brokers;
    }

    /** Starts an empty fleet; its folder stays behind until the next one, so that the logs can be read after a failure. */
    static Fleet startEmpty(int brokers) {
        Path folder = Path.of("target", "e2e-fleet");
        deleteRecursively(folder);
        return start(brokers, folder);
    }

    /** Starts the fleet of a data folder, for the first time or again. */
    static Fleet start(int brokers, Path data) {
        PodStarts starts = new PodStarts();
        LocalFleet local = LocalFleet.builder().data(data).startHook(starts).start();
        Fleet fleet = new Fleet(local, starts, brokers);
        try {
            fleet.makeCluster();
            return fleet;
        } catch (RuntimeException | Error e) {
            fleet.close();
            throw e;
        }
    }

    private static void deleteRecursively(Path folder) {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void makeCluster() {
        boolean known = fleet.get("eventfleet.io/v1alpha1", "EventCluster", NAMESPACE, CLUSTER) != null;
        if (!known) {
            fleet.applyYaml("""
                    apiVersion: eventfleet.io/v1alpha1
                    kind: EventCluster
                    metadata: {name: %s}
                    spec:
                      replicas: %d
                      storage: {size: 1Gi}
                      resources: {limits: {memory: 320Mi}}
                      listeners: [{name: plain, port: %d}]
                      topicDefaults: {partitions: 3, replicationFactor: 1}
                    """.formatted(CLUSTER, brokers, freePorts()));
        }
        try {
            fleet.awaitCondition(
                    fleet.get("eventfleet.io/v1alpha1", "EventCluster", NAMESPACE, CLUSTER), "Ready", START_LIMIT);
            // A fleet that comes back shows the condition of its last life until the operator has looked.
            eventually(() -> assertThat(nodes()).hasSize(brokers));
        } catch (TimeoutException e) {
            throw new AssertionError(e.getMessage() + "\n" + logs(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while the fleet was starting", e);
        }
    }

    private String logs() {
        return IntStream.range(0, brokers)
                .mapToObj(broker -> pod(broker) + ":\n" + String.join("\n", fleet.logTail(NAMESPACE, pod(broker), 30)))
                .reduce("", (all, next) -> all + next + "\n");
    }

    private int freePorts() {
        return IntStream.generate(() -> ThreadLocalRandom.current().nextInt(LOWEST_PORT, HIGHEST_PORT))
                .filter(first -> IntStream.range(first, first + brokers).allMatch(Fleet::isFree))
                .findFirst()
                .orElseThrow();
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }

    int brokers() {
        return brokers;
    }

    String bootstrap() {
        return fleet.bootstrap(NAMESPACE, CLUSTER);
    }

    String cluster() {
        return CLUSTER;
    }

    Path kubeconfig() {
        return fleet.kubeconfig();
    }

    JavaClients clients() {
        return new JavaClients(bootstrap());
    }

    Tool kubectl() {
        return new Tool(List.of("kubectl"), Map.of("KUBECONFIG", kubeconfig().toString()));
    }

    /** The brokers as clients see them, by id. */
    List<Node> nodes() throws Exception {
        try (Admin admin = clients().admin()) {
            return admin.describeCluster().nodes().get().stream()
                    .sorted(Comparator.comparingInt(Node::id))
                    .toList();
        }
    }

    /** Kills the process of a broker with no chance to do anything, and returns when it is gone; it will be started again. */
    void killBroker(int broker) {
        ProcessHandle process =
                ProcessHandle.of(fleet.pid(NAMESPACE, pod(broker))).orElseThrow();
        fleet.kill(NAMESPACE, pod(broker));
        process.onExit().join();
    }

    /** Kills a broker and keeps it from being started again, as the death of its node does. */
    void takeDown(int broker) {
        starts.hold(pod(broker));
        killBroker(broker);
    }

    /** Lets a broker start that was taken down. */
    void letUp(int broker) {
        starts.release(pod(broker));
    }

    /** Removes everything from a broker's disk before it starts again. */
    void wipeBeforeNextStart(int broker) {
        Path volume = fleet.volume(NAMESPACE, "data-" + pod(broker));
        starts.beforeNextStart(pod(broker), () -> PodStarts.empty(volume));
    }

    /** Stops a broker in an orderly way and starts it again, as a rolling update does; returns when the old process is gone. */
    void restart(int broker) {
        ProcessHandle process =
                ProcessHandle.of(fleet.pid(NAMESPACE, pod(broker))).orElseThrow();
        fleet.client().pods().inNamespace(NAMESPACE).withName(pod(broker)).delete();
        process.onExit().join();
    }

    /**
     * Lets every broker run, and waits until all of them serve and every replicated partition has all its replicas in
     * sync. One with a single replica stays without a leader when that was on a disk that a test has emptied.
     */
    void heal() {
        starts.releaseAll();
        eventually(() -> {
            try (Admin admin = clients().admin()) {
                assertThat(admin.describeCluster().nodes().get()).hasSize(brokers);
                var topics = admin.listTopics(new ListTopicsOptions().listInternal(true));
                admin.describeTopics(topics.names().get())
                        .allTopicNames()
                        .get()
                        .forEach((topic, description) -> assertThat(description.partitions())
                                .filteredOn(partition -> partition.replicas().size() > 1)
                                .allSatisfy(partition -> {
                                    assertThat(partition.leader()).as(topic).isNotNull();
                                    assertThat(partition.isr()).as(topic).hasSameSizeAs(partition.replicas());
                                }));
            }
        });
    }

    /** The broker that is the controller. */
    int controller() {
        return fleet.controller(NAMESPACE, CLUSTER);
    }

    boolean brokerIsAlive(int broker) {
        return ProcessHandle.of(fleet.pid(NAMESPACE, pod(broker)))
                .map(ProcessHandle::isAlive)
                .orElse(false);
    }

    /** How many files and sockets the broker has open. */
    long brokerOpenFiles(int broker) {
        Path descriptors = Path.of("/proc", Long.toString(fleet.pid(NAMESPACE, pod(broker))), "fd");
        try (Stream<Path> files = Files.list(descriptors)) {
            return files.count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String pod(int broker) {
        return CLUSTER + "-broker-" + broker;
    }

    /** Repeats a check until it passes; fails with its last failure. */
    void eventually(ThrowingRunnable check) {
        await().atMost(PATIENCE)
                .pollInterval(BETWEEN_LOOKS)
                .pollInSameThread()
                .ignoreExceptions()
                .untilAsserted(check);
    }

    @Override
    public void close() {
        starts.releaseAll();
        fleet.close();
    }
}
