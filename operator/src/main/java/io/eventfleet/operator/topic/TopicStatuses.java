// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.operator.topic;

import io.eventfleet.api.v1alpha1.Topic;
import io.eventfleet.api.v1alpha1.TopicStatus;
import io.eventfleet.operator.shard.PlacedTopic;
import io.eventfleet.operator.status.ConditionList;
import io.eventfleet.operator.status.Verdict;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The status of a Topic as a function of what exists. Pure. */
final class TopicStatuses {
    private TopicStatuses() {}

    static TopicStatus of(Topic topic, @Nullable PlacedTopic placed, Verdict verdict, Instant now) {
        var stored = topic.getStatus();
        var generation = topic.getMetadata().getGeneration();
        return new TopicStatus(
                generation,
                ConditionList.after(stored == null ? List.of() : stored.conditions(), generation, now)
                        .with(verdict)
                        .toList(),
                topic.topicName(),
                placed == null ? null : placed.topicId(),
                placed == null ? null : placed.partitionCount(),
                placed == null ? null : placed.replicationFactor(),
                placed == null ? null : placed.leaders(),
                placed == null ? null : placed.underReplicated());
    }
}
