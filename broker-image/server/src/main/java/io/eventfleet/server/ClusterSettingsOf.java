// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server;

import io.eventfleet.config.BrokerConfig;
import io.eventfleet.config.TopicCreationSettings;
import io.eventfleet.core.cluster.port.ClusterSettings;
import io.eventfleet.core.cluster.port.ClusterSettings.InternalTopic;
import io.eventfleet.core.cluster.port.ClusterSettings.Leases;
import io.eventfleet.core.cluster.port.ClusterSettings.Sessions;
import io.eventfleet.core.cluster.port.ClusterSettings.Topics;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/** The cluster core's settings as the broker's configuration says. */
final class ClusterSettingsOf {
    private ClusterSettingsOf() {}

    static ClusterSettings config(BrokerConfig config) {
        var timers = config.coordination();
        var standard = ClusterSettings.DEFAULT;
        var leases = new Leases(
                timers.controllerLeaseDuration(),
                timers.controllerRetry(),
                timers.controllerRenewDeadline(),
                timers.brokerLease().interval(),
                standard.leases().attemptTimeout());
        var sessions = new Sessions(
                timers.session().interval(),
                timers.session().timeout(),
                timers.session().timeout().multipliedBy(2),
                standard.sessions().absence());
        var offsets = new InternalTopic(
                config.groups().offsetsTopicPartitions(),
                config.groups().offsetsTopicReplicationFactor(),
                new TreeMap<>(Map.of("cleanup.policy", "compact")));
        var topics = new Topics(
                TopicCreationSettings.MAX_REPLICATION_FACTOR,
                Integer.parseInt(config.values().getOrDefault("min.insync.replicas", "1")),
                Duration.ofMillis(config.storage().deletedTopicRetentionMs()),
                standard.topics().maxLinesPerShard(),
                standard.topics().producerIdBlock(),
                new TreeMap<>(Map.of(Topics.CONSUMER_OFFSETS, offsets)));
        return new ClusterSettings(leases, sessions, topics);
    }
}
