// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.partition;

import io.eventfleet.core.cluster.image.BrokerInfo;
import io.eventfleet.core.cluster.image.BrokerInfo.BrokerState;
import io.eventfleet.core.cluster.image.ClusterImage;
import io.eventfleet.core.cluster.image.Endpoint;
import io.eventfleet.core.cluster.image.PartitionInfo;
import io.eventfleet.core.cluster.image.TopicInfo;
import io.eventfleet.core.cluster.image.TopicInfo.TopicState;
import io.eventfleet.core.log.TopicPartitionId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Images of a cluster of brokers 0, 1 and 2 with broker epochs 10, 11 and 12, as broker 0 sees them. */
final class Images {
    static final int ME = 0;
    static final UUID TOPIC = new UUID(4, 2);
    static final TopicPartitionId ID = new TopicPartitionId(TOPIC, 0);

    private Images() {}

    /** A line of the one partition, with replicas 0, 1 and 2 and min ISR 2. */
    static PartitionInfo line(int leader, int leaderEpoch, int partitionEpoch, Integer... isr) {
        return PartitionInfo.of(0, leader, leaderEpoch, partitionEpoch, 2, List.of(0, 1, 2), List.of(isr));
    }

    static PartitionInfo lineOf(List<Integer> replicas, int leader, int leaderEpoch, int partitionEpoch) {
        return PartitionInfo.of(0, leader, leaderEpoch, partitionEpoch, 1, replicas, List.of(leader));
    }

    static ClusterImage serving(PartitionInfo line) {
        return of(TopicState.OPEN, line).servingAs(10);
    }

    static ClusterImage of(TopicState state, PartitionInfo line) {
        return with(Map.of(), state, line);
    }

    static ClusterImage with(Map<Integer, BrokerState> states, TopicState state, PartitionInfo line) {
        var topic = new TopicInfo(TOPIC, "t", state, Map.of(), 2, false, List.of(line));
        return ClusterImage.of("c", 0, brokers(states), List.of(topic));
    }

    /** The same topics, with another registry. */
    static ClusterImage with(Map<Integer, BrokerState> states, ClusterImage image) {
        return ClusterImage.of("c", 0, brokers(states), image.topicsById().values())
                .servingAs(image.selfEpoch());
    }

    private static Map<Integer, BrokerInfo> brokers(Map<Integer, BrokerState> states) {
        var brokers = new HashMap<Integer, BrokerInfo>();
        for (int id = 0; id < 3; id++) {
            brokers.put(
                    id,
                    new BrokerInfo(
                            id,
                            10 + id,
                            new UUID(0, id),
                            Map.of(),
                            new Endpoint("127.0.0.1", 1),
                            null,
                            states.getOrDefault(id, BrokerState.UNFENCED)));
        }
        return brokers;
    }
}
