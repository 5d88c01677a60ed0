// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.operator.cluster;

import io.eventfleet.api.contract.Conditions.Reason;
import io.eventfleet.api.v1alpha1.EventCluster;
import io.eventfleet.operator.cluster.model.ClusterDefaults;
import io.eventfleet.operator.cluster.model.ClusterModel;
import io.eventfleet.operator.status.Verdict;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is applied in a pass, and what of the declaration cannot be. Pure.
 *
 * @param model what the children are made from
 * @param held why a declared change is not made; null when everything is as declared
 */
record ClusterPlan(ClusterModel model, @Nullable Verdict held) {
    static ClusterPlan of(EventCluster cluster, ClusterSnapshot snapshot, String clusterId, String image) {
        var spec = cluster.getSpec();
        var declared = ClusterDefaults.replicas(spec);
        var replicas = Math.max(declared, brokersInUse(snapshot));
        var templateSize = snapshot.templateStorageSize();
        var size = templateSize == null ? spec.storage().size() : templateSize;
        var held = replicas > declared
                ? Optional.of(
                        scaleDownHeld(declared, replicas, snapshot.shards().complete()))
                : storageHeld(spec.storage().size(), size);
        return new ClusterPlan(
                ClusterModel.of(cluster, new ClusterModel.Decisions(clusterId, image, replicas, size)),
                held.orElse(null));
    }

    /**
     * Brokers that must be there, whatever runs now: one that was taken away too early comes back. Ordinals that never
     * existed are not counted, and while not every topic can be read, every broker that runs may be in use.
     */
    private static int brokersInUse(ClusterSnapshot snapshot) {
        var shards = snapshot.shards();
        var existing = Math.max(snapshot.runningReplicas(), shards.highestBrokerKnown() + 1);
        var inUse = Math.min(shards.highestBrokerInUse() + 1, existing);
        return shards.complete() ? inUse : Math.max(inUse, snapshot.runningReplicas());
    }

    private static Verdict scaleDownHeld(int declared, int kept, boolean readable) {
        return new Verdict(
                Verdict.Phase.READY_STALLED,
                Reason.ScaleDownHeld,
                declared + " brokers are declared and " + kept + " are kept: "
                        + (readable
                                ? "brokers up to " + (kept - 1) + " hold partitions"
                                : "which brokers hold partitions cannot be read"));
    }

    private static Optional<Verdict> storageHeld(Quantity declared, Quantity template) {
        return declared.getNumericalAmount().compareTo(template.getNumericalAmount()) == 0
                ? Optional.empty()
                : Optional.of(new Verdict(
                        Verdict.Phase.READY_STALLED,
                        Reason.StorageChangeUnsupported,
                        "volumes were made with " + template + "; this version does not change them to " + declared));
    }
}
