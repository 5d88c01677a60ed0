// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.cluster.port;

import io.eventfleet.core.log.TopicPartitionId;
import java.util.Comparator;

/**
 * A replica that this broker held and that a durable line names as dropped: the only reason to delete its data (rule 39).
 *
 * @param id the partition
 * @param droppedIn partition epoch by which it was dropped
 */
public record DroppedReplica(TopicPartitionId id, int droppedIn) {

    /** By topic id, partition and epoch. */
    public static final Comparator<DroppedReplica> ORDER = Comparator.comparing(
                    (DroppedReplica replica) -> replica.id().topicId())
            .thenComparing(replica -> replica.id().partition())
            .thenComparing(DroppedReplica::droppedIn);
}
