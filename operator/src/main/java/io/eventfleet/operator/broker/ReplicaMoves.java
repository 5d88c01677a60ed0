// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.operator.broker;

import io.eventfleet.operator.balance.BrokerPlace;
import io.eventfleet.operator.balance.Spot;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Moves of replicas, asked of the brokers of a cluster. Blocking, for a bounded time; any thread. */
public interface ReplicaMoves {
    /**
     * Looks at the brokers and at the moves that are under way.
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

    /** Gives leadership back to preferred leaders that are in sync; what cannot be given back stays where it is. */
    void electPreferred(String bootstrap, Set<Spot> partitions);

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
         * @param moving partitions whose replicas are being moved, with the replicas they will have
         */
        record Seen(List<BrokerPlace> serving, Map<Spot, List<Integer>> moving) implements Sight {
            public Seen {
                serving = List.copyOf(serving);
                moving = Map.copyOf(moving);
            }
        }
    }
}
