// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.operator.shard;

import io.eventfleet.api.contract.ShardTopic.Partition;
import io.eventfleet.api.contract.ShardTopic.State;
import java.util.List;
import java.util.function.Predicate;

/**
 * A topic with the partitions that its shards hold.
 *
 * @param topicId Kafka's id, as Kafka clients show it
 * @param name what Kafka clients call it
 * @param uid uid of the Topic resource that it belongs to
 * @param state life cycle
 * @param partitionCount partitions that count
 * @param partitions of all shards, those that do not count yet left out
 */
public record PlacedTopic(
        String topicId, String name, String uid, State state, int partitionCount, List<Partition> partitions) {

    /** Partitions with a leader. */
    public int leaders() {
        return count(partition -> partition.leader() != Partition.NO_LEADER);
    }

    /** Partitions with a replica that is not in sync. */
    public int underReplicated() {
        return count(Partition::underReplicated);
    }

    /** Partitions whose replicas come or go, or are more or fewer than that. */
    public int moving(int replicas) {
        return count(partition -> partition.moving() || partition.replicas().size() != replicas);
    }

    /** Replicas that every partition has at least when no more come or go; 0 when there are no partitions. */
    public int replicationFactor() {
        return partitions.stream()
                .mapToInt(partition -> partition.settled().size())
                .min()
                .orElse(0);
    }

    private int count(Predicate<Partition> which) {
        return (int) partitions.stream().filter(which).count();
    }
}
