// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.admin;

import io.eventfleet.core.KafkaError;
import io.eventfleet.core.log.TopicPartitionId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/** Moves replicas and leaderships, through the acting controller. Thread-safe; stages complete on any thread. */
public interface ReplicaAdmin {

    /**
     * What became of one partition's change.
     *
     * @param error {@link KafkaError#NONE} when it is durably begun
     * @param message for people; empty when there is nothing to say
     */
    record Outcome(KafkaError error, String message) {}

    /**
     * Begins, replaces or cancels reassignments (KIP-455).
     *
     * @param targets replicas wanted, the preferred leader first; an empty list cancels
     * @param limit time after which the stage fails with TimeoutException
     */
    CompletionStage<Map<TopicPartitionId, Outcome>> reassign(
            Map<TopicPartitionId, List<Integer>> targets, Duration limit);

    /** How a leader is chosen (KIP-460). */
    enum Election {
        /** The first replica, if it is in sync. */
        PREFERRED,
        /** Any live replica, with possible loss, where nobody eligible is left. */
        UNCLEAN
    }

    /**
     * Elects leaders.
     *
     * @param partitions the partitions concerned
     * @param limit time after which the stage fails with TimeoutException
     */
    CompletionStage<Map<TopicPartitionId, Outcome>> elect(
            Election election, Set<TopicPartitionId> partitions, Duration limit);
}
