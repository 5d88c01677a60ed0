// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.api.admin;

import io.eventfleet.config.TopicCreationSettings;
import io.eventfleet.core.cluster.image.BrokerInfo;
import io.eventfleet.core.cluster.image.BrokerInfo.BrokerState;
import io.eventfleet.core.cluster.image.ClusterImage;
import io.eventfleet.core.cluster.image.PartitionInfo;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Checks lists of brokers that a client chose for the replicas of a partition. Pure. */
final class ReplicaLists {
    private final Set<Integer> registered;

    private ReplicaLists(Set<Integer> registered) {
        this.registered = registered;
    }

    /** Checks against the brokers of this image; retired ones are none any more. */
    static ReplicaLists of(ClusterImage image) {
        return new ReplicaLists(image.brokers().values().stream()
                .filter(broker -> broker.state() != BrokerState.RETIRED)
                .map(BrokerInfo::id)
                .collect(Collectors.toUnmodifiableSet()));
    }

    /** Brokers that a replica may be given to, whether they are up or not. */
    int brokers() {
        return registered.size();
    }

    /** What is wrong with the list; empty if nothing is. */
    Optional<String> problem(int partition, List<Integer> brokers) {
        if (brokers.isEmpty()) {
            return Optional.of("The manual partition assignment of partition " + partition + " is empty.");
        }
        if (new HashSet<>(brokers).size() != brokers.size()) {
            return Optional.of("The manual partition assignment of partition " + partition + " names a broker twice: "
                    + brokers + ".");
        }
        if (brokers.size() > TopicCreationSettings.MAX_REPLICATION_FACTOR) {
            return Optional.of("The manual partition assignment of partition " + partition + " has " + brokers.size()
                    + " replicas; a partition can have " + TopicCreationSettings.MAX_REPLICATION_FACTOR + ".");
        }
        return brokers.stream()
                .filter(broker -> !registered.contains(broker))
                .findFirst()
                .map(broker -> "The manual partition assignment includes broker " + broker
                        + ", but no such broker is registered.");
    }

    /** Replicas that a partition has, or will have when its reassignment is finished. */
    static int settledCount(PartitionInfo partition) {
        return partition.replicas().size() - partition.removing().size();
    }
}
