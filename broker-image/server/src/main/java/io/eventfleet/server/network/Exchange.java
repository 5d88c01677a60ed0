// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.network;

import io.eventfleet.protocol.RequestContext;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.jspecify.annotations.Nullable;

/** One request and what becomes of it. Confined to the connection's event loop. */
final class Exchange {
    final RequestContext context;
    final RequestBudget.Claim claim;
    final long startedNanos;
    private boolean answered;
    private @Nullable ApiMessage answer;

    Exchange(RequestContext context, RequestBudget.Claim claim, long startedNanos) {
        this.context = context;
        this.claim = claim;
        this.startedNanos = startedNanos;
    }

    /** Only produce requests are worked on side by side: their order is kept by the partition's writer. */
    boolean mayOverlap() {
        return context.apiKey() == ApiKeys.PRODUCE;
    }

    void answer(@Nullable ApiMessage message) {
        answered = true;
        answer = message;
    }

    boolean isAnswered() {
        return answered;
    }

    /** The answer, or null when the protocol wants none. */
    @Nullable
    ApiMessage answer() {
        return answer;
    }
}
