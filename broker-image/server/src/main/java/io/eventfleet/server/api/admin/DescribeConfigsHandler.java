// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.api.admin;

import io.eventfleet.config.DescribedSetting;
import io.eventfleet.protocol.RequestContext;
import io.eventfleet.server.api.ApiHandler;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.DescribeConfigsRequestData;
import org.apache.kafka.common.message.DescribeConfigsRequestData.DescribeConfigsResource;
import org.apache.kafka.common.message.DescribeConfigsResponseData;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResourceResult;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResult;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsSynonym;
import org.apache.kafka.common.protocol.ApiKeys;

/** DescribeConfigs of topics and of this broker. Types and documentation come with version 3. */
final class DescribeConfigsHandler implements ApiHandler<DescribeConfigsRequestData, DescribeConfigsResponseData> {
    private final DescribedResources resources;

    DescribeConfigsHandler(DescribedResources resources) {
        this.resources = resources;
    }

    @Override
    public ApiKeys key() {
        return ApiKeys.DESCRIBE_CONFIGS;
    }

    @Override
    public CompletionStage<DescribeConfigsResponseData> handle(
            RequestContext context, DescribeConfigsRequestData request) {
        return CompletableFuture.completedFuture(new DescribeConfigsResponseData()
                .setResults(request.resources().stream()
                        .map(resource -> describe(resource, request))
                        .toList()));
    }

    private DescribeConfigsResult describe(DescribeConfigsResource resource, DescribeConfigsRequestData request) {
        var result = new DescribeConfigsResult()
                .setResourceType(resource.resourceType())
                .setResourceName(resource.resourceName());
        return switch (resources.describe(resource.resourceType(), resource.resourceName())) {
            case DescribedResources.Description.Refused no ->
                result.setErrorCode(no.why().error().code())
                        .setErrorMessage(no.why().message());
            case DescribedResources.Description.Found found ->
                result.setConfigs(found.settings().stream()
                        .filter(setting -> isWanted(setting, resource))
                        .map(setting -> entry(setting, request))
                        .toList());
        };
    }

    private static boolean isWanted(DescribedSetting setting, DescribeConfigsResource resource) {
        var keys = resource.configurationKeys();
        return keys == null || keys.isEmpty() || keys.contains(setting.name());
    }

    private static DescribeConfigsResourceResult entry(DescribedSetting setting, DescribeConfigsRequestData request) {
        var entry = new DescribeConfigsResourceResult()
                .setName(setting.name())
                .setValue(setting.value())
                .setReadOnly(setting.readOnly())
                .setConfigSource(ConfigCodes.source(setting.source()))
                .setConfigType(ConfigCodes.type(setting.type()));
        if (request.includeSynonyms()) {
            entry.setSynonyms(setting.synonyms().stream()
                    .map(synonym -> new DescribeConfigsSynonym()
                            .setName(synonym.name())
                            .setValue(synonym.value())
                            .setSource(ConfigCodes.source(synonym.source())))
                    .toList());
        }
        return request.includeDocumentation() ? entry.setDocumentation(setting.documentation()) : entry;
    }
}
