// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.api.group;

import io.eventfleet.coordinator.Groups;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
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
import org.apache.kafka.common.message.OffsetDeleteRequestData;
import org.apache.kafka.common.message.OffsetDeleteResponseData;
import org.apache.kafka.common.message.OffsetDeleteResponseData.OffsetDeleteResponsePartition;
import org.apache.kafka.common.message.OffsetDeleteResponseData.OffsetDeleteResponseTopic;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopics;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseGroup;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponsePartitions;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseTopics;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.server.authorizer.AuthorizableRequestContext;

/** A coordinator that keeps offsets by topic name, remembers what it was asked, and fails when told to. */
final class FakeGroups implements Groups {
    private record Position(String group, String topic, int partition) {}

    private final Map<Position, Long> offsets = new HashMap<>();
    private final List<Object> asked = new ArrayList<>();
    private Errors error = Errors.NONE;

    /** Every answer carries this error from now on. */
    void failWith(Errors next) {
        error = next;
    }

    /** Every request that reached the coordinator. */
    List<Object> asked() {
        return List.copyOf(asked);
    }

    @Override
    public CompletionStage<JoinGroupResponseData> joinGroup(
            AuthorizableRequestContext caller, JoinGroupRequestData request) {
        asked.add(request);
        return done(new JoinGroupResponseData()
                .setErrorCode(error.code())
                .setMemberId(request.memberId())
                .setProtocolName(null)
                .setLeader(""));
    }

    @Override
    public CompletionStage<SyncGroupResponseData> syncGroup(
            AuthorizableRequestContext caller, SyncGroupRequestData request) {
        asked.add(request);
        return done(new SyncGroupResponseData()
                .setErrorCode(error.code())
                .setProtocolType("consumer")
                .setProtocolName("range"));
    }

    @Override
    public CompletionStage<HeartbeatResponseData> heartbeat(
            AuthorizableRequestContext caller, HeartbeatRequestData request) {
        asked.add(request);
        return done(new HeartbeatResponseData().setErrorCode(error.code()));
    }

    @Override
    public CompletionStage<LeaveGroupResponseData> leaveGroup(
            AuthorizableRequestContext caller, LeaveGroupRequestData request) {
        asked.add(request);
        return done(new LeaveGroupResponseData()
                .setMembers(request.members().stream()
                        .map(member -> new LeaveGroupResponseData.MemberResponse()
                                .setMemberId(member.memberId())
                                .setErrorCode(error.code()))
                        .toList()));
    }

    @Override
    public CompletionStage<ConsumerGroupHeartbeatResponseData> consumerGroupHeartbeat(
            AuthorizableRequestContext caller, ConsumerGroupHeartbeatRequestData request) {
        asked.add(request);
        return done(new ConsumerGroupHeartbeatResponseData()
                .setErrorCode(error.code())
                .setMemberId(request.memberId())
                .setMemberEpoch(1));
    }

    @Override
    public CompletionStage<List<ConsumerGroupDescribeResponseData.DescribedGroup>> consumerGroupDescribe(
            AuthorizableRequestContext caller, List<String> groupIds) {
        asked.add(groupIds);
        return done(groupIds.stream()
                .map(id -> new ConsumerGroupDescribeResponseData.DescribedGroup()
                        .setGroupId(id)
                        .setErrorCode(error.code()))
                .toList());
    }

    @Override
    public CompletionStage<ListGroupsResponseData> listGroups(
            AuthorizableRequestContext caller, ListGroupsRequestData request) {
        asked.add(request);
        return done(new ListGroupsResponseData()
                .setErrorCode(error.code())
                .setGroups(List.of(new ListGroupsResponseData.ListedGroup()
                        .setGroupId("g")
                        .setProtocolType("consumer")
                        .setGroupState("Stable")
                        .setGroupType("classic"))));
    }

    @Override
    public CompletionStage<List<DescribeGroupsResponseData.DescribedGroup>> describeGroups(
            AuthorizableRequestContext caller, List<String> groupIds) {
        asked.add(groupIds);
        return done(groupIds.stream()
                .map(id -> new DescribeGroupsResponseData.DescribedGroup()
                        .setGroupId(id)
                        .setErrorCode(error.code()))
                .toList());
    }

    @Override
    public CompletionStage<DeletableGroupResultCollection> deleteGroups(
            AuthorizableRequestContext caller, List<String> groupIds) {
        asked.add(groupIds);
        var results = new DeletableGroupResultCollection();
        groupIds.forEach(
                id -> results.add(new DeletableGroupResult().setGroupId(id).setErrorCode(error.code())));
        return done(results);
    }

    @Override
    public CompletionStage<OffsetCommitResponseData> commitOffsets(
            AuthorizableRequestContext caller, OffsetCommitRequestData request) {
        asked.add(request);
        var response = new OffsetCommitResponseData();
        request.topics().forEach(topic -> {
            var answer = new OffsetCommitResponseData.OffsetCommitResponseTopic()
                    .setName(topic.name())
                    .setTopicId(topic.topicId());
            topic.partitions().forEach(partition -> {
                offsets.put(
                        new Position(request.groupId(), topic.name(), partition.partitionIndex()),
                        partition.committedOffset());
                answer.partitions()
                        .add(new OffsetCommitResponseData.OffsetCommitResponsePartition()
                                .setPartitionIndex(partition.partitionIndex())
                                .setErrorCode(error.code()));
            });
            response.topics().add(answer);
        });
        return done(response);
    }

    @Override
    public CompletionStage<OffsetFetchResponseGroup> fetchOffsets(
            AuthorizableRequestContext caller, OffsetFetchRequestGroup group, boolean requireStable) {
        asked.add(group);
        var answer = new OffsetFetchResponseGroup().setGroupId(group.groupId()).setErrorCode(error.code());
        if (error != Errors.NONE) {
            return done(answer);
        }
        var wanted = Optional.ofNullable(group.topics()).orElseGet(() -> everyTopicOf(group.groupId()));
        wanted.forEach(topic -> answer.topics()
                .add(new OffsetFetchResponseTopics()
                        .setName(topic.name())
                        .setPartitions(topic.partitionIndexes().stream()
                                .map(partition -> new OffsetFetchResponsePartitions()
                                        .setPartitionIndex(partition)
                                        .setMetadata("")
                                        .setCommittedOffset(offsets.getOrDefault(
                                                new Position(group.groupId(), topic.name(), partition), -1L)))
                                .toList())));
        return done(answer);
    }

    private List<OffsetFetchRequestTopics> everyTopicOf(String groupId) {
        return offsets.keySet().stream()
                .filter(position -> position.group().equals(groupId))
                .map(position -> new OffsetFetchRequestTopics()
                        .setName(position.topic())
                        .setPartitionIndexes(List.of(position.partition())))
                .toList();
    }

    @Override
    public CompletionStage<OffsetDeleteResponseData> deleteOffsets(
            AuthorizableRequestContext caller, OffsetDeleteRequestData request) {
        asked.add(request);
        var response = new OffsetDeleteResponseData().setErrorCode(error.code());
        if (error == Errors.NONE) {
            request.topics().forEach(topic -> {
                var answer = new OffsetDeleteResponseTopic().setName(topic.name());
                topic.partitions().forEach(partition -> answer.partitions()
                        .add(new OffsetDeleteResponsePartition().setPartitionIndex(partition.partitionIndex())));
                response.topics().add(answer);
            });
        }
        return done(response);
    }

    private static <T> CompletionStage<T> done(T answer) {
        return CompletableFuture.completedFuture(answer);
    }
}
