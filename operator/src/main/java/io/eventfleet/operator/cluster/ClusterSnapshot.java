// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.operator.cluster;

import io.eventfleet.api.contract.Names;
import io.eventfleet.api.meta.v1alpha1.PartitionShard;
import io.eventfleet.api.v1alpha1.EventCluster;
import io.eventfleet.operator.shard.ShardView;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What exists of a cluster at the moment of a pass. Immutable.
 *
 * @param brokers the StatefulSet; null when there is none
 * @param controller pod of the controller; null when no broker holds the Lease
 * @param shards topics and partitions
 */
record ClusterSnapshot(
        @Nullable StatefulSet brokers, @Nullable String controller, ShardView shards) {
    static ClusterSnapshot of(EventCluster cluster, Context<EventCluster> context) {
        return new ClusterSnapshot(
                context.getSecondaryResource(StatefulSet.class).orElse(null),
                context.getSecondaryResourcesAsStream(Lease.class)
                        .findFirst()
                        .flatMap(lease -> holder(cluster.getMetadata().getName(), lease))
                        .orElse(null),
                ShardView.of(context.getSecondaryResources(PartitionShard.class)));
    }

    /** Brokers that the StatefulSet is to run; 0 when there is none. */
    int runningReplicas() {
        return brokers == null ? 0 : brokers.getSpec().getReplicas();
    }

    /** Size in the volume template, which cannot change; null when there is none. */
    @Nullable
    Quantity templateStorageSize() {
        if (brokers == null) {
            return null;
        }
        return brokers.getSpec().getVolumeClaimTemplates().stream()
                .filter(claim -> Names.dataVolume().equals(claim.getMetadata().getName()))
                .map(claim -> claim.getSpec().getResources().getRequests().get("storage"))
                .findFirst()
                .orElse(null);
    }

    /** A holder is written as broker id, pod uid and incarnation, divided by slashes. */
    private static Optional<String> holder(String cluster, Lease lease) {
        var identity = lease.getSpec() == null ? null : lease.getSpec().getHolderIdentity();
        if (identity == null || !identity.matches("\\d{1,9}/.*")) {
            return Optional.empty();
        }
        return Optional.of(Names.brokerPod(cluster, Integer.parseInt(identity.substring(0, identity.indexOf('/')))));
    }
}
