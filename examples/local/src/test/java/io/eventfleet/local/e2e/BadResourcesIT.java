// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Resources that cannot be: refused at once, or a condition that says why, and everybody else is served as before. */
@ExtendWith(SharedFleet.class)
class BadResourcesIT {
    private final Fleet fleet;

    BadResourcesIT(Fleet fleet) {
        this.fleet = fleet;
    }

    @AfterEach
    void theFleetStillServes() throws Exception {
        String topic = "bad-resources-" + System.nanoTime();
        fleet.clients().createTopic(topic, 1);
        fleet.clients().produce(topic, 0, Map.of(), List.of("still here"));
        assertThat(fleet.clients().values(topic, 1)).containsExactly("still here");
    }

    @Test
    void refusesATopicThatShrinks() {
        apply(topic("shrinks", fleet.cluster(), "partitions: 3")).orFail();

        assertThat(apply(topic("shrinks", fleet.cluster(), "partitions: 2")).err())
                .contains("partitions can only grow");
    }

    @Test
    void refusesIllegalTopicNames() {
        assertThat(apply(topic("illegal", fleet.cluster(), "topicName: with/slash"))
                        .err())
                .contains("spec.topicName");
        assertThat(apply(topic("illegal", fleet.cluster(), "topicName: '..'")).err())
                .contains("topicName must not be '.' or '..'");
    }

    @Test
    void refusesAFieldThatDoesNotExist() {
        assertThat(apply(topic("typo", fleet.cluster(), "partitons: 3")).err()).contains("partitons");
    }

    @Test
    void saysThatATopicsClusterIsNotThere() {
        apply(topic("orphan", "nowhere", "partitions: 1")).orFail();

        fleet.eventually(() -> assertThat(ready("evt/orphan")).isEqualTo("False ClusterNotFound"));
        delete("evt/orphan");
    }

    @Test
    void saysWhichSettingOfATopicIsBad() {
        apply(topic("bad-setting", fleet.cluster(), "config: {retention.ms: soon}"))
                .orFail();

        fleet.eventually(() -> assertThat(ready("evt/bad-setting")).isEqualTo("False InvalidConfig"));
        assertThat(message("evt/bad-setting")).contains("retention.ms");
        delete("evt/bad-setting");
    }

    @Test
    void saysWhichSettingOfAClusterIsBad() {
        apply(cluster("misspelt")).orFail();

        fleet.eventually(() -> assertThat(ready("evc/misspelt")).isEqualTo("False InvalidConfig"));
        assertThat(message("evc/misspelt")).contains("log.retention.hourz");
        assertThat(fleet.kubectl().run("get", "statefulsets", "-o", "name").out())
                .doesNotContain("misspelt");
        delete("evc/misspelt");
    }

    @Test
    void letsGoOfWhatBelongedToAClusterThatIsGone() {
        apply(cluster("short-lived")).orFail();
        apply(topic("left-behind", "short-lived", "partitions: 1")).orFail();
        apply("""
                        apiVersion: eventfleet.io/v1alpha1
                        kind: ConsumerGroup
                        metadata: {name: left-behind}
                        spec: {cluster: short-lived}
                        """).orFail();
        delete("evc/short-lived");

        fleet.eventually(() -> assertThat(ready("evt/left-behind")).isEqualTo("False ClusterNotFound"));
        fleet.eventually(() -> assertThat(ready("evg/left-behind")).isEqualTo("False ClusterNotFound"));
        delete("evt/left-behind");
        delete("evg/left-behind");
    }

    private static String topic(String name, String cluster, String field) {
        return """
                apiVersion: eventfleet.io/v1alpha1
                kind: Topic
                metadata: {name: %s}
                spec: {cluster: %s, %s}
                """.formatted(name, cluster, field);
    }

    private static String cluster(String name) {
        return """
                apiVersion: eventfleet.io/v1alpha1
                kind: EventCluster
                metadata: {name: %s}
                spec: {replicas: 1, storage: {size: 1Gi}, config: {log.retention.hourz: "1"}}
                """.formatted(name);
    }

    private Tool.Outcome apply(String yaml) {
        return fleet.kubectl().runWithInput(yaml, "apply", "-f", "-");
    }

    private void delete(String resource) {
        fleet.kubectl().run("delete", resource, "--timeout=50s").orFail();
    }

    /** Status and reason of the condition Ready. */
    private String ready(String resource) {
        return condition(resource, "{.status} {.reason}");
    }

    private String message(String resource) {
        return condition(resource, "{.message}");
    }

    private String condition(String resource, String fields) {
        String path = "{range .status.conditions[?(@.type==\"Ready\")]}" + fields + "{end}";
        return fleet.kubectl().run("get", resource, "-o", "jsonpath=" + path).out();
    }
}
