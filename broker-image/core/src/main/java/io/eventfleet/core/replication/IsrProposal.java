// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.replication;

import io.eventfleet.core.log.TopicPartitionId;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a leader asks the controller for (AlterPartition, KIP-497): another set of in-sync replicas. Granted ones come
 * back as metadata with a higher partition epoch, never as an answer.
 *
 * @param id the partition
 * @param leaderEpoch epoch in which the sender leads
 * @param partitionEpoch epoch of the line that the proposal changes; any other makes it invalid
 * @param isr the members wanted, each with the broker epoch that the leader vouches for (KIP-903)
 */
public record IsrProposal(TopicPartitionId id, int leaderEpoch, int partitionEpoch, SortedMap<Integer, Long> isr) {

    public IsrProposal {
        isr = Collections.unmodifiableSortedMap(new TreeMap<>(isr));
    }
}
