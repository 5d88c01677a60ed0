// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.api;

import io.eventfleet.protocol.RequestContext;
import io.eventfleet.protocol.VersionRange;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

/**
 * Answers one API: translates, authorises, delegates, translates back. Has no state but its collaborators.
 *
 * @param <Q> the generated request message of the key
 * @param <R> the generated response message of the key
 */
public interface ApiHandler<Q extends ApiMessage, R extends ApiMessage> {

    /** The API that this handler answers. */
    ApiKeys key();

    /** The versions it answers: everything stable that the message library reads, unless narrowed. */
    default VersionRange versions() {
        return VersionRange.allOf(key());
    }

    /**
     * Answers a request. Called on a network thread, so it must not block; the stage may complete on any thread.
     * Responses leave in request order, whatever the order in which stages complete.
     *
     * @return the answer in the version of the context, or a stage that yields null when the protocol wants no answer
     *     (Produce with acks=0). A failed stage is answered with the error that its exception maps to, in every part of
     *     the response.
     */
    CompletionStage<R> handle(RequestContext context, Q request);
}
