// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.api.group;

import io.eventfleet.coordinator.Groups;
import io.eventfleet.protocol.RequestContext;
import io.eventfleet.server.api.ApiHandler;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.protocol.ApiKeys;

/** ConsumerGroupHeartbeat: everything a member of a consumer-protocol group says and is told (KIP-848). */
final class ConsumerGroupHeartbeatHandler
        implements ApiHandler<ConsumerGroupHeartbeatRequestData, ConsumerGroupHeartbeatResponseData> {
    private final Groups groups;

    ConsumerGroupHeartbeatHandler(Groups groups) {
        this.groups = groups;
    }

    @Override
    public ApiKeys key() {
        return ApiKeys.CONSUMER_GROUP_HEARTBEAT;
    }

    @Override
    public CompletionStage<ConsumerGroupHeartbeatResponseData> handle(
            RequestContext context, ConsumerGroupHeartbeatRequestData request) {
        return groups.consumerGroupHeartbeat(context.toKafka(), request);
    }
}
