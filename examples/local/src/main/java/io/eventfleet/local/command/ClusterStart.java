// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eventfleet.local.fleet.LocalFleet;
import io.eventfleet.local.fleet.SetupException;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Applies an EventCluster and follows it until it is ready, with a line for everything that happens. */
final class ClusterStart {
    private static final int MAX_PORT = 65_535;
    private static final long POLL_MS = 300;

    private final LocalFleet fleet;
    private final Progress progress;
    private final Map<String, String> shown = new TreeMap<>();

    ClusterStart(LocalFleet fleet, Progress progress) {
        this.fleet = fleet;
        this.progress = progress;
    }

    /** Refuses ports that somebody has. */
    static void requireFreePorts(int first, int count) {
        if (first < 1 || first + count - 1 > MAX_PORT) {
            throw new SetupException(
                    "ports " + first + " to " + (first + count - 1) + " do not exist; choose another --port");
        }
        for (int port = first; port < first + count; port++) {
            if (!isFree(port)) {
                throw new SetupException(
                        "port " + port + " on 127.0.0.1 is taken by another process; choose another --port");
            }
        }
    }

    /** The first of so many free ports in a row, from a given one on. */
    static int firstFreePort(int from, int count) {
        int first = from;
        for (int port = from; port < first + count; port++) {
            if (!isFree(port)) {
                first = port + 1;
            }
        }
        return first;
    }

    private static boolean isFree(int port) {
        try (var socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress("127.0.0.1", port));
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    /** @throws TimeoutException with the reason that the cluster itself gives */
    GenericKubernetesResource apply(ObjectNode cluster, Duration atMost) throws TimeoutException, InterruptedException {
        var applied = fleet.applyYaml(cluster.toString()).getFirst();
        awaitReady(applied, atMost);
        return applied;
    }

    /** Waits until so many pods of a cluster run and are ready; what its status says may be of an earlier run. */
    void awaitPods(GenericKubernetesResource cluster, int count, Duration atMost)
            throws TimeoutException, InterruptedException {
        var metadata = cluster.getMetadata();
        long deadlineNs = System.nanoTime() + atMost.toNanos();
        while (fleet.readyPods(metadata.getNamespace(), metadata.getName()) < count) {
            if (System.nanoTime() > deadlineNs) {
                throw new TimeoutException("not all brokers of " + metadata.getName() + " became ready within "
                        + atMost.toSeconds() + " s");
            }
            TimeUnit.MILLISECONDS.sleep(POLL_MS);
            reportPods(metadata.getNamespace());
        }
    }

    /** Waits for the condition Ready while reporting pods and reasons. */
    void awaitReady(GenericKubernetesResource object, Duration atMost) throws TimeoutException, InterruptedException {
        long deadlineNs = System.nanoTime() + atMost.toNanos();
        while (true) {
            try {
                fleet.awaitCondition(object, "Ready", Duration.ofMillis(POLL_MS));
                reportPods(object.getMetadata().getNamespace());
                return;
            } catch (TimeoutException e) {
                reportPods(object.getMetadata().getNamespace());
                if (System.nanoTime() > deadlineNs) {
                    throw new TimeoutException(String.valueOf(e.getMessage())
                            .replaceFirst("within \\d+ s", "within " + atMost.toSeconds() + " s"));
                }
                TimeUnit.MILLISECONDS.sleep(POLL_MS);
            }
        }
    }

    private void reportPods(String namespace) {
        for (Pod pod : fleet.client().pods().inNamespace(namespace).list().getItems()) {
            String name = pod.getMetadata().getName();
            String state = state(pod);
            if (!state.equals(shown.put(name, state))) {
                progress.step("broker " + name + ": " + state);
            }
        }
    }

    private static String state(Pod pod) {
        if (pod.getStatus() == null || pod.getStatus().getContainerStatuses().isEmpty()) {
            return "pending";
        }
        var container = pod.getStatus().getContainerStatuses().getFirst();
        if (Boolean.TRUE.equals(container.getReady())) {
            return "ready";
        }
        var waiting = container.getState().getWaiting();
        if (waiting != null) {
            return waiting.getReason() + (waiting.getMessage() == null ? "" : ": " + waiting.getMessage());
        }
        return container.getState().getRunning() != null ? "started" : "ended";
    }
}
