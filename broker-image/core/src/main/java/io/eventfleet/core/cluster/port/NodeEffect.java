// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.cluster.port;

import io.eventfleet.core.cluster.ClusterEffect;
import io.eventfleet.core.cluster.image.ClusterImage;
import io.eventfleet.core.cluster.image.Endpoint;
import io.eventfleet.core.cluster.message.Envelope;
import io.eventfleet.core.cluster.message.PartitionOutcome;
import io.eventfleet.core.replication.IsrRefusal;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What a node is asked to do, besides requests to the store. */
public sealed interface NodeEffect extends ClusterEffect {

    /** Sends a message over this node's own connection to the address, opening it if need be. Best effort. */
    record Send(Endpoint to, Envelope envelope) implements NodeEffect {}

    /**
     * Writes and removes keys of the broker's own durable facts in one synced batch; an empty value removes the key.
     * Answered by {@link NodeEvent.Persisted}. Batches are written in the order of the effects.
     */
    record Persist(long persistId, SortedMap<String, byte[]> changes) implements NodeEffect {

        public Persist {
            changes = Collections.unmodifiableSortedMap(new TreeMap<>(changes));
        }
    }

    /** Publishes what this broker knows. Where it may not lead (yet), the image shows no leader. */
    record InstallImage(ClusterImage image) implements NodeEffect {}

    /** The broker is, or is no longer, registered, unfenced and in possession of the metadata. */
    record ReadyChanged(boolean ready) implements NodeEffect {}

    /**
     * This broker hears, or hears again, neither the store nor a controller (S19): it may have been replaced as a leader
     * without knowing. Whether it still hears the followers of a partition is for replication to say.
     */
    record AloneChanged(boolean alone) implements NodeEffect {}

    /** Deletes all data of a topic on this disk. Answered by {@link NodeEvent.TopicPurged}, also if there is none. May come again. */
    record PurgeTopic(UUID topicId) implements NodeEffect {}

    /**
     * Deletes the data of a former replica on this disk. Answered by {@link NodeEvent.ReplicaGone}, also if there is none.
     * May come again.
     */
    record DropReplica(DroppedReplica replica) implements NodeEffect {}

    /** Every partition of an administrator's request has an outcome. */
    record ReplicaChangeDone(long requestId, List<PartitionOutcome> outcomes) implements NodeEffect {

        public ReplicaChangeDone {
            outcomes = List.copyOf(outcomes);
        }
    }

    /** Answers {@link NodeEvent.ProducerIdsWanted}: ids from {@code first} to {@code first + count - 1}. */
    record ProducerIdsGranted(long requestId, long first, int count) implements NodeEffect {}

    /**
     * A proposal of {@link NodeEvent.IsrProposed} is not repeated any more.
     *
     * @param refusal why the controller did not grant it, or null if the metadata moved past it or another replaced it
     */
    record ProposalEnded(long number, @Nullable IsrRefusal refusal) implements NodeEffect {}

    /** Whether the controller is here and says that it can write. False at first. */
    record ControllerWritable(boolean writable) implements NodeEffect {}

    /** Stops serving and closes all logs, synced. Answered by {@link NodeEvent.LogsClosed}. */
    record CloseLogs() implements NodeEffect {}

    /** The controlled shutdown is complete: the process may end. */
    record ShutdownComplete() implements NodeEffect {}

    /** The process must end at once, with this reason for people. */
    record Halt(String reason) implements NodeEffect {}

    /** Roles of a node in the control plane. */
    enum Role {
        FOLLOWER,
        /** Holds the controller Lease and is claiming the metadata. */
        CLAIMING,
        CONTROLLER,
        /** Controller that cannot reach the store. */
        READ_ONLY_CONTROLLER,
        /** Controller that found the store older than the brokers, or incomplete. */
        SAFE_MODE
    }

    /** The node's role changed; for metrics, logs and health. */
    record RoleChanged(Role role, int controllerEpoch) implements NodeEffect {}

    /** How much a report matters. */
    enum Severity {
        INFO,
        WARN,
        ERROR
    }

    /** Something an operator would put on a time line. The event is a lower-case phrase; values are in the keys. */
    record Report(Severity severity, String event, SortedMap<String, String> keys) implements NodeEffect {

        public Report {
            keys = Collections.unmodifiableSortedMap(new TreeMap<>(keys));
        }
    }
}
