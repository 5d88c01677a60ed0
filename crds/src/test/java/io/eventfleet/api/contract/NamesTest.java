// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.api.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NamesTest {
    @Test
    void brokerIdIsTheOrdinalOfThePod() {
        assertThat(Names.brokerId(Names.brokerPod("orders-2", 11))).isEqualTo(11);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "orders", "orders-", "orders-x", "-3"})
    void podWithoutOrdinalIsRefused(String name) {
        assertThatIllegalArgumentException().isThrownBy(() -> Names.brokerId(name));
    }

    @Test
    void derivedNamesStayWithinTheLimitOfLabels() {
        var longest = "c".repeat(Names.MAX_CLUSTER_NAME_LENGTH);

        assertThat(Names.brokerPod(longest, 999)).hasSizeLessThanOrEqualTo(63);
        assertThat(Names.bootstrapService(longest)).hasSizeLessThanOrEqualTo(63);
        assertThat(Names.brokers(longest) + "-0123456789").hasSizeLessThanOrEqualTo(63);
    }
}
