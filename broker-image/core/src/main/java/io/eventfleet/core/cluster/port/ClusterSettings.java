// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.cluster.port;

import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Limits and intervals of the cluster cores. Timers have fixed, documented defaults; what a user may set is named after
 * its configuration key.
 *
 * @param leases the Leases' durations
 * @param sessions broker sessions
 * @param topics creation and deletion of topics
 */
public record ClusterSettings(Leases leases, Sessions sessions, Topics topics) {

    /** The documented defaults. */
    public static final ClusterSettings DEFAULT = new ClusterSettings(Leases.DEFAULT, Sessions.DEFAULT, Topics.DEFAULT);

    public ClusterSettings withTopics(Topics newTopics) {
        return new ClusterSettings(leases, sessions, newTopics);
    }

    /**
     * Durations of the Leases; docs/coordination.md has the reasons.
     *
     * @param duration without a change for this long, a Lease may be taken (observed, monotonic)
     * @param controllerRenewal interval of the controller's renewals
     * @param controllerDeadline without a successful renewal for this long, the controller is read-only
     * @param brokerRenewal interval of a broker's renewals, varied by a fifth
     * @param attemptTimeout limit of one renewal
     */
    public record Leases(
            Duration duration,
            Duration controllerRenewal,
            Duration controllerDeadline,
            Duration brokerRenewal,
            Duration attemptTimeout) {

        public static final Leases DEFAULT = new Leases(
                Duration.ofSeconds(15),
                Duration.ofSeconds(2),
                Duration.ofSeconds(10),
                Duration.ofSeconds(4),
                Duration.ofSeconds(5));
    }

    /**
     * Sessions between brokers and the controller.
     *
     * @param heartbeat interval of heartbeats, and of repeated requests
     * @param silence a session without a heartbeat for this long is silent
     * @param unreachable silence after which a broker with a fresh Lease counts as cut off
     * @param absence time after takeover in which a broker may report before it is probed
     */
    public record Sessions(Duration heartbeat, Duration silence, Duration unreachable, Duration absence) {

        public static final Sessions DEFAULT = new Sessions(
                Duration.ofSeconds(1), Duration.ofSeconds(6), Duration.ofSeconds(12), Duration.ofSeconds(3));
    }

    /**
     * An internal topic, created on first use.
     *
     * @param partitions fixed for life: growth would re-hash every group
     * @param replicationFactor replicas of each, or as many as there are brokers while these are fewer
     * @param config settings
     */
    public record InternalTopic(int partitions, int replicationFactor, SortedMap<String, String> config) {

        public InternalTopic {
            config = Collections.unmodifiableSortedMap(new TreeMap<>(config));
        }
    }

    /**
     * Creation and deletion of topics.
     *
     * @param maxReplicationFactor topics that ask for more replicas are not created
     * @param defaultMinIsr {@code min.insync.replicas} of topics that do not set it
     * @param deletedTopicRetention {@code eventfleet.deleted.topic.retention.ms}: how long a deleted topic can be restored
     * @param maxLinesPerShard partition lines in one shard
     * @param producerIdBlock producer ids given at once
     * @param internalTopics by topic name
     */
    public record Topics(
            int maxReplicationFactor,
            int defaultMinIsr,
            Duration deletedTopicRetention,
            int maxLinesPerShard,
            int producerIdBlock,
            SortedMap<String, InternalTopic> internalTopics) {

        /** Name of the topic that holds groups and committed offsets. */
        public static final String CONSUMER_OFFSETS = "__consumer_offsets";

        private static final InternalTopic OFFSETS_TOPIC =
                new InternalTopic(16, 3, new TreeMap<>(Map.of("cleanup.policy", "compact")));

        public static final Topics DEFAULT = new Topics(
                7, 1, Duration.ofHours(24), 1000, 1000, new TreeMap<>(Map.of(CONSUMER_OFFSETS, OFFSETS_TOPIC)));

        public Topics {
            internalTopics = Collections.unmodifiableSortedMap(new TreeMap<>(internalTopics));
        }
    }
}
