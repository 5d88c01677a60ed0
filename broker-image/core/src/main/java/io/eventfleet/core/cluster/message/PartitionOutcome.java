// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.cluster.message;

import io.eventfleet.core.KafkaError;
import io.eventfleet.core.log.TopicPartitionId;

/**
 * What became of an administrator's change of one partition.
 *
 * @param id the partition
 * @param error {@link KafkaError#NONE} when it is durably begun
 * @param message for people; empty when there is nothing to say
 */
public record PartitionOutcome(TopicPartitionId id, KafkaError error, String message) {}
