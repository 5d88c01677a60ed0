// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.coordinator;

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
import org.apache.kafka.server.authorizer.AuthorizableRequestContext;

/**
 * What consumer groups can be asked, on the broker that coordinates them: the port of the request handlers.
 *
 * <p>Topic names and ids are resolved and checked by the caller. Expected failures (not the coordinator, still loading,
 * unknown member, ...) are error codes inside the answers; answers that report a change come only after its records are
 * below the high watermark. Thread-safe; no call blocks; stages complete on the coordinator's threads.
 */
public interface Groups {

    CompletionStage<JoinGroupResponseData> joinGroup(AuthorizableRequestContext caller, JoinGroupRequestData request);

    CompletionStage<SyncGroupResponseData> syncGroup(AuthorizableRequestContext caller, SyncGroupRequestData request);

    CompletionStage<HeartbeatResponseData> heartbeat(AuthorizableRequestContext caller, HeartbeatRequestData request);

    CompletionStage<LeaveGroupResponseData> leaveGroup(
            AuthorizableRequestContext caller, LeaveGroupRequestData request);

    CompletionStage<ConsumerGroupHeartbeatResponseData> consumerGroupHeartbeat(
            AuthorizableRequestContext caller, ConsumerGroupHeartbeatRequestData request);

    CompletionStage<List<ConsumerGroupDescribeResponseData.DescribedGroup>> consumerGroupDescribe(
            AuthorizableRequestContext caller, List<String> groupIds);

    /** The groups of every partition that this broker coordinates. */
    CompletionStage<ListGroupsResponseData> listGroups(
            AuthorizableRequestContext caller, ListGroupsRequestData request);

    CompletionStage<List<DescribeGroupsResponseData.DescribedGroup>> describeGroups(
            AuthorizableRequestContext caller, List<String> groupIds);

    CompletionStage<DeletableGroupResultCollection> deleteGroups(
            AuthorizableRequestContext caller, List<String> groupIds);

    CompletionStage<OffsetCommitResponseData> commitOffsets(
            AuthorizableRequestContext caller, OffsetCommitRequestData request);

    /**
     * @param group the group with the topics wanted, or with null topics for all of them
     * @param requireStable whether offsets of open transactions are an error
     */
    CompletionStage<OffsetFetchResponseGroup> fetchOffsets(
            AuthorizableRequestContext caller, OffsetFetchRequestGroup group, boolean requireStable);

    CompletionStage<OffsetDeleteResponseData> deleteOffsets(
            AuthorizableRequestContext caller, OffsetDeleteRequestData request);
}
