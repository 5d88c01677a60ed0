// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.api;

import io.eventfleet.protocol.RequestContext;
import io.eventfleet.protocol.VersionRange;
import io.eventfleet.protocol.VersionTable;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

/** Which handler answers which API. The version table that clients see is derived from it. Immutable. */
public final class HandlerRegistry {
    private final Map<ApiKeys, ApiHandler<ApiMessage, ApiMessage>> handlers = new EnumMap<>(ApiKeys.class);
    private final VersionTable versions;

    /** Two handlers for one key are refused with IllegalArgumentException. */
    @SuppressWarnings("unchecked")
    public HandlerRegistry(Collection<? extends ApiHandler<?, ?>> all) {
        var ranges = new EnumMap<ApiKeys, VersionRange>(ApiKeys.class);
        for (var handler : all) {
            if (ranges.put(handler.key(), handler.versions()) != null) {
                throw new IllegalArgumentException("two handlers for " + handler.key());
            }
            // The key decides the generated message types on both sides, so the reader never hands over another type.
            handlers.put(handler.key(), (ApiHandler<ApiMessage, ApiMessage>) handler);
        }
        versions = new VersionTable(ranges);
    }

    public VersionTable versions() {
        return versions;
    }

    /** Lets the handler of the context's key answer; an exception becomes a failed stage. */
    public CompletionStage<ApiMessage> handle(RequestContext context, ApiMessage request) {
        var handler = handlers.get(context.apiKey());
        if (handler == null) {
            throw new IllegalStateException("no handler for " + context.apiKey());
        }
        try {
            return handler.handle(context, request);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }
}
