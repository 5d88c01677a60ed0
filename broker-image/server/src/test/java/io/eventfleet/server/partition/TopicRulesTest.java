// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.partition;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventfleet.core.log.PartitionLog.Retention;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TopicRulesTest {
    @Test
    void takesTheTopicsOwnSettings() {
        TopicRules rules = TopicRules.of(Map.of("retention.ms", "5000", "max.message.bytes", "1000"), Map.of());

        assertThat(rules.retention()).isEqualTo(new Retention(5_000, -1));
        assertThat(rules.limits().maxMessageBytes()).isEqualTo(1_000);
    }

    @Test
    void keepsEverythingWhileARetentionSettingCannotBeRead() {
        assertThat(TopicRules.of(Map.of("retention.ms", "soon"), Map.of()).retention())
                .isEqualTo(new Retention(-1, -1));
    }

    @Test
    void servesATopicWhoseOtherSettingsCannotBeRead() {
        TopicRules rules = TopicRules.of(
                Map.of("max.message.bytes", "big", "no.such.setting", "1", "retention.ms", "5000"), Map.of());

        assertThat(rules.limits().maxMessageBytes()).isEqualTo(1_048_588);
        assertThat(rules.retention()).isEqualTo(new Retention(5_000, -1));
    }
}
