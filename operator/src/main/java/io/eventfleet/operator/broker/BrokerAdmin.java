// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.operator.broker;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the operator asks the brokers of a cluster. Blocking, for a bounded time; any thread. */
public interface BrokerAdmin {
    /**
     * Looks at a consumer group.
     *
     * @param bootstrap where the cluster is reached first: host:port
     * @param groupId what Kafka clients call the group
     */
    GroupObservation observeGroup(String bootstrap, String groupId);

    /** Forgets connections to a cluster that is gone. */
    void forget(String bootstrap);

    /** What was found out about a group. */
    sealed interface GroupObservation {
        /** There is no such group. */
        record Missing() implements GroupObservation {}

        /**
         * The brokers do not answer.
         *
         * @param reason for people
         */
        record Unavailable(String reason) implements GroupObservation {}

        /**
         * The group is there.
         *
         * @param state in Kafka's words
         * @param coordinator broker id; null when it is not known
         * @param members of the group
         * @param lagByTopic for each topic with committed offsets: how far they are behind
         */
        record Found(
                String state, @Nullable Integer coordinator, List<Member> members, Map<String, TopicLag> lagByTopic)
                implements GroupObservation {}
    }

    /**
     * A member of a group.
     *
     * @param memberId of the group
     * @param clientId as the client calls itself
     * @param host from where it connects
     * @param partitions by topic: how many are assigned to it
     */
    record Member(String memberId, String clientId, String host, Map<String, Integer> partitions) {}

    /**
     * How far a group is behind in a topic.
     *
     * @param partitions with a committed offset
     * @param records between the committed offsets and the ends of the partitions
     */
    record TopicLag(int partitions, long records) {}
}
