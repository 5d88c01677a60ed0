// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.api.group;

import io.eventfleet.coordinator.Groups;
import io.eventfleet.protocol.RequestContext;
import io.eventfleet.server.api.ApiHandler;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.LeaveGroupRequestData;
import org.apache.kafka.common.message.LeaveGroupRequestData.MemberIdentity;
import org.apache.kafka.common.message.LeaveGroupResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/** LeaveGroup. Before version 3 exactly one member leaves, and its error is the error of the whole (KIP-345). */
final class LeaveGroupHandler implements ApiHandler<LeaveGroupRequestData, LeaveGroupResponseData> {
    private static final int FIRST_VERSION_WITH_MEMBERS = 3;

    private final Groups groups;

    LeaveGroupHandler(Groups groups) {
        this.groups = groups;
    }

    @Override
    public ApiKeys key() {
        return ApiKeys.LEAVE_GROUP;
    }

    @Override
    public CompletionStage<LeaveGroupResponseData> handle(RequestContext context, LeaveGroupRequestData request) {
        if (context.apiVersion() >= FIRST_VERSION_WITH_MEMBERS) {
            return groups.leaveGroup(context.toKafka(), request);
        }
        var one = new LeaveGroupRequestData()
                .setGroupId(request.groupId())
                .setMembers(List.of(new MemberIdentity().setMemberId(request.memberId())));
        return groups.leaveGroup(context.toKafka(), one).thenApply(LeaveGroupHandler::withoutMembers);
    }

    private static LeaveGroupResponseData withoutMembers(LeaveGroupResponseData response) {
        short error = response.errorCode();
        if (error == Errors.NONE.code()) {
            error = response.members().size() == 1
                    ? response.members().getFirst().errorCode()
                    : Errors.UNKNOWN_SERVER_ERROR.code();
        }
        return new LeaveGroupResponseData().setErrorCode(error);
    }
}
