// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.api.metadata;

import io.eventfleet.protocol.ErrorCodes;
import io.eventfleet.protocol.RequestContext;
import io.eventfleet.protocol.VersionTable;
import io.eventfleet.server.api.ApiHandler;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.ApiVersionsResponseData.FinalizedFeatureKey;
import org.apache.kafka.common.message.ApiVersionsResponseData.SupportedFeatureKey;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/**
 * ApiVersions. A request that is newer than this broker is answered in version 0 with the one entry that the client
 * needs to ask again (KIP-511). The only feature said to be in force is the consumer group protocol (KIP-848);
 * {@code transaction.version} would promise transactions.
 */
final class ApiVersionsHandler implements ApiHandler<ApiVersionsRequestData, ApiVersionsResponseData> {
    private static final short FEATURES_VERSION = 3;
    private static final String GROUP_FEATURE = "group.version";
    private static final short GROUP_LEVEL = 1;
    /** As KIP-511 restricts the names and versions of client software. */
    private static final Pattern SOFTWARE = Pattern.compile("[a-zA-Z0-9](?:[a-zA-Z0-9\\-.]*[a-zA-Z0-9])?");

    private final Supplier<VersionTable> versions;

    /** @param versions asked with every request, for the table is derived from all handlers, this one included */
    ApiVersionsHandler(Supplier<VersionTable> versions) {
        this.versions = versions;
    }

    @Override
    public ApiKeys key() {
        return ApiKeys.API_VERSIONS;
    }

    @Override
    public CompletionStage<ApiVersionsResponseData> handle(RequestContext context, ApiVersionsRequestData request) {
        return CompletableFuture.completedFuture(answer(context, request));
    }

    private ApiVersionsResponseData answer(RequestContext context, ApiVersionsRequestData request) {
        if (context.isUnsupportedApiVersions()) {
            return new ApiVersionsResponseData()
                    .setErrorCode(Errors.UNSUPPORTED_VERSION.code())
                    .setApiKeys(versions.get().apiVersionsEntry());
        }
        if (context.apiVersion() >= FEATURES_VERSION && !isIntroduced(request)) {
            return new ApiVersionsResponseData()
                    .setErrorCode(ErrorCodes.code(io.eventfleet.core.KafkaError.INVALID_REQUEST));
        }
        var response = new ApiVersionsResponseData().setApiKeys(versions.get().toApiVersions());
        if (context.apiVersion() >= FEATURES_VERSION) {
            response.supportedFeatures()
                    .add(new SupportedFeatureKey()
                            .setName(GROUP_FEATURE)
                            .setMinVersion((short) 0)
                            .setMaxVersion(GROUP_LEVEL));
            response.finalizedFeatures()
                    .add(new FinalizedFeatureKey()
                            .setName(GROUP_FEATURE)
                            .setMinVersionLevel(GROUP_LEVEL)
                            .setMaxVersionLevel(GROUP_LEVEL));
            response.setFinalizedFeaturesEpoch(0);
        }
        return response;
    }

    private static boolean isIntroduced(ApiVersionsRequestData request) {
        return SOFTWARE.matcher(request.clientSoftwareName()).matches()
                && SOFTWARE.matcher(request.clientSoftwareVersion()).matches();
    }
}
