// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.operator.topic;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventfleet.api.v1alpha1.Topic;
import io.eventfleet.operator.Resources;
import java.util.List;
import org.junit.jupiter.api.Test;

class TopicRivalsTest {
    private final Topic first = topic("first", "b", "2026-01-01T00:00:00Z");
    private final Topic second = topic("second", "a", "2026-01-01T00:00:01Z");
    private final Topic twin = topic("twin", "c", "2026-01-01T00:00:00Z");

    @Test
    void olderWins() {
        assertThat(TopicRivals.elder(second, List.of(first, second))).isEqualTo("first");
        assertThat(TopicRivals.elder(first, List.of(first, second))).isNull();
    }

    @Test
    void twinsAreToldApartByTheirUid() {
        assertThat(TopicRivals.elder(twin, List.of(twin, first))).isEqualTo("first");
        assertThat(TopicRivals.elder(first, List.of(twin, first))).isNull();
    }

    @Test
    void singleTopicHasNoRival() {
        assertThat(TopicRivals.elder(first, List.of())).isNull();
    }

    private static Topic topic(String name, String uid, String created) {
        var topic = Resources.topic(name, uid, "{cluster: orders, topicName: payments}");
        topic.getMetadata().setCreationTimestamp(created);
        return topic;
    }
}
