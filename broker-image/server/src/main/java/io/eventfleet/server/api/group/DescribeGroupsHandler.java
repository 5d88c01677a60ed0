// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.api.group;

import io.eventfleet.coordinator.Groups;
import io.eventfleet.protocol.RequestContext;
import io.eventfleet.server.api.ApiHandler;
import io.eventfleet.server.api.AuthorizedOperations;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.DescribeGroupsRequestData;
import org.apache.kafka.common.message.DescribeGroupsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/** DescribeGroups: classic groups with their members. */
final class DescribeGroupsHandler implements ApiHandler<DescribeGroupsRequestData, DescribeGroupsResponseData> {
    private final Groups groups;

    DescribeGroupsHandler(Groups groups) {
        this.groups = groups;
    }

    @Override
    public ApiKeys key() {
        return ApiKeys.DESCRIBE_GROUPS;
    }

    @Override
    public CompletionStage<DescribeGroupsResponseData> handle(
            RequestContext context, DescribeGroupsRequestData request) {
        return groups.describeGroups(
                        context.toKafka(), request.groups().stream().distinct().toList())
                .thenApply(described -> {
                    if (request.includeAuthorizedOperations()) {
                        described.stream()
                                .filter(group -> group.errorCode() == Errors.NONE.code())
                                .forEach(group -> group.setAuthorizedOperations(AuthorizedOperations.ALL_ON_GROUP));
                    }
                    return new DescribeGroupsResponseData().setGroups(described);
                });
    }
}
