// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.coordinator;

import io.eventfleet.core.KafkaError;
import io.eventfleet.core.admin.ClusterAdmin;
import io.eventfleet.core.admin.ClusterAdmin.NewTopic;
import io.eventfleet.core.admin.ClusterAdmin.Result;
import io.eventfleet.core.cluster.image.BrokerInfo.BrokerState;
import io.eventfleet.core.cluster.image.ClusterImage;
import io.eventfleet.core.cluster.image.ClusterImages;
import io.eventfleet.core.cluster.image.PartitionInfo;
import io.eventfleet.core.cluster.image.TopicInfo;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The topic whose partitions hold the groups: where a group is coordinated, and its creation when the first client asks.
 * Thread-safe.
 */
public final class OffsetsTopic {
    /** Kafka's name of the topic. */
    public static final String NAME = "__consumer_offsets";

    /** Everything in the topic is needed for ever: only compaction may remove records. */
    static final Map<String, String> CONFIG = Map.of("cleanup.policy", "compact");

    /** How long the creation may take before the next client's question starts it again. */
    private static final Duration CREATION_TIMEOUT = Duration.ofSeconds(30);

    private static final Logger LOG = LoggerFactory.getLogger(OffsetsTopic.class);

    private final ClusterImages images;
    private final ClusterAdmin admin;
    private final int partitions;
    private final int replicationFactor;
    private final AtomicBoolean creating = new AtomicBoolean();

    /**
     * @param partitions number of partitions if the topic has to be created
     * @param replicationFactor replicas of each if the topic has to be created, at most as many as there are brokers
     */
    public OffsetsTopic(ClusterImages images, ClusterAdmin admin, int partitions, int replicationFactor) {
        this.images = images;
        this.admin = admin;
        this.partitions = partitions;
        this.replicationFactor = replicationFactor;
    }

    /** Partition that a group lives on, as every Kafka client and tool computes it. */
    public static int partitionFor(String groupId, int partitionCount) {
        return Utils.abs(groupId.hashCode()) % partitionCount;
    }

    /** Broker that coordinates a group; empty while the topic or the partition's leader is missing. */
    public static Optional<Integer> coordinatorOf(String groupId, ClusterImage image) {
        return image.topic(NAME)
                .map(TopicInfo::partitions)
                .filter(all -> !all.isEmpty())
                .map(all -> all.get(partitionFor(groupId, all.size())).leader())
                .filter(leader -> leader != PartitionInfo.NO_LEADER);
    }

    /** Starts the creation of the topic unless it exists or is being created; returns at once. */
    public void ensureExists() {
        var image = images.current();
        if (image.topic(NAME).isPresent() || !creating.compareAndSet(false, true)) {
            return;
        }
        int usable = (int) image.brokers().values().stream()
                .filter(broker -> broker.state() == BrokerState.UNFENCED)
                .count();
        var topic = new NewTopic(NAME, partitions, Math.clamp(usable, 1, replicationFactor), CONFIG, List.of(), true);
        try {
            admin.createTopic(topic, false, CREATION_TIMEOUT).whenComplete((result, failure) -> {
                creating.set(false);
                report(result, failure);
            });
        } catch (RuntimeException e) {
            creating.set(false);
            report(null, e);
        }
    }

    private static void report(@Nullable Result result, @Nullable Throwable failure) {
        if (failure != null) {
            LOG.atWarn().addKeyValue("topic", NAME).setCause(failure).log("creation of internal topic failed");
        } else if (result != null
                && result.error() != KafkaError.NONE
                && result.error() != KafkaError.TOPIC_ALREADY_EXISTS) {
            LOG.atWarn()
                    .addKeyValue("topic", NAME)
                    .addKeyValue("error", result.error())
                    .addKeyValue("reason", result.message())
                    .log("creation of internal topic refused");
        }
    }
}
