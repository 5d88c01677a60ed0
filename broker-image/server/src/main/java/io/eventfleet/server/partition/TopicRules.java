// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.partition;

import io.eventfleet.config.TopicPolicy;
import io.eventfleet.config.TopicSettings;
import io.eventfleet.core.log.BatchLimits;
import io.eventfleet.core.log.PartitionLog.Retention;
import java.util.Map;
import java.util.Set;

/**
 * What a topic's settings mean for its partitions, read once per change of the settings.
 *
 * @param limits what a produced batch may be
 * @param retention how much to keep; without bounds when expired records are not removed
 */
public record TopicRules(BatchLimits limits, Retention retention) {
    private static final long NO_BOUND = -1;
    private static final Set<String> DECIDE_RETENTION = Set.of("cleanup.policy", "retention.ms", "retention.bytes");

    /**
     * The rules in force. A topic is served although a setting of its resource cannot be used; but a setting that cannot be read never
     * shortens the life of data: until it is mended, nothing expires.
     *
     * @param topicConfig explicit settings of the topic
     * @param brokerSettings explicit settings of the broker
     */
    public static TopicRules of(Map<String, String> topicConfig, Map<String, String> brokerSettings) {
        TopicPolicy policy = TopicSettings.effective(topicConfig, brokerSettings);
        boolean expires = policy.deletes()
                && TopicSettings.validate(topicConfig).stream()
                        .noneMatch(problem -> DECIDE_RETENTION.contains(problem.key()));
        return new TopicRules(
                new BatchLimits(
                        policy.maxMessageBytes(),
                        policy.messageTimestampBeforeMaxMs(),
                        policy.messageTimestampAfterMaxMs(),
                        policy.logAppendTime()),
                expires
                        ? new Retention(policy.retentionMs(), policy.retentionBytes())
                        : new Retention(NO_BOUND, NO_BOUND));
    }
}
