// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalFleetIT {
    private static final Duration AT_MOST = Duration.ofSeconds(90);
    private static final Path SET = Path.of("src/test/resources/set.yaml");

    @TempDir
    Path data;

    @Test
    void runsThePodsOfAStatefulSetUntilTheyAreScaledAway() throws IOException {
        try (var fleet = start()) {
            fleet.apply(SET);
            awaitReady(fleet, 3);

            // Stable names, volumes, consecutive ports.
            assertThat(fleet.bootstrap("default", "c")).isEqualTo("127.0.0.1:29092,127.0.0.1:29093,127.0.0.1:29094");
            assertThat(greeting("127.0.0.1", 29093)).isEqualTo("c-broker-1");
            assertThat(data.resolve("volumes/default/data-c-broker-2/starts")).hasContent("c-broker-2\n");
            var claim = fleet.client()
                    .persistentVolumeClaims()
                    .inNamespace("default")
                    .withName("data-c-broker-2")
                    .get();
            assertThat(claim.getStatus().getPhase()).isEqualTo("Bound");

            // The Service forwards to any of them, and its name is in the hosts file.
            var service = fleet.client()
                    .services()
                    .inNamespace("default")
                    .withName("c-bootstrap")
                    .get();
            await().atMost(AT_MOST)
                    .untilAsserted(() -> assertThat(greeting(service.getSpec().getClusterIP(), 29092))
                            .startsWith("c-broker-"));
            assertThat(data.resolve("hosts"))
                    .content()
                    .contains(service.getSpec().getClusterIP() + " c-bootstrap.default.svc ")
                    .contains("127.0.0.1 c-broker-0.c-brokers.default.svc ");

            // A crash is repaired in place.
            long before = fleet.pid("default", "c-broker-1");
            assertThat(fleet.kill("default", "c-broker-1")).isTrue();
            await().atMost(AT_MOST).untilAsserted(() -> {
                Pod pod = pod(fleet, 1);
                assertThat(pod.getStatus().getContainerStatuses().getFirst().getRestartCount())
                        .isEqualTo(1);
                assertThat(pod.getStatus().getContainerStatuses().getFirst().getReady())
                        .isTrue();
            });
            assertThat(fleet.pid("default", "c-broker-1")).isNotEqualTo(before);
            assertThat(pod(fleet, 1)
                            .getStatus()
                            .getContainerStatuses()
                            .getFirst()
                            .getLastState()
                            .getTerminated()
                            .getExitCode())
                    .isEqualTo(137);

            // Scale down keeps the claim; deleting the claim removes its folder.
            fleet.client()
                    .apps()
                    .statefulSets()
                    .inNamespace("default")
                    .withName("c-broker")
                    .scale(2);
            await().atMost(AT_MOST).until(() -> fleet.pid("default", "c-broker-2") == -1 && pod(fleet, 2) == null);
            assertThat(data.resolve("volumes/default/data-c-broker-2/starts")).exists();
            fleet.client()
                    .persistentVolumeClaims()
                    .inNamespace("default")
                    .withName("data-c-broker-2")
                    .delete();
            await().atMost(AT_MOST).until(() -> Files.notExists(data.resolve("volumes/default/data-c-broker-2")));

            var reasons = fleet.client().v1().events().inNamespace("default").list().getItems().stream()
                    .map(event -> event.getReason())
                    .toList();
            assertThat(reasons).contains("SuccessfulCreate", "Started", "Killing", "SuccessfulDelete");
        }
    }

    @Test
    void replacesPodsOneByOneFromTheHighestWhenTheTemplateChanges() throws IOException {
        try (var fleet = start()) {
            fleet.apply(SET);
            awaitReady(fleet, 3);
            List<String> uids = uids(fleet);

            fleet.client()
                    .apps()
                    .statefulSets()
                    .inNamespace("default")
                    .withName("c-broker")
                    .edit(set -> {
                        set.getSpec().getTemplate().getMetadata().getLabels().put("changed", "yes");
                        return set;
                    });
            await().atMost(AT_MOST).until(() -> !uid(fleet, 2).equals(uids.get(2)));
            assertThat(uid(fleet, 0)).isEqualTo(uids.get(0));
            await().atMost(AT_MOST).untilAsserted(() -> {
                StatefulSet set = set(fleet);
                assertThat(set.getStatus().getUpdatedReplicas()).isEqualTo(3);
                assertThat(set.getStatus().getReadyReplicas()).isEqualTo(3);
                assertThat(set.getStatus().getCurrentRevision())
                        .isEqualTo(set.getStatus().getUpdateRevision());
            });
            assertThat(uids(fleet)).doesNotContainAnyElementsOf(uids);
            assertThat(data.resolve("volumes/default/data-c-broker-0/starts")).hasContent("c-broker-0\nc-broker-0\n");
        }
    }

    @Test
    void keepsObjectsAndVolumesInItsDataFolder() throws IOException {
        try (var fleet = start()) {
            fleet.apply(SET);
            awaitReady(fleet, 3);
        }
        try (var fleet = start()) {
            await().atMost(AT_MOST)
                    .untilAsserted(() -> assertThat(data.resolve("volumes/default/data-c-broker-1/starts"))
                            .hasContent("c-broker-1\nc-broker-1\n"));
            awaitReady(fleet, 3);
            assertThat(fleet.bootstrap("default", "c")).startsWith("127.0.0.1:29092,");
            fleet.client()
                    .apps()
                    .statefulSets()
                    .inNamespace("default")
                    .withName("c-broker")
                    .delete();
            await().atMost(AT_MOST).until(() -> fleet.client()
                    .pods()
                    .inNamespace("default")
                    .list()
                    .getItems()
                    .isEmpty());
        }
    }

    @Test
    void saysWhichPortIsTakenByAForeignProcess() throws IOException {
        try (var fleet = start();
                var foreign = new java.net.ServerSocket()) {
            foreign.bind(new InetSocketAddress("127.0.0.1", 29093));
            fleet.apply(SET);
            await().atMost(AT_MOST).ignoreExceptions().untilAsserted(() -> assertThat(pod(fleet, 1)
                            .getStatus()
                            .getContainerStatuses()
                            .getFirst()
                            .getState()
                            .getWaiting()
                            .getMessage())
                    .contains("port 29093 on 127.0.0.1 is taken by another process"));
        }
    }

    private LocalFleet start() {
        return LocalFleet.builder()
                .data(data)
                .withoutOperator()
                .broker(List.of(System.getProperty("java.class.path")), FakeBroker.class.getName())
                .start();
    }

    private static void awaitReady(LocalFleet fleet, int replicas) {
        await().atMost(AT_MOST).untilAsserted(() -> {
            var status = set(fleet).getStatus();
            assertThat(status).isNotNull();
            assertThat(status.getReadyReplicas()).isEqualTo(replicas);
            assertThat(IntStream.range(0, replicas))
                    .allMatch(ordinal -> fleet.pid("default", "c-broker-" + ordinal) > 0);
        });
    }

    private static StatefulSet set(LocalFleet fleet) {
        return fleet.client()
                .apps()
                .statefulSets()
                .inNamespace("default")
                .withName("c-broker")
                .get();
    }

    private static Pod pod(LocalFleet fleet, int ordinal) {
        return fleet.client()
                .pods()
                .inNamespace("default")
                .withName("c-broker-" + ordinal)
                .get();
    }

    private static String uid(LocalFleet fleet, int ordinal) {
        Pod pod = pod(fleet, ordinal);
        return pod == null ? "" : pod.getMetadata().getUid();
    }

    private static List<String> uids(LocalFleet fleet) {
        return IntStream.range(0, 3).mapToObj(ordinal -> uid(fleet, ordinal)).toList();
    }

    private static String greeting(String address, int port) throws IOException {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(address, port), 2_000);
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
