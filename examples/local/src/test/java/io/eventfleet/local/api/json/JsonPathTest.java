// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.api.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonPathTest {
    private static final JsonNode OBJECT = Json.documents("""
            spec: {replicas: 3, 'a.b': dotted, list: [{name: x, v: 1}, {name: y, v: 2}]}
            status: {conditions: [{type: Stalled, status: 'False'}, {type: Ready, status: 'True'}]}
            """).getFirst();

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            .spec.replicas                                   | 3
            spec.replicas                                    | 3
            .spec['a.b']                                     | dotted
            .spec.a\\.b                                      | dotted
            .spec.list[1].v                                  | 2
            .spec.list[-1].name                              | y
            .spec.list[*].name                               | x
            .status.conditions[?(@.type=="Ready")].status    | True
            .status.conditions[?(@.type == 'None')].status   |
            .spec.absent.deeper                              |
            """)
    void finds(String path, String expected) {
        assertThat(JsonPath.parse(path).first(OBJECT).asText("")).isEqualTo(expected == null ? "" : expected);
    }
}
