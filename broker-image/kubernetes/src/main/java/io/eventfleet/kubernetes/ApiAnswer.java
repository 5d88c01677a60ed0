// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;

/** What became of one HTTP attempt: there are no retries below this. */
sealed interface ApiAnswer {

    /**
     * The API server answered.
     *
     * @param code HTTP status
     * @param body parsed JSON, a missing node when there was none
     * @param retryAfter how long the server asks to wait; zero when it did not say
     */
    record Answered(int code, JsonNode body, Duration retryAfter) implements ApiAnswer {

        boolean ok() {
            return code >= 200 && code < 300;
        }

        /** The server's own words, for people. */
        String message() {
            return body.path("message").asText("HTTP " + code);
        }
    }

    /**
     * Nobody knows what happened: time-out, lost connection, or a server error behind which the write may be applied.
     *
     * @param reason for people
     */
    record Silence(String reason) implements ApiAnswer {}
}
