// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.partition;

import io.eventfleet.core.cluster.image.ClusterImage;
import io.eventfleet.core.cluster.image.PartitionInfo;
import io.eventfleet.core.cluster.image.TopicInfo;
import io.eventfleet.core.cluster.image.TopicInfo.TopicState;

/** What an image asks this broker to be for one partition. */
sealed interface Duty {

    /** Lead it. */
    record Lead(int leaderEpoch) implements Duty {}

    /** Copy it from its leader. */
    record Follow(int leaderId, int leaderEpoch, int uncleanEpoch) implements Duty {}

    /** Neither: keep what is stored. */
    record Rest() implements Duty {}

    Duty REST = new Rest();

    /** A broker that is not serving leads and follows nothing, whatever the lines say of it. */
    static Duty of(ClusterImage image, int brokerId, TopicInfo topic, PartitionInfo line) {
        if (image.selfEpoch() < 0 || topic.state() != TopicState.OPEN) {
            return REST;
        }
        if (line.leader() == brokerId) {
            return new Lead(line.leaderEpoch());
        }
        return line.leader() != PartitionInfo.NO_LEADER && line.replicas().contains(brokerId)
                ? new Follow(line.leader(), line.leaderEpoch(), line.uncleanEpoch())
                : REST;
    }
}
