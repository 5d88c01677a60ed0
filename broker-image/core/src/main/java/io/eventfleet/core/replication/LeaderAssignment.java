// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.replication;

import io.eventfleet.core.cluster.image.BrokerInfo.BrokerState;
import io.eventfleet.core.cluster.image.ClusterImage;
import io.eventfleet.core.cluster.image.PartitionInfo;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What the metadata says to the leader of one partition. The line comes from one version of one shard; the peers come
 * from the registry, which is written independently.
 *
 * @param self broker id of the leader
 * @param selfEpoch broker epoch under which it serves
 * @param leaderEpoch epoch in which it leads
 * @param partitionEpoch epoch of the line
 * @param minIsr effective {@code min.insync.replicas}
 * @param replicas in order of preference, the leader included
 * @param isr the committed in-sync replicas
 * @param peers the other replicas as they are registered; an unregistered one is missing
 */
public record LeaderAssignment(
        int self,
        long selfEpoch,
        int leaderEpoch,
        int partitionEpoch,
        int minIsr,
        List<Integer> replicas,
        SortedSet<Integer> isr,
        SortedMap<Integer, Peer> peers) {

    /**
     * A registered broker.
     *
     * @param brokerEpoch epoch of the registered incarnation
     * @param mayJoin true while it is unfenced and not shutting down: others must not enter the in-sync replicas
     */
    public record Peer(long brokerEpoch, boolean mayJoin) {}

    public LeaderAssignment {
        replicas = List.copyOf(replicas);
        isr = Collections.unmodifiableSortedSet(new TreeSet<>(isr));
        peers = Collections.unmodifiableSortedMap(new TreeMap<>(peers));
    }

    /** What an image says to broker {@code self} of a partition that it leads. */
    public static LeaderAssignment of(ClusterImage image, int self, PartitionInfo line) {
        var peers = new TreeMap<Integer, Peer>();
        for (int replica : line.replicas()) {
            var broker = image.brokers().get(replica);
            if (replica != self && broker != null) {
                peers.put(replica, new Peer(broker.epoch(), broker.state() == BrokerState.UNFENCED));
            }
        }
        return new LeaderAssignment(
                self,
                image.selfEpoch(),
                line.leaderEpoch(),
                line.partitionEpoch(),
                line.minIsr(),
                line.replicas(),
                new TreeSet<>(line.isr()),
                peers);
    }

    /** The registered incarnation of another replica. */
    Optional<Peer> peer(int id) {
        return Optional.ofNullable(peers.get(id));
    }

    /** True while fewer replicas are in sync than a commit needs. */
    public boolean isUnderMinIsr() {
        return isr.size() < minIsr;
    }

    /** The same line with newer peers. */
    LeaderAssignment withPeers(long newSelfEpoch, Map<Integer, Peer> newer) {
        return new LeaderAssignment(
                self, newSelfEpoch, leaderEpoch, partitionEpoch, minIsr, replicas, isr, new TreeMap<>(newer));
    }
}
