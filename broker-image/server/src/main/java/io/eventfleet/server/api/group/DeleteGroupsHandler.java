// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.api.group;

import io.eventfleet.coordinator.Groups;
import io.eventfleet.protocol.RequestContext;
import io.eventfleet.server.api.ApiHandler;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.DeleteGroupsRequestData;
import org.apache.kafka.common.message.DeleteGroupsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;

/** DeleteGroups: groups without members, with their offsets. */
final class DeleteGroupsHandler implements ApiHandler<DeleteGroupsRequestData, DeleteGroupsResponseData> {
    private final Groups groups;

    DeleteGroupsHandler(Groups groups) {
        this.groups = groups;
    }

    @Override
    public ApiKeys key() {
        return ApiKeys.DELETE_GROUPS;
    }

    @Override
    public CompletionStage<DeleteGroupsResponseData> handle(RequestContext context, DeleteGroupsRequestData request) {
        return groups.deleteGroups(
                        context.toKafka(),
                        request.groupsNames().stream().distinct().toList())
                .thenApply(results -> new DeleteGroupsResponseData().setResults(results));
    }
}
