// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.log;

import java.util.UUID;

/**
 * Identity of a partition for life. Topics are known by their id (KIP-516), never by name: a re-created topic is another.
 *
 * @param topicId the topic's id
 * @param partition index of the partition, from 0
 */
public record TopicPartitionId(UUID topicId, int partition) {

    @Override
    public String toString() {
        return topicId + "-" + partition;
    }
}
