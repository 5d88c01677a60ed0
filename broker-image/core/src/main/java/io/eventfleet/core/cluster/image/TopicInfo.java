// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.cluster.image;

import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * A topic that clients may see, or whose data must still be kept or purged.
 *
 * @param id topic id
 * @param name topic name
 * @param state life cycle (docs/coordination.md)
 * @param config settings given by the user, without defaults
 * @param minIsr effective min.insync.replicas of this topic
 * @param internal true for topics like {@code __consumer_offsets}
 * @param partitions by index, dense
 */
public record TopicInfo(
        UUID id,
        String name,
        TopicState state,
        Map<String, String> config,
        int minIsr,
        boolean internal,
        List<PartitionInfo> partitions) {

    public TopicInfo {
        config = Map.copyOf(config);
        partitions = List.copyOf(partitions);
    }

    /** Life cycle of a topic's lines. */
    public enum TopicState {
        /** Lines are being written; nobody may use it yet. */
        NEW,
        /** Leaders and data exist. */
        OPEN,
        /** Deleted, restorable: leaders have stopped, data is kept. */
        TOMBSTONE,
        /** Data is being deleted; cannot be taken back. */
        PURGING
    }
}
