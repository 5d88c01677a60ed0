// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.cluster.store;

import io.eventfleet.core.cluster.TopicLines;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;

/**
 * A bounded group of partitions. A line never moves between shards. Stored as one text block per topic, see
 * {@link io.eventfleet.core.cluster.ShardText}.
 *
 * @param fence see {@link Fence}
 * @param shardId number of the shard, immutable
 * @param brokerEpochs the incarnation of each broker that this shard vouches for (rule 8)
 * @param topics by topic id
 */
public record ShardDoc(
        Fence fence, int shardId, SortedMap<Integer, Long> brokerEpochs, SortedMap<UUID, TopicLines> topics)
        implements FencedBody {

    public ShardDoc {
        brokerEpochs = Collections.unmodifiableSortedMap(new TreeMap<>(brokerEpochs));
        topics = Collections.unmodifiableSortedMap(new TreeMap<>(topics));
    }

    @Override
    public ShardDoc withFence(Fence newFence) {
        return new ShardDoc(newFence, shardId, brokerEpochs, topics);
    }

    public ShardDoc withStamp(int brokerId, long epoch) {
        var next = new TreeMap<>(brokerEpochs);
        next.put(brokerId, epoch);
        return new ShardDoc(fence, shardId, next, topics);
    }

    public ShardDoc withTopic(TopicLines topic) {
        var next = new TreeMap<>(topics);
        next.put(topic.topicId(), topic);
        return new ShardDoc(fence, shardId, brokerEpochs, next);
    }

    public ShardDoc withoutTopic(UUID topicId) {
        var next = new TreeMap<>(topics);
        next.remove(topicId);
        return new ShardDoc(fence, shardId, brokerEpochs, next);
    }

    /** True if any partition here lists the broker as a replica. */
    public boolean assigns(int brokerId) {
        return topics.values().stream()
                .anyMatch(topic -> topic.lines().stream().anyMatch(line -> line.assignedTo(brokerId)));
    }

    /** True if any partition here waits for the broker to say that the data of its former replica is gone. */
    public boolean awaitsDropOf(int brokerId) {
        return topics.values().stream().anyMatch(topic -> topic.lines().stream()
                .anyMatch(line -> line.moves().dropped().containsKey(brokerId)));
    }

    /** Number of partition lines. */
    public int lineCount() {
        return topics.values().stream().mapToInt(topic -> topic.lines().size()).sum();
    }
}
