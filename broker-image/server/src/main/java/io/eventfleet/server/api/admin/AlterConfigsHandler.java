// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.api.admin;

import io.eventfleet.protocol.RequestContext;
import io.eventfleet.server.api.ApiHandler;
import io.eventfleet.server.api.Stages;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.common.message.AlterConfigsRequestData;
import org.apache.kafka.common.message.AlterConfigsRequestData.AlterConfigsResource;
import org.apache.kafka.common.message.AlterConfigsResponseData;
import org.apache.kafka.common.message.AlterConfigsResponseData.AlterConfigsResourceResponse;
import org.apache.kafka.common.protocol.ApiKeys;

/** AlterConfigs: replaces all settings of a topic. Old clients send it; newer ones send IncrementalAlterConfigs. */
final class AlterConfigsHandler implements ApiHandler<AlterConfigsRequestData, AlterConfigsResponseData> {
    private final TopicConfigChanges changes;

    AlterConfigsHandler(TopicConfigChanges changes) {
        this.changes = changes;
    }

    @Override
    public ApiKeys key() {
        return ApiKeys.ALTER_CONFIGS;
    }

    @Override
    public CompletionStage<AlterConfigsResponseData> handle(RequestContext context, AlterConfigsRequestData request) {
        var answers = request.resources().stream()
                .map(resource -> changes.apply(changesOf(resource), true, request.validateOnly())
                        .thenApply(outcome -> new AlterConfigsResourceResponse()
                                .setResourceType(resource.resourceType())
                                .setResourceName(resource.resourceName())
                                .setErrorCode(outcome.error().code())
                                .setErrorMessage(outcome.message())))
                .toList();
        return Stages.inOrder(answers).thenApply(all -> new AlterConfigsResponseData().setResponses(all));
    }

    private static TopicConfigChanges.Request changesOf(AlterConfigsResource resource) {
        return new TopicConfigChanges.Request(
                resource.resourceType(),
                resource.resourceName(),
                resource.configs().stream()
                        .map(entry -> new TopicConfigChanges.Change(entry.name(), OpType.SET, entry.value()))
                        .toList());
    }
}
