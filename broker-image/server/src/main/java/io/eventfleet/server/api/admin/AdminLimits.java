// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.api.admin;

import java.time.Duration;

/** How much one administrative request may ask for. */
final class AdminLimits {
    /** Topics that one request may create, delete or grow. */
    static final int MAX_TOPICS_PER_REQUEST = 1_000;

    /** Partitions that one request may create, over all of its topics; Kafka's own bound. */
    static final int MAX_PARTITIONS_PER_REQUEST = 10_000;

    /** Longest time that a request waits for its change to be visible, whatever the client asks for. */
    private static final Duration MAX_WAIT = Duration.ofMinutes(5);

    private AdminLimits() {}

    /** How long to wait for a client that gave this many ms. */
    static Duration wait(int timeoutMs) {
        return Duration.ofMillis(Math.clamp(timeoutMs, 0, MAX_WAIT.toMillis()));
    }
}
