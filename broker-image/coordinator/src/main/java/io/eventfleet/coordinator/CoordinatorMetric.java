// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.coordinator;

import java.util.Map;

/**
 * One number that the coordinator reports about itself.
 *
 * @param name Kafka's name of it
 * @param tags what it is about
 * @param value at the moment of the snapshot
 */
public record CoordinatorMetric(String name, Map<String, String> tags, double value) {
    public CoordinatorMetric {
        tags = Map.copyOf(tags);
    }
}
