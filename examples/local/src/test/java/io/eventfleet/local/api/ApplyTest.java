// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eventfleet.local.api.json.Metadata;
import io.eventfleet.local.api.status.ApiFailure;
import org.junit.jupiter.api.Test;

class ApplyTest {
    private static final String CONFIG = """
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: c, namespace: default%s}
            data: {%s}
            """;
    private static final String SET = """
            apiVersion: apps/v1
            kind: StatefulSet
            metadata: {name: s, namespace: default}
            spec:
              selector: {matchLabels: {app: a}}
              template:
                metadata: {labels: {app: a}}
                spec:
                  containers: [%s]
            """;

    private final Api api = new Api();

    @Test
    void makesWhatDoesNotExistAndRecordsItsOwner() {
        ObjectNode made = api.apply("operator", CONFIG.formatted(", labels: {team: x}", "a: '1'"));

        assertThat(made.at("/data/a").asText()).isEqualTo("1");
        var entry = made.at("/metadata/managedFields/0");
        assertThat(entry.path("manager").asText()).isEqualTo("operator");
        assertThat(entry.path("operation").asText()).isEqualTo("Apply");
        assertThat(entry.at("/fieldsV1").toString())
                .isEqualTo("{\"f:data\":{\"f:a\":{}},\"f:metadata\":{\"f:labels\":{\"f:team\":{}}}}");
    }

    @Test
    void writesNothingWhenNothingChanges() {
        ObjectNode first = api.apply("operator", CONFIG.formatted("", "a: '1'"));
        ObjectNode second = api.apply("operator", CONFIG.formatted("", "a: '1'"));

        assertThat(second).isEqualTo(first);
    }

    @Test
    void removesFieldsThatTheOwnerNoLongerApplies() {
        api.apply("operator", CONFIG.formatted(", labels: {team: x}", "a: '1', b: '2'"));
        ObjectNode after = api.apply("operator", CONFIG.formatted("", "a: '1'"));

        assertThat(after.at("/data").toString()).isEqualTo("{\"a\":\"1\"}");
        assertThat(after.at("/metadata/labels").isMissingNode()).isTrue();
    }

    @Test
    void keepsFieldsThatAnotherManagerOwnsToo() {
        api.apply("one", CONFIG.formatted("", "a: '1', b: '2'"));
        api.apply("two", CONFIG.formatted("", "b: '2'"));
        ObjectNode after = api.apply("one", CONFIG.formatted("", "a: '1'"));

        assertThat(after.at("/data/b").asText()).isEqualTo("2");
    }

    @Test
    void refusesToTakeAFieldFromAnotherManagerUnlessForced() {
        api.apply("one", CONFIG.formatted("", "a: '1'"));

        assertThatThrownBy(() -> api.apply("two", CONFIG.formatted("", "a: '9'")))
                .isInstanceOf(ApiFailure.class)
                .hasMessage("Apply failed with 1 conflict: conflict with \"one\": .data.a");
        ObjectNode forced = api.apply("two", true, CONFIG.formatted("", "a: '9'"));
        assertThat(forced.at("/data/a").asText()).isEqualTo("9");
        assertThat(forced.at("/metadata/managedFields")).hasSize(1);
    }

    @Test
    void givesTheFieldsOfAnUpdateToWhoeverUpdated() {
        ObjectNode applied = api.apply("operator", CONFIG.formatted("", "a: '1', b: '2'"));
        ObjectNode edited = applied.deepCopy();
        ((ObjectNode) edited.get("data")).put("a", "5");
        api.replace(edited);

        assertThatThrownBy(() -> api.apply("operator", CONFIG.formatted("", "a: '1', b: '2'")))
                .hasMessageContaining("conflict with \"editor\" using v1: .data.a");
    }

    @Test
    void mergesListsByTheirKeys() {
        api.apply("one", SET.formatted("{name: main, image: i, env: [{name: A, value: '1'}]}"));
        ObjectNode after =
                api.apply("two", SET.formatted("{name: main, env: [{name: B, value: '2'}]}, {name: side, image: j}"));

        assertThat(after.at("/spec/template/spec/containers")).hasSize(2);
        assertThat(after.at("/spec/template/spec/containers/0/env").toString())
                .isEqualTo("[{\"name\":\"A\",\"value\":\"1\"},{\"name\":\"B\",\"value\":\"2\"}]");

        ObjectNode less = api.apply("two", SET.formatted("{name: main, env: [{name: B, value: '2'}]}"));
        assertThat(less.at("/spec/template/spec/containers")).hasSize(1);
    }

    @Test
    void patchesBuiltInKindsStrategically() {
        ObjectNode set = api.apply("one", SET.formatted("{name: main, image: i, env: [{name: A, value: '1'}]}"));

        ObjectNode after = api.patch(
                set,
                "application/strategic-merge-patch+json",
                "{'spec':{'template':{'spec':{'containers':[{'name':'main','env':[{'name':'A','$patch':'delete'},{'name':'C','value':'3'}]}]}}}}");

        assertThat(after.at("/spec/template/spec/containers/0/env").toString())
                .isEqualTo("[{\"name\":\"C\",\"value\":\"3\"}]");
        assertThat(after.at("/spec/template/spec/containers/0/image").asText()).isEqualTo("i");
    }

    @Test
    void patchesByMergeAndByOperations() {
        ObjectNode map = api.apply("one", CONFIG.formatted("", "a: '1', b: '2'"));

        ObjectNode merged = api.patch(map, "application/merge-patch+json", "{'data':{'a':null,'c':'3'}}");
        assertThat(merged.at("/data").toString()).isEqualTo("{\"b\":\"2\",\"c\":\"3\"}");
        ObjectNode operated = api.patch(
                map,
                "application/json-patch+json",
                "[{'op':'test','path':'/data/b','value':'2'},{'op':'replace','path':'/data/b','value':'7'}]");
        assertThat(operated.at("/data/b").asText()).isEqualTo("7");
        assertThatThrownBy(() ->
                        api.patch(map, "application/json-patch+json", "[{'op':'test','path':'/data/b','value':'2'}]"))
                .isInstanceOf(ApiFailure.class);
    }

    @Test
    void refusesAWriteWithAnOldVersion() {
        ObjectNode first = api.apply("one", CONFIG.formatted("", "a: '1'")).deepCopy();
        api.patch(first, "application/merge-patch+json", "{'data':{'a':'2'}}");

        assertThatThrownBy(() -> api.replace(first))
                .hasMessage(
                        "Operation cannot be fulfilled on configmaps \"c\": the object has been modified; please apply"
                                + " your changes to the latest version and try again");
        Metadata.of(first).put("uid", "other").remove("resourceVersion");
        assertThatThrownBy(() -> api.replace(first))
                .hasMessageContaining("Precondition failed: UID in precondition: other");
    }
}
