// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.partition;

import io.eventfleet.config.TopicPolicy;
import io.eventfleet.config.TopicSettings;
import io.eventfleet.core.log.BatchLimits;
import io.eventfleet.core.log.PartitionLog.Retention;
import java.util.Map;

/**
 * What a topic's settings mean for its partitions, read once per change of the settings.
 *
 * @param limits what a produced batch may be
 * @param retention how much to keep; without bounds when expired records are not removed
 */
public record TopicRules(BatchLimits limits, Retention retention) {
    private static final long NO_BOUND = -1;

    /**
     * The rules in force.
     *
     * @param topicConfig explicit settings of the topic
     * @param brokerSettings explicit settings of the broker
     */
    public static TopicRules of(Map<String, String> topicConfig, Map<String, String> brokerSettings) {
        TopicPolicy policy = TopicSettings.effective(topicConfig, brokerSettings);
        return new TopicRules(
                new BatchLimits(
                        policy.maxMessageBytes(),
                        policy.messageTimestampBeforeMaxMs(),
                        policy.messageTimestampAfterMaxMs(),
                        policy.logAppendTime()),
                policy.deletes()
                        ? new Retention(policy.retentionMs(), policy.retentionBytes())
                        : new Retention(NO_BOUND, NO_BOUND));
    }
}
