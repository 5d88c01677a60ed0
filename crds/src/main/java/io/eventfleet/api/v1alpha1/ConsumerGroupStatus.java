// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.eventfleet.api.contract.ApiValue;
import io.eventfleet.api.contract.OrEmpty;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a consumer group is.
 *
 * @param observedGeneration the generation of the spec that this status speaks of
 * @param conditions Ready, Reconciling, Stalled, ConsumesTopics
 * @param groupId what Kafka clients call it
 * @param state of the group, in Kafka's words
 * @param coordinator pod of the broker that coordinates it
 * @param memberCount members of the group
 * @param members the first of them, at most {@link #MAX_MEMBERS}
 * @param lag over all topics; moves at a limited rate
 * @param topics lag of each topic, at most {@link #MAX_TOPICS}
 */
@ApiValue
public record ConsumerGroupStatus(
        @Nullable Long observedGeneration,
        List<Condition> conditions,

        @JsonPropertyDescription("What Kafka clients call the group.") @Nullable
        String groupId,

        @JsonPropertyDescription("State of the group, in Kafka's words.") @Nullable
        String state,

        @JsonPropertyDescription("Pod of the broker that coordinates the group.") @Nullable
        String coordinator,

        @JsonPropertyDescription("Number of members.") @Nullable
        Integer memberCount,

        @JsonPropertyDescription("Members of the group, the first 100.")
        List<Member> members,

        @JsonPropertyDescription("Records between the committed offsets and the ends of the partitions.") @Nullable
        Lag lag,

        @JsonPropertyDescription("Lag of each topic, the first 256.")
        List<TopicLag> topics) {
    /** Most members that are listed. */
    public static final int MAX_MEMBERS = 100;

    /** Most topics that are listed. */
    public static final int MAX_TOPICS = 256;

    public ConsumerGroupStatus {
        conditions = OrEmpty.list(conditions);
        members = OrEmpty.list(members);
        topics = OrEmpty.list(topics);
    }

    /**
     * A member.
     *
     * @param memberId of the group
     * @param clientId as the client calls itself
     * @param host from where it connects
     * @param partitions that are assigned to it
     */
    @ApiValue
    public record Member(
            String memberId,
            @Nullable String clientId,
            @Nullable String host,
            int partitions) {}

    /**
     * How far the group is behind.
     *
     * @param records between the committed offsets and the ends of the partitions
     */
    @ApiValue
    public record Lag(long records) {}

    /**
     * How far the group is behind in a topic.
     *
     * @param name of the topic
     * @param partitions with a committed offset or an assigned member
     * @param lag records between the committed offsets and the ends of the partitions
     */
    @ApiValue
    public record TopicLag(String name, int partitions, long lag) {}
}
