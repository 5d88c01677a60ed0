// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.coordinator;

import static java.util.concurrent.CompletableFuture.completedFuture;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.message.DeleteGroupsResponseData.DeletableGroupResult;
import org.apache.kafka.common.message.DeleteGroupsResponseData.DeletableGroupResultCollection;
import org.apache.kafka.common.message.DescribeGroupsResponseData;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.LeaveGroupRequestData;
import org.apache.kafka.common.message.LeaveGroupResponseData;
import org.apache.kafka.common.message.ListGroupsRequestData;
import org.apache.kafka.common.message.ListGroupsResponseData;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.OffsetCommitResponseData.OffsetCommitResponsePartition;
import org.apache.kafka.common.message.OffsetCommitResponseData.OffsetCommitResponseTopic;
import org.apache.kafka.common.message.OffsetDeleteRequestData;
import org.apache.kafka.common.message.OffsetDeleteResponseData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseGroup;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.server.authorizer.AuthorizableRequestContext;

/**
 * Answers before the coordinator runs: every request is told COORDINATOR_NOT_AVAILABLE, except that there are no groups
 * to list where there is no topic for them. Without state of its own.
 *
 * @param groupsMayExist whether the topic of the groups exists, or is not known not to
 */
record UnavailableGroups(BooleanSupplier groupsMayExist) implements Groups {
    private static final short ERROR = Errors.COORDINATOR_NOT_AVAILABLE.code();

    @Override
    public CompletionStage<JoinGroupResponseData> joinGroup(
            AuthorizableRequestContext caller, JoinGroupRequestData request) {
        return completedFuture(
                new JoinGroupResponseData().setMemberId(request.memberId()).setErrorCode(ERROR));
    }

    @Override
    public CompletionStage<SyncGroupResponseData> syncGroup(
            AuthorizableRequestContext caller, SyncGroupRequestData request) {
        return completedFuture(new SyncGroupResponseData().setErrorCode(ERROR));
    }

    @Override
    public CompletionStage<HeartbeatResponseData> heartbeat(
            AuthorizableRequestContext caller, HeartbeatRequestData request) {
        return completedFuture(new HeartbeatResponseData().setErrorCode(ERROR));
    }

    @Override
    public CompletionStage<LeaveGroupResponseData> leaveGroup(
            AuthorizableRequestContext caller, LeaveGroupRequestData request) {
        return completedFuture(new LeaveGroupResponseData().setErrorCode(ERROR));
    }

    @Override
    public CompletionStage<ConsumerGroupHeartbeatResponseData> consumerGroupHeartbeat(
            AuthorizableRequestContext caller, ConsumerGroupHeartbeatRequestData request) {
        return completedFuture(new ConsumerGroupHeartbeatResponseData().setErrorCode(ERROR));
    }

    @Override
    public CompletionStage<List<ConsumerGroupDescribeResponseData.DescribedGroup>> consumerGroupDescribe(
            AuthorizableRequestContext caller, List<String> groupIds) {
        return completedFuture(groupIds.stream()
                .map(id -> new ConsumerGroupDescribeResponseData.DescribedGroup()
                        .setGroupId(id)
                        .setErrorCode(ERROR))
                .toList());
    }

    @Override
    public CompletionStage<ListGroupsResponseData> listGroups(
            AuthorizableRequestContext caller, ListGroupsRequestData request) {
        return completedFuture(
                new ListGroupsResponseData().setErrorCode(groupsMayExist.getAsBoolean() ? ERROR : Errors.NONE.code()));
    }

    @Override
    public CompletionStage<List<DescribeGroupsResponseData.DescribedGroup>> describeGroups(
            AuthorizableRequestContext caller, List<String> groupIds) {
        return completedFuture(groupIds.stream()
                .map(id -> new DescribeGroupsResponseData.DescribedGroup()
                        .setGroupId(id)
                        .setErrorCode(ERROR))
                .toList());
    }

    @Override
    public CompletionStage<DeletableGroupResultCollection> deleteGroups(
            AuthorizableRequestContext caller, List<String> groupIds) {
        var results = new DeletableGroupResultCollection();
        groupIds.forEach(
                id -> results.add(new DeletableGroupResult().setGroupId(id).setErrorCode(ERROR)));
        return completedFuture(results);
    }

    @Override
    public CompletionStage<OffsetCommitResponseData> commitOffsets(
            AuthorizableRequestContext caller, OffsetCommitRequestData request) {
        var topics = request.topics().stream()
                .map(topic -> new OffsetCommitResponseTopic()
                        .setName(topic.name())
                        .setTopicId(topic.topicId())
                        .setPartitions(topic.partitions().stream()
                                .map(partition -> new OffsetCommitResponsePartition()
                                        .setPartitionIndex(partition.partitionIndex())
                                        .setErrorCode(ERROR))
                                .collect(Collectors.toCollection(ArrayList::new))))
                .collect(Collectors.toCollection(ArrayList::new));
        return completedFuture(new OffsetCommitResponseData().setTopics(topics));
    }

    @Override
    public CompletionStage<OffsetFetchResponseGroup> fetchOffsets(
            AuthorizableRequestContext caller, OffsetFetchRequestGroup group, boolean requireStable) {
        return completedFuture(
                new OffsetFetchResponseGroup().setGroupId(group.groupId()).setErrorCode(ERROR));
    }

    @Override
    public CompletionStage<OffsetDeleteResponseData> deleteOffsets(
            AuthorizableRequestContext caller, OffsetDeleteRequestData request) {
        return completedFuture(new OffsetDeleteResponseData().setErrorCode(ERROR));
    }
}
