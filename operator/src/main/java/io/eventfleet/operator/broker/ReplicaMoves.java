// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.operator.broker;

import io.eventfleet.operator.balance.BrokerPlace;
import io.eventfleet.operator.balance.Spot;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Moves of replicas, asked of the brokers of a cluster. Blocking, for a bounded time; any thread. */
public interface ReplicaMoves {
    /**
     * Looks which brokers can be given replicas.
     *
     * @param bootstrap where the cluster is reached first: host:port
     */
    Sight look(String bootstrap);

    /**
     * Begins moves. They go on without anybody waiting; asking again for what is under way changes nothing.
     *
     * @param targets broker ids wanted of each partition, the preferred leader first
     * @return what the brokers say against them, of one that they refused; empty when all are begun
     */
    Optional<String> begin(String bootstrap, Map<Spot, List<Integer>> targets);

    /** What was seen. */
    sealed interface Sight {
        /**
         * The brokers do not answer.
         *
         * @param reason for people
         */
        record Unavailable(String reason) implements Sight {}

        /**
         * They answered.
         *
         * @param serving brokers that clients may use
         */
        record Seen(List<BrokerPlace> serving) implements Sight {
            public Seen {
                serving = List.copyOf(serving);
            }
        }
    }
}
