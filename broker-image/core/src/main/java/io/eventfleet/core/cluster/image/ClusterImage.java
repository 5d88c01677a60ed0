// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.cluster.image;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Everything a broker knows of its cluster at one moment. Immutable. Shards are written independently, so only
 * per-partition epochs may be compared; the image as a whole has no version.
 *
 * @param clusterId id of the cluster
 * @param controllerId broker id of the acting controller, or -1
 * @param selfEpoch broker epoch under which this broker may serve and follow, or -1 while it may do neither
 * @param brokers every registered broker by id, retired ones too
 * @param topicsByName topics in state OPEN, by name
 * @param topicsById topics in every state, by id
 */
public record ClusterImage(
        String clusterId,
        int controllerId,
        long selfEpoch,
        Map<Integer, BrokerInfo> brokers,
        Map<String, TopicInfo> topicsByName,
        Map<UUID, TopicInfo> topicsById) {

    /** What a broker knows before the first push. */
    public static ClusterImage empty(String clusterId) {
        return new ClusterImage(clusterId, -1, -1, Map.of(), Map.of(), Map.of());
    }

    /** Builds the indexes, for a broker that does not serve. */
    public static ClusterImage of(
            String clusterId, int controllerId, Map<Integer, BrokerInfo> brokers, Collection<TopicInfo> topics) {
        var byName = new HashMap<String, TopicInfo>();
        var byId = new HashMap<UUID, TopicInfo>();
        for (var topic : topics) {
            byId.put(topic.id(), topic);
            if (topic.state() == TopicInfo.TopicState.OPEN) {
                byName.put(topic.name(), topic);
            }
        }
        return new ClusterImage(clusterId, controllerId, -1, Map.copyOf(brokers), Map.copyOf(byName), Map.copyOf(byId));
    }

    /** The same image for a broker that serves under this epoch. */
    public ClusterImage servingAs(long brokerEpoch) {
        return new ClusterImage(clusterId, controllerId, brokerEpoch, brokers, topicsByName, topicsById);
    }

    public Optional<TopicInfo> topic(String name) {
        return Optional.ofNullable(topicsByName.get(name));
    }

    /** The topic with this id if it is OPEN. */
    public Optional<TopicInfo> openTopic(UUID id) {
        return Optional.ofNullable(topicsById.get(id)).filter(t -> t.state() == TopicInfo.TopicState.OPEN);
    }

    public Optional<PartitionInfo> partition(UUID topicId, int partition) {
        return Optional.ofNullable(topicsById.get(topicId))
                .filter(t -> partition >= 0 && partition < t.partitions().size())
                .map(t -> t.partitions().get(partition));
    }
}
