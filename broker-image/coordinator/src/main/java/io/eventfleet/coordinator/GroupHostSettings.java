// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.coordinator;

import java.util.Map;

/**
 * How a host is set up.
 *
 * @param brokerId this broker
 * @param maxBatchBytes largest record batch that {@code __consumer_offsets} accepts
 * @param coordinatorSettings Kafka's {@code group.*}, {@code offsets.*} and {@code offset.*} settings by their names;
 *     what is absent has Kafka's default
 */
public record GroupHostSettings(int brokerId, int maxBatchBytes, Map<String, String> coordinatorSettings) {
    public GroupHostSettings {
        coordinatorSettings = Map.copyOf(coordinatorSettings);
    }
}
