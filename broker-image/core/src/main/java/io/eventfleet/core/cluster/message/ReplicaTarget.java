// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.cluster.message;

import io.eventfleet.core.log.TopicPartitionId;
import java.util.List;

/**
 * Where the replicas of one partition shall be.
 *
 * @param id the partition
 * @param replicas brokers, the preferred leader first; empty cancels a running reassignment
 */
public record ReplicaTarget(TopicPartitionId id, List<Integer> replicas) {

    public ReplicaTarget {
        replicas = List.copyOf(replicas);
    }
}
