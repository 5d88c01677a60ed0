// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.admin;

import io.eventfleet.core.KafkaError;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Changes of topics and allocation of producer ids on behalf of Kafka clients. Every call may be made on any broker:
 * the Topic resource is the one source of truth, and the controller acts on it. Answers come when the change is
 * visible in this broker's cluster image, or REQUEST_TIMED_OUT with the change still under way, as Kafka does.
 * Thread-safe.
 */
public interface ClusterAdmin {

    /** Creates a Topic resource and waits until every partition has a leader. */
    CompletionStage<Result> createTopic(NewTopic topic, boolean validateOnly, Duration timeout);

    /** Deletes the Topic resource; data goes after the configured delay. */
    CompletionStage<Result> deleteTopic(UUID topicId, Duration timeout);

    /**
     * Raises the number of partitions.
     *
     * @param added brokers of each partition that is added, chosen by the caller; empty lets the controller place them
     */
    CompletionStage<Result> createPartitions(
            String topic, int totalCount, List<List<Integer>> added, boolean validateOnly, Duration timeout);

    /**
     * Declares another number of replicas. Answers when it is declared: replicas are moved from then on.
     *
     * @param replicationFactor replicas of every partition
     */
    CompletionStage<Result> changeReplicationFactor(String topic, int replicationFactor, Duration timeout);

    /**
     * Sets and removes settings of a topic.
     *
     * @param changes value to set, or empty to go back to the default
     * @param replaceAll true drops every setting not named (AlterConfigs), false keeps it (IncrementalAlterConfigs)
     */
    CompletionStage<Result> alterTopicConfig(
            String topic, Map<String, Optional<String>> changes, boolean replaceAll, boolean validateOnly);

    /** A block of producer ids never given to anyone before. */
    CompletionStage<ProducerIdBlock> allocateProducerIds();

    /**
     * A topic to create.
     *
     * @param name topic name
     * @param partitions number of partitions, or -1 for the cluster's default
     * @param replicationFactor replicas of each, or -1 for the cluster's default
     * @param config settings
     * @param assignment broker ids per partition chosen by the caller; empty lets the controller place them
     * @param internal true for topics like {@code __consumer_offsets}
     */
    record NewTopic(
            String name,
            int partitions,
            int replicationFactor,
            Map<String, String> config,
            List<List<Integer>> assignment,
            boolean internal) {}

    /**
     * Outcome of one change.
     *
     * @param error NONE on success
     * @param message why not
     * @param topicId id of the topic, if known
     */
    record Result(
            KafkaError error,
            @Nullable String message,
            @Nullable UUID topicId) {

        public static Result ok(@Nullable UUID topicId) {
            return new Result(KafkaError.NONE, null, topicId);
        }

        public static Result failed(KafkaError error, String message) {
            return new Result(error, message, null);
        }
    }

    /** Producer ids from {@code first} to {@code first + count - 1}. */
    record ProducerIdBlock(long first, int count) {}
}
