// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.cluster.port;

import io.eventfleet.core.admin.ReplicaAdmin.Election;
import io.eventfleet.core.cluster.ClusterEvent;
import io.eventfleet.core.cluster.image.Endpoint;
import io.eventfleet.core.cluster.message.Envelope;
import io.eventfleet.core.cluster.message.ReplicaTarget;
import io.eventfleet.core.log.TopicPartitionId;
import io.eventfleet.core.replication.IsrProposal;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;

/** What happens to a node, besides answers of the store. */
public sealed interface NodeEvent extends ClusterEvent {

    /** The first event of a process; disk facts were given at construction. */
    record Started() implements NodeEvent {}

    /** Time has passed; sent at the latest at the machine's next deadline. */
    record Tick() implements NodeEvent {}

    /** A message arrived. */
    record Received(Envelope envelope) implements NodeEvent {}

    /** How a peer could not be reached. */
    enum PeerFailure {
        /** An established connection ended (FIN or RST). Says nothing about the process. */
        CLOSED,
        /** The peer's host refused the connection: nobody listens there. */
        REFUSED
    }

    /**
     * A connection for sending to this address failed. Timeouts are not reported: silence is judged by the core.
     *
     * @param attemptedAt when the attempt that was refused began, or when the connection ended; in the time of the cores.
     *     A refusal proves nothing about a process that was heard later than that
     */
    record PeerFailed(int brokerId, Endpoint address, PeerFailure failure, long attemptedAt) implements NodeEvent {}

    /**
     * What replication hears of other brokers.
     *
     * @param heardAt when a fetch of a follower, or a leader's answer to one, came last, by broker id; in the time of the
     *     cores
     */
    record PeersHeard(SortedMap<Integer, Long> heardAt) implements NodeEvent {

        public PeersHeard {
            heardAt = Collections.unmodifiableSortedMap(new TreeMap<>(heardAt));
        }
    }

    /** The storage makes no progress although something waits for it, or makes progress again (S23). */
    record StorageStalled(boolean stalled) implements NodeEvent {}

    /** A {@link NodeEffect.Persist} is durable. A failed one stops the process instead. */
    record Persisted(long persistId) implements NodeEvent {}

    /** All data of the topic is durably gone from this disk; answers {@link NodeEffect.PurgeTopic}. */
    record TopicPurged(UUID topicId) implements NodeEvent {}

    /** The data of the topic could not be removed; {@link NodeEffect.PurgeTopic} comes again after a while. */
    record TopicPurgeFailed(UUID topicId) implements NodeEvent {}

    /** A client needs producer ids. */
    record ProducerIdsWanted(long requestId) implements NodeEvent {}

    /** A client needs an internal topic such as {@code __consumer_offsets}. */
    record InternalTopicWanted(String topicName) implements NodeEvent {}

    /** The replica's data is durably gone from this disk; answers {@link NodeEffect.DropReplica}. */
    record ReplicaGone(DroppedReplica replica) implements NodeEvent {}

    /** The replica's data could not be removed; {@link NodeEffect.DropReplica} comes again after a while. */
    record ReplicaDropFailed(DroppedReplica replica) implements NodeEvent {}

    /** An administrator moves replicas. Answered by {@link NodeEffect.ReplicaChangeDone}. */
    record ReassignmentWanted(long requestId, List<ReplicaTarget> targets) implements NodeEvent {

        public ReassignmentWanted {
            targets = List.copyOf(targets);
        }
    }

    /** An administrator elects leaders. Answered by {@link NodeEffect.ReplicaChangeDone}. */
    record ElectionWanted(long requestId, Election election, List<TopicPartitionId> partitions) implements NodeEvent {

        public ElectionWanted {
            partitions = List.copyOf(partitions);
        }
    }

    /** Nobody waits for the outcome of a change of replicas or leaders any more; it may happen all the same. */
    record ReplicaChangeAbandoned(long requestId) implements NodeEvent {}

    /**
     * A leader on this broker wants other in-sync replicas. Answered by {@link NodeEffect.ProposalEnded}.
     *
     * @param number given by the shell, growing
     */
    record IsrProposed(long number, IsrProposal proposal) implements NodeEvent {}

    /** The process was asked to end (SIGTERM). */
    record ShutdownRequested() implements NodeEvent {}

    /** Answers {@link NodeEffect.CloseLogs}: every log is closed and synced. */
    record LogsClosed() implements NodeEvent {}
}
