// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.api;

import io.eventfleet.core.cluster.image.BrokerInfo;
import io.eventfleet.core.cluster.image.BrokerInfo.BrokerState;
import io.eventfleet.core.cluster.image.ClusterImage;
import io.eventfleet.core.cluster.image.Endpoint;
import java.util.List;
import java.util.Optional;

/** Where clients of one listener find brokers. */
public final class BrokerAddresses {
    private BrokerAddresses() {}

    /** A broker that clients may use, with its address on a listener. */
    public record Reachable(BrokerInfo broker, Endpoint address) {}

    /** Brokers that clients of the listener may use, by id. */
    public static List<Reachable> of(ClusterImage image, String listener) {
        return image.brokers().keySet().stream()
                .sorted()
                .flatMap(id -> find(image, id, listener).stream())
                .toList();
    }

    /** Those that clients of the listener may not use, in the order given. */
    public static List<Integer> unusable(ClusterImage image, List<Integer> brokerIds, String listener) {
        return brokerIds.stream()
                .filter(id -> find(image, id, listener).isEmpty())
                .toList();
    }

    /** One broker, if clients of the listener may use it. */
    public static Optional<Reachable> find(ClusterImage image, int brokerId, String listener) {
        var broker = image.brokers().get(brokerId);
        if (broker == null || (broker.state() != BrokerState.UNFENCED && broker.state() != BrokerState.SHUTTING_DOWN)) {
            return Optional.empty();
        }
        return Optional.ofNullable(broker.listeners().get(listener)).map(address -> new Reachable(broker, address));
    }
}
