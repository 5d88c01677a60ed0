// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.coordinator;

import io.eventfleet.protocol.ErrorCodes;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
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
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseGroup;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.utils.internals.BufferSupplier;
import org.apache.kafka.coordinator.group.GroupCoordinatorService;
import org.apache.kafka.server.authorizer.AuthorizableRequestContext;

/** Kafka's running coordinator behind the port. Thread-safe. */
record KafkaGroups(GroupCoordinatorService service) implements Groups {
    /** The coordinator copies what it keeps; buffers between requests are not worth their thread-safety. */
    private static final BufferSupplier NO_REUSE = BufferSupplier.NO_CACHING;

    @Override
    public CompletionStage<JoinGroupResponseData> joinGroup(
            AuthorizableRequestContext caller, JoinGroupRequestData request) {
        return service.joinGroup(caller, request, NO_REUSE);
    }

    @Override
    public CompletionStage<SyncGroupResponseData> syncGroup(
            AuthorizableRequestContext caller, SyncGroupRequestData request) {
        return service.syncGroup(caller, request, NO_REUSE);
    }

    @Override
    public CompletionStage<HeartbeatResponseData> heartbeat(
            AuthorizableRequestContext caller, HeartbeatRequestData request) {
        return service.heartbeat(caller, request);
    }

    @Override
    public CompletionStage<LeaveGroupResponseData> leaveGroup(
            AuthorizableRequestContext caller, LeaveGroupRequestData request) {
        return service.leaveGroup(caller, request);
    }

    @Override
    public CompletionStage<ConsumerGroupHeartbeatResponseData> consumerGroupHeartbeat(
            AuthorizableRequestContext caller, ConsumerGroupHeartbeatRequestData request) {
        return service.consumerGroupHeartbeat(caller, request);
    }

    @Override
    public CompletionStage<List<ConsumerGroupDescribeResponseData.DescribedGroup>> consumerGroupDescribe(
            AuthorizableRequestContext caller, List<String> groupIds) {
        return service.consumerGroupDescribe(caller, groupIds);
    }

    @Override
    public CompletionStage<ListGroupsResponseData> listGroups(
            AuthorizableRequestContext caller, ListGroupsRequestData request) {
        return service.listGroups(caller, request);
    }

    @Override
    public CompletionStage<List<DescribeGroupsResponseData.DescribedGroup>> describeGroups(
            AuthorizableRequestContext caller, List<String> groupIds) {
        return service.describeGroups(caller, groupIds);
    }

    @Override
    public CompletionStage<DeletableGroupResultCollection> deleteGroups(
            AuthorizableRequestContext caller, List<String> groupIds) {
        return service.deleteGroups(caller, groupIds, NO_REUSE);
    }

    @Override
    public CompletionStage<OffsetCommitResponseData> commitOffsets(
            AuthorizableRequestContext caller, OffsetCommitRequestData request) {
        return service.commitOffsets(caller, request, NO_REUSE);
    }

    @Override
    public CompletionStage<OffsetFetchResponseGroup> fetchOffsets(
            AuthorizableRequestContext caller, OffsetFetchRequestGroup group, boolean requireStable) {
        // Reads fail as a whole where writes answer with an error; to whoever asks for several groups they are the
        // same.
        return service.fetchOffsets(caller, group, requireStable)
                .exceptionally(failure -> new OffsetFetchResponseGroup()
                        .setGroupId(group.groupId())
                        .setErrorCode(ErrorCodes.ofFailure(failure).code()));
    }

    @Override
    public CompletionStage<OffsetDeleteResponseData> deleteOffsets(
            AuthorizableRequestContext caller, OffsetDeleteRequestData request) {
        return service.deleteOffsets(caller, request, NO_REUSE);
    }
}
