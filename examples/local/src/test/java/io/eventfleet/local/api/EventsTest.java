// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eventfleet.local.api.json.Json;
import io.eventfleet.local.api.operation.Selector;
import io.eventfleet.local.api.operation.Target;
import org.junit.jupiter.api.Test;

class EventsTest {
    @Test
    void showsTheSameEventInBothGroups() {
        try (var api = new Api()) {
            api.create("""
                    apiVersion: events.k8s.io/v1
                    kind: Event
                    metadata: {name: e, namespace: default}
                    regarding: {kind: Pod, name: p, namespace: default}
                    note: it happened
                    reason: Happened
                    type: Normal
                    reportingController: test
                    """);
            ObjectNode core = api.find(
                            Json.documents("{apiVersion: v1, kind: Event, metadata: {name: e, namespace: default}}")
                                    .getFirst())
                    .orElseThrow();

            assertThat(core.path("apiVersion").asText()).isEqualTo("v1");
            assertThat(core.path("message").asText()).isEqualTo("it happened");
            assertThat(core.at("/involvedObject/name").asText()).isEqualTo("p");
            var type = api.verbs().registry().find("", "v1", "events").orElseThrow();
            var selected = api.verbs()
                    .list(
                            new Target(type, "default", "", ""),
                            Selector.parse("", "involvedObject.name=p,involvedObject.kind=Pod"));
            assertThat(selected.objects()).hasSize(1);
        }
    }
}
