// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.eventfleet.local.api.json.Json;
import io.eventfleet.local.api.operation.Selector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SelectorTest {
    private static final JsonNode OBJECT = Json.documents(
                    "{metadata: {name: o, labels: {app: a, tier: 'x'}}, status: {phase: Running}}")
            .getFirst();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "app=a",
                "app==a",
                "app",
                "app!=b",
                "none!=b",
                "!none",
                "app in (a, b)",
                "app notin (c)",
                "none notin (c)",
                "app=a,tier in (x,y),!none"
            })
    void selectsByLabels(String labels) {
        assertThat(Selector.parse(labels, "").matches(OBJECT)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"app=b", "!app", "none", "app notin (a)", "app in (b)", "app=a,tier=y", "none=a"})
    void leavesOutByLabels(String labels) {
        assertThat(Selector.parse(labels, "").matches(OBJECT)).isFalse();
    }

    @Test
    void selectsByFields() {
        assertThat(Selector.parse("", "metadata.name=o,status.phase!=Pending").matches(OBJECT))
                .isTrue();
        assertThat(Selector.parse("", "metadata.name=p").matches(OBJECT)).isFalse();
    }

    @Test
    void refusesWhatItCannotRead() {
        assertThatThrownBy(() -> Selector.parse("a b c", "")).hasMessageContaining("unable to parse requirement");
    }
}
