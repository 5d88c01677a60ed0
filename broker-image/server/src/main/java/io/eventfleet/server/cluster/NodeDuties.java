// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.cluster;

import io.eventfleet.core.cluster.port.NodeEffect.Role;
import io.eventfleet.core.log.TopicPartitionId;
import java.util.SortedMap;
import java.util.UUID;
import java.util.concurrent.CompletionStage;

/** What a cluster node asks of the rest of its broker. Called on the node's thread: implementations must not block. */
public interface NodeDuties {

    /** Deletes all data of a topic on this disk, durably; the topic has no leader here any more. */
    CompletionStage<Void> purgeTopic(UUID topicId);

    /** Deletes the data of a replica that this broker does not hold any more, durably. May be asked again. */
    CompletionStage<Void> dropReplica(TopicPartitionId id);

    /** Stops serving clients and makes everything that the logs hold durable. Facts of the broker can still be written. */
    CompletionStage<Void> closeLogs();

    /** The broker is, or is no longer, registered, unfenced and in possession of the metadata. */
    void readyChanged(boolean ready);

    /** The node's role in the control plane changed. */
    void roleChanged(Role role, int controllerEpoch);

    /** When replication heard other brokers last, by id, on the clock of {@link System#nanoTime}. Asked often. */
    SortedMap<Integer, Long> peersHeard();

    /** True while the storage makes no progress although something waits for it. Asked often. */
    boolean storageStalled();

    /** This broker hears neither store nor controller, or hears one again: it may lead no more without knowing (S19). */
    void aloneChanged(boolean alone);

    /** The process must end at once; the reason is for people. */
    void halt(String reason);
}
