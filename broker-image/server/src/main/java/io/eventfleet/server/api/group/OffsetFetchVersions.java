// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.api.group;

import java.util.List;
import java.util.Objects;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopics;
import org.apache.kafka.common.message.OffsetFetchResponseData;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseGroup;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponsePartition;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponsePartitions;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseTopic;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseTopics;
import org.apache.kafka.common.protocol.Errors;

/** The two shapes of OffsetFetch: one group flat in the message, and a list of groups. */
final class OffsetFetchVersions {
    static final int FIRST_WITH_GROUPS = 8;
    private static final int FIRST_WITH_TOP_LEVEL_ERROR = 2;
    private static final long NO_OFFSET = -1;
    private static final int NO_EPOCH = -1;

    private OffsetFetchVersions() {}

    /** The group of a request from before {@link #FIRST_WITH_GROUPS}. */
    static OffsetFetchRequestGroup onlyGroup(OffsetFetchRequestData request) {
        var group = new OffsetFetchRequestGroup().setGroupId(request.groupId());
        return request.topics() == null
                ? group.setTopics(null)
                : group.setTopics(request.topics().stream()
                        .map(topic -> new OffsetFetchRequestTopics()
                                .setName(topic.name())
                                .setPartitionIndexes(topic.partitionIndexes()))
                        .toList());
    }

    /** The answer to such a request. Version 1 has no error of the whole: every partition asked for carries it. */
    static OffsetFetchResponseData flat(short version, OffsetFetchRequestGroup asked, OffsetFetchResponseGroup answer) {
        var error = Errors.forCode(answer.errorCode());
        var topics = error == Errors.NONE || version >= FIRST_WITH_TOP_LEVEL_ERROR
                ? answer.topics()
                : Objects.requireNonNullElse(asked.topics(), List.<OffsetFetchRequestTopics>of()).stream()
                        .map(topic -> withoutOffsets(topic, error))
                        .toList();
        return new OffsetFetchResponseData()
                .setErrorCode(answer.errorCode())
                .setTopics(topics.stream()
                        .map(topic -> new OffsetFetchResponseTopic()
                                .setName(topic.name())
                                .setPartitions(topic.partitions().stream()
                                        .map(OffsetFetchVersions::flat)
                                        .toList()))
                        .toList());
    }

    /** A topic none of whose partitions can be answered. */
    static OffsetFetchResponseTopics withoutOffsets(OffsetFetchRequestTopics topic, Errors error) {
        return new OffsetFetchResponseTopics()
                .setName(topic.name())
                .setTopicId(topic.topicId())
                .setPartitions(topic.partitionIndexes().stream()
                        .map(index -> new OffsetFetchResponsePartitions()
                                .setPartitionIndex(index)
                                .setCommittedOffset(NO_OFFSET)
                                .setCommittedLeaderEpoch(NO_EPOCH)
                                .setMetadata("")
                                .setErrorCode(error.code()))
                        .toList());
    }

    private static OffsetFetchResponsePartition flat(OffsetFetchResponsePartitions partition) {
        return new OffsetFetchResponsePartition()
                .setPartitionIndex(partition.partitionIndex())
                .setCommittedOffset(partition.committedOffset())
                .setCommittedLeaderEpoch(partition.committedLeaderEpoch())
                .setMetadata(partition.metadata())
                .setErrorCode(partition.errorCode());
    }
}
