// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TopicNamesTest {
    private static final String OBJECT_NAME = "[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*";

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "a b", "a/b", "ä", "a\n"})
    void namesThatKafkaRefusesAreRefused(String name) {
        assertThat(TopicNames.validate(name)).isNotBlank();
    }

    @Test
    void lengthIsBounded() {
        assertThat(TopicNames.validate("t".repeat(249))).isNull();
        assertThat(TopicNames.validate("t".repeat(250))).isNotBlank();
    }

    @ParameterizedTest
    @ValueSource(strings = {"payments", "a.b-c.1", "0"})
    void namesThatKubernetesAllowsAreKept(String name) {
        assertThat(TopicNames.toObjectName(name)).isEqualTo(name);
    }

    @Test
    void otherNamesBecomeLegalAndStayApart() {
        var names = List.of(
                "Payments",
                "PAYMENTS",
                "pay_ments",
                "pay-ments.",
                "-payments",
                "__consumer_offsets",
                "_",
                "...",
                "a..b",
                "a.-b",
                "T".repeat(249),
                "T".repeat(248) + "U",
                "payments-x0123456789abcdef");

        var mapped = new HashSet<String>();
        for (var name : names) {
            var objectName = TopicNames.toObjectName(name);
            assertThat(objectName)
                    .as(name)
                    .matches(OBJECT_NAME)
                    .hasSizeLessThanOrEqualTo(253)
                    .isNotEqualTo(name);
            mapped.add(objectName);
        }
        assertThat(mapped).hasSameSizeAs(names);
        assertThat(TopicNames.toObjectName("Pay_Ments")).startsWith("pay-ments-x");
    }

    @Test
    void mappingAMappedNameGivesAnotherName() {
        var mapped = TopicNames.toObjectName("Payments");

        assertThat(TopicNames.toObjectName(mapped)).isNotEqualTo(mapped);
    }

    @Test
    void dotAndUnderscoreCollide() {
        assertThat(TopicNames.collide("a.b", "a_b")).isTrue();
        assertThat(TopicNames.collide("a.b", "a.b")).isFalse();
        assertThat(TopicNames.collide("a.b", "a-b")).isFalse();
    }
}
