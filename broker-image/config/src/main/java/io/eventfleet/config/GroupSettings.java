// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.config;

import java.util.Map;
import java.util.TreeMap;

/**
 * Settings of group coordination.
 *
 * @param offsetsTopicPartitions partitions of __consumer_offsets
 * @param offsetsTopicReplicationFactor replicas of __consumer_offsets where there are as many brokers
 * @param offsetsCommitTimeoutMs milliseconds that an offset commit may wait for its replicas
 * @param coordinatorSettings every setting that starts with {@code group.}, {@code offsets.} or {@code offset.}, with defaults filled in, by
 *     Kafka's name: what Kafka's group coordinator is configured with
 */
public record GroupSettings(
        int offsetsTopicPartitions,
        int offsetsTopicReplicationFactor,
        int offsetsCommitTimeoutMs,
        Map<String, String> coordinatorSettings) {
    public GroupSettings {
        coordinatorSettings = Map.copyOf(coordinatorSettings);
    }

    static GroupSettings of(SettingValues values) {
        var coordinator = new TreeMap<String, String>();
        for (var key : BrokerSettings.definitions().keySet()) {
            if (key.startsWith("group.") || key.startsWith("offsets.") || key.startsWith("offset.")) {
                coordinator.put(key, values.text(key));
            }
        }
        return new GroupSettings(
                values.integer("offsets.topic.num.partitions"),
                values.integer("offsets.topic.replication.factor"),
                values.integer("offsets.commit.timeout.ms"),
                coordinator);
    }
}
