// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.cluster.transport;

import java.time.Duration;

/**
 * Limits and timers of the connections between brokers.
 *
 * @param probeInterval how often the end that opened a connection asks for a sign of life
 * @param probeTimeout after how long without an answer it gives the connection up
 * @param idleTimeout after how long without any frame an accepted connection is closed
 * @param connectTimeout limit of one attempt to connect, and of the name resolution before it
 * @param firstRetryDelay for how long nothing is tried after a failed attempt; doubled for each further one
 * @param maxRetryDelay longest such pause
 * @param maxFrameBytes longest frame accepted; a longer one closes the connection
 * @param maxQueuedBytes bytes that may wait for a slow receiver before its connection is closed
 * @param maxQueuedMessages messages that may wait for a connection that is being opened; the oldest are dropped
 */
public record TransportSettings(
        Duration probeInterval,
        Duration probeTimeout,
        Duration idleTimeout,
        Duration connectTimeout,
        Duration firstRetryDelay,
        Duration maxRetryDelay,
        int maxFrameBytes,
        int maxQueuedBytes,
        int maxQueuedMessages) {

    private static final int MIB = 1 << 20;

    /** Signs of life every second, given up after 6 s; frames to 32 MiB, enough for all shards of a large cluster. */
    public static TransportSettings standard() {
        return new TransportSettings(
                Duration.ofSeconds(1),
                Duration.ofSeconds(6),
                Duration.ofSeconds(30),
                Duration.ofSeconds(2),
                Duration.ofMillis(50),
                Duration.ofSeconds(1),
                32 * MIB,
                64 * MIB,
                256);
    }
}
