// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.api.group;

import io.eventfleet.coordinator.Groups;
import io.eventfleet.protocol.RequestContext;
import io.eventfleet.server.api.ApiHandler;
import io.eventfleet.server.api.AuthorizedOperations;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.ConsumerGroupDescribeRequestData;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/** ConsumerGroupDescribe: groups of the consumer protocol with their members (KIP-848). */
final class ConsumerGroupDescribeHandler
        implements ApiHandler<ConsumerGroupDescribeRequestData, ConsumerGroupDescribeResponseData> {
    private final Groups groups;

    ConsumerGroupDescribeHandler(Groups groups) {
        this.groups = groups;
    }

    @Override
    public ApiKeys key() {
        return ApiKeys.CONSUMER_GROUP_DESCRIBE;
    }

    @Override
    public CompletionStage<ConsumerGroupDescribeResponseData> handle(
            RequestContext context, ConsumerGroupDescribeRequestData request) {
        return groups.consumerGroupDescribe(
                        context.toKafka(),
                        request.groupIds().stream().distinct().toList())
                .thenApply(described -> {
                    if (request.includeAuthorizedOperations()) {
                        described.stream()
                                .filter(group -> group.errorCode() == Errors.NONE.code())
                                .forEach(group -> group.setAuthorizedOperations(AuthorizedOperations.ALL_ON_GROUP));
                    }
                    return new ConsumerGroupDescribeResponseData().setGroups(described);
                });
    }
}
