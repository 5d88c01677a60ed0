// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.api.admin;

import io.eventfleet.protocol.RequestContext;
import io.eventfleet.server.api.ApiHandler;
import io.eventfleet.server.api.Stages;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterConfigsResource;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData.AlterConfigsResourceResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/** IncrementalAlterConfigs: sets, deletes, appends to and subtracts from single settings of topics (KIP-339). */
final class IncrementalAlterConfigsHandler
        implements ApiHandler<IncrementalAlterConfigsRequestData, IncrementalAlterConfigsResponseData> {
    private final TopicConfigChanges changes;

    IncrementalAlterConfigsHandler(TopicConfigChanges changes) {
        this.changes = changes;
    }

    @Override
    public ApiKeys key() {
        return ApiKeys.INCREMENTAL_ALTER_CONFIGS;
    }

    @Override
    public CompletionStage<IncrementalAlterConfigsResponseData> handle(
            RequestContext context, IncrementalAlterConfigsRequestData request) {
        var answers = request.resources().stream()
                .map(resource -> alter(resource, request.validateOnly())
                        .thenApply(outcome -> new AlterConfigsResourceResponse()
                                .setResourceType(resource.resourceType())
                                .setResourceName(resource.resourceName())
                                .setErrorCode(outcome.error().code())
                                .setErrorMessage(outcome.message())))
                .toList();
        return Stages.inOrder(answers).thenApply(all -> new IncrementalAlterConfigsResponseData().setResponses(all));
    }

    private CompletionStage<Outcome> alter(AlterConfigsResource resource, boolean validateOnly) {
        var all = new ArrayList<TopicConfigChanges.Change>();
        for (var entry : resource.configs()) {
            var operation = OpType.forId(entry.configOperation());
            if (operation == null) {
                return CompletableFuture.completedFuture(Outcome.refused(
                        Errors.INVALID_REQUEST,
                        "Unknown operation " + entry.configOperation() + " for config key " + entry.name()));
            }
            all.add(new TopicConfigChanges.Change(entry.name(), operation, entry.value()));
        }
        return changes.apply(
                new TopicConfigChanges.Request(resource.resourceType(), resource.resourceName(), all),
                false,
                validateOnly);
    }
}
