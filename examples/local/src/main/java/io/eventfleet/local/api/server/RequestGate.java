// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.api.server;

import io.eventfleet.local.api.status.ApiFailure;
import java.time.Duration;
import java.util.List;

/** Stands between the network and the verbs, and decides what becomes of each request: a healthy API serves them all. */
@FunctionalInterface
public interface RequestGate {
    /** A healthy API. */
    RequestGate OPEN = (method, path) -> new Serve(Duration.ZERO);

    /** What becomes of a request. */
    sealed interface Treatment {}

    /** It is served, after a while. */
    record Serve(Duration delay) implements Treatment {}

    /** It is answered with a failure; nothing is done. */
    record Refuse(ApiFailure failure) implements Treatment {}

    /** It is done, and the connection ends before the answer. */
    record LoseAnswer() implements Treatment {}

    /** The connection ends; nothing is done. */
    record Drop() implements Treatment {}

    /**
     * Called on the thread of the request.
     *
     * @param path segments of the path, decoded
     */
    Treatment judge(String method, List<String> path);
}
