// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server;

import io.eventfleet.core.cluster.port.NodeEffect.Role;
import io.eventfleet.core.log.LogStore;
import io.eventfleet.core.log.TopicPartitionId;
import io.eventfleet.server.cluster.NodeDuties;
import io.eventfleet.server.partition.PartitionRegistry;
import io.eventfleet.server.partition.ReplicaContacts;
import java.time.Duration;
import java.util.Objects;
import java.util.SortedMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** What the cluster node asks of the rest of the broker. Thread-safe. */
final class BrokerDuties implements NodeDuties {
    private final LogStore logs;
    private final Duration drainTimeout;
    private volatile @Nullable PartitionRegistry partitions;
    private final ReplicaContacts contacts;
    private volatile @Nullable DataPlane dataPlane;
    private volatile boolean ready;
    private volatile boolean stopping;
    private volatile Role role = Role.FOLLOWER;
    private volatile int controllerEpoch;

    BrokerDuties(LogStore logs, ReplicaContacts contacts, Duration drainTimeout) {
        this.logs = logs;
        this.contacts = contacts;
        this.drainTimeout = drainTimeout;
    }

    /** Must be called before the node starts. */
    void serveWith(PartitionRegistry registry, DataPlane plane) {
        partitions = registry;
        dataPlane = plane;
    }

    @Override
    public CompletionStage<Void> purgeTopic(UUID topicId) {
        return Objects.requireNonNull(partitions).purge(topicId);
    }

    @Override
    public CompletionStage<Void> dropReplica(TopicPartitionId id) {
        return Objects.requireNonNull(partitions).drop(id);
    }

    @Override
    public CompletionStage<Void> closeLogs() {
        stopping = true;
        var done = new CompletableFuture<Void>();
        // Draining waits for clients, which the node's thread must not.
        Thread.ofPlatform().name("drain").start(() -> {
            try {
                var plane = dataPlane;
                if (plane != null) {
                    plane.drain(drainTimeout);
                }
                done.complete(null);
            } catch (RuntimeException e) {
                done.completeExceptionally(e);
            }
        });
        // The clean marker that follows promises that nothing of any shard is missing.
        return done.thenCompose(drained -> logs.sync());
    }

    @Override
    public void readyChanged(boolean isReady) {
        ready = isReady;
        var plane = dataPlane;
        if (isReady && plane != null) {
            plane.open();
        }
    }

    @Override
    public void roleChanged(Role newRole, int epoch) {
        role = newRole;
        controllerEpoch = epoch;
    }

    @Override
    public SortedMap<Integer, Long> peersHeard() {
        return contacts.heardAt();
    }

    @Override
    public boolean storageStalled() {
        return logs.stalled();
    }

    @Override
    public void aloneChanged(boolean alone) {
        contacts.setAlone(alone);
    }

    @Override
    public void halt(String reason) {
        ProcessEnd.halt(ExitCode.HALTED, reason);
    }

    /** Why clients should not be sent here, or null. */
    @Nullable
    String notReady() {
        if (stopping) {
            return "stopping";
        }
        return ready ? null : "not registered, fenced, or without metadata";
    }

    boolean isController() {
        return role != Role.FOLLOWER;
    }

    int controllerEpoch() {
        return controllerEpoch;
    }
}
