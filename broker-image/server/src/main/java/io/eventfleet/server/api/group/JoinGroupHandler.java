// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.api.group;

import io.eventfleet.coordinator.Groups;
import io.eventfleet.protocol.RequestContext;
import io.eventfleet.server.api.ApiHandler;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.protocol.ApiKeys;

/** JoinGroup. Version 0 has no rebalance timeout; before version 7 the protocol name cannot be null. */
final class JoinGroupHandler implements ApiHandler<JoinGroupRequestData, JoinGroupResponseData> {
    private static final int FIRST_VERSION_WITH_NULL_PROTOCOL_NAME = 7;

    private final Groups groups;

    JoinGroupHandler(Groups groups) {
        this.groups = groups;
    }

    @Override
    public ApiKeys key() {
        return ApiKeys.JOIN_GROUP;
    }

    @Override
    public CompletionStage<JoinGroupResponseData> handle(RequestContext context, JoinGroupRequestData request) {
        if (context.apiVersion() == 0) {
            request.setRebalanceTimeoutMs(request.sessionTimeoutMs());
        }
        return groups.joinGroup(context.toKafka(), request).thenApply(response -> {
            if (context.apiVersion() < FIRST_VERSION_WITH_NULL_PROTOCOL_NAME && response.protocolName() == null) {
                response.setProtocolName("");
            }
            return response;
        });
    }
}
