// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.cluster.image;

import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A registered broker.
 *
 * @param id broker id (the pod's ordinal)
 * @param epoch broker epoch of the registered incarnation
 * @param incarnation random id of the process
 * @param listeners advertised address by listener name
 * @param internal address for the other brokers
 * @param rack failure domain, if known
 * @param state whether clients may use it
 */
public record BrokerInfo(
        int id,
        long epoch,
        UUID incarnation,
        Map<String, Endpoint> listeners,
        Endpoint internal,
        @Nullable String rack,
        BrokerState state) {

    public BrokerInfo {
        listeners = Map.copyOf(listeners);
    }

    /** Life cycle of a registration. */
    public enum BrokerState {
        FENCED,
        UNFENCED,
        SHUTTING_DOWN,
        RETIRED
    }
}
