// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What a user does with kubectl on the three resources. */
@ExtendWith(SharedFleet.class)
class KubectlIT {
    private final Fleet fleet;

    @TempDir
    Path folder;

    KubectlIT(Fleet fleet) {
        this.fleet = fleet;
    }

    @Test
    void showsAClusterThatIsReady() {
        kubectl("wait", "evc/" + fleet.cluster(), "--for=condition=Ready", "--timeout=60s");
        List<String> lines = kubectl("get", "evc", fleet.cluster()).lines();

        assertThat(lines.getFirst().split(" +", -1))
                .startsWith("NAME", "READY", "REASON", "BROKERS", "PARTITIONS", "UNDER-REPLICATED", "VERSION", "AGE");
        assertThat(lines.get(1).split(" +", -1))
                .startsWith(fleet.cluster(), "True", "AsDeclared", Integer.toString(fleet.brokers()));
        assertThat(kubectl("describe", "evc", fleet.cluster()).out())
                .contains("Kind:         EventCluster", "Type:                  Ready", "Spec:", "Status:");
    }

    @Test
    void makesAndChangesAndDeletesATopic() throws Exception {
        apply(topic("kubectl-life", 2));
        kubectl("wait", "evt/kubectl-life", "--for=condition=Ready", "--timeout=60s");
        List<String> lines = kubectl("get", "evt", "kubectl-life").lines();
        assertThat(lines.getFirst().split(" +", -1))
                .startsWith("NAME", "CLUSTER", "PARTITIONS", "REPLICAS", "READY", "REASON", "AGE");
        assertThat(lines.get(1).split(" +", -1))
                .startsWith("kubectl-life", fleet.cluster(), "2", "1", "True", "AsDeclared");
        fleet.clients().produce("kubectl-life", 1, Map.of(), List.of("through kubectl"));

        apply(topic("kubectl-life", 4));
        kubectl("wait", "evt/kubectl-life", "--for=jsonpath={.status.partitions}=4", "--timeout=60s");
        fleet.eventually(() -> fleet.clients().produce("kubectl-life", 3, Map.of(), List.of("to the new one")));

        assertThat(kubectl("delete", "evt", "kubectl-life", "--timeout=60s").out())
                .contains("deleted");
        fleet.eventually(() -> {
            try (var admin = fleet.clients().admin()) {
                assertThat(admin.listTopics().names().get()).doesNotContain("kubectl-life");
            }
        });
    }

    @Test
    void showsATopicThatAnAdminClientMade() throws Exception {
        fleet.clients().createTopic("made-by-admin", 3);

        fleet.eventually(() -> assertThat(kubectl("get", "evt", "made-by-admin", "-o", "jsonpath={.spec.partitions}")
                        .out())
                .isEqualTo("3"));
    }

    @Test
    void showsAConsumerGroupWithItsMembersAndLag() throws Exception {
        fleet.clients().createTopic("grouped", 2);
        fleet.clients().produce("grouped", 0, Map.of(), List.of("1", "2", "3"));
        apply("""
                apiVersion: eventfleet.io/v1alpha1
                kind: ConsumerGroup
                metadata: {name: readers}
                spec: {cluster: %s, topics: [grouped]}
                """.formatted(fleet.cluster()));
        try (KafkaConsumer<String, String> consumer =
                fleet.clients().consumer(Map.of(ConsumerConfig.GROUP_ID_CONFIG, "readers"))) {
            consumer.subscribe(List.of("grouped"));
            fleet.eventually(() -> {
                consumer.poll(Duration.ofMillis(500));
                assertThat(consumer.assignment()).hasSize(2);
                consumer.commitSync();
                assertThat(kubectl("get", "evg", "readers").lines().getLast().split(" +", -1))
                        .startsWith("readers", fleet.cluster(), "Stable", "1", "0", "True");
            });
        }
        kubectl("delete", "evg", "readers", "--timeout=60s");
    }

    @Test
    void watchesTopicsAsTheyCome() throws Exception {
        Path seen = folder.resolve("watch.log");
        ProcessBuilder command = new ProcessBuilder("kubectl", "get", "evt", "-w", "-o", "name")
                .redirectOutput(seen.toFile())
                .redirectError(folder.resolve("watch.err").toFile());
        command.environment().put("KUBECONFIG", fleet.kubeconfig().toString());
        Process watch = command.start();
        try {
            apply(topic("kubectl-watched", 1));
            fleet.eventually(() -> assertThat(Files.readString(seen)).contains("topic.eventfleet.io/kubectl-watched"));
        } finally {
            watch.destroy();
            assertThat(watch.waitFor(10, TimeUnit.SECONDS)).isTrue();
        }
        kubectl("delete", "evt", "kubectl-watched", "--timeout=60s");
    }

    @Test
    void explainsTheFields() {
        assertThat(kubectl("explain", "evt.spec.partitions").out()).contains("Number of partitions");
    }

    private String topic(String name, int partitions) {
        return """
                apiVersion: eventfleet.io/v1alpha1
                kind: Topic
                metadata: {name: %s}
                spec: {cluster: %s, partitions: %d}
                """.formatted(name, fleet.cluster(), partitions);
    }

    private void apply(String yaml) throws IOException {
        kubectl(
                "apply",
                "-f",
                Files.writeString(folder.resolve("apply.yaml"), yaml).toString());
    }

    private Tool.Outcome kubectl(String... arguments) {
        return fleet.kubectl().run(arguments).orFail();
    }
}
