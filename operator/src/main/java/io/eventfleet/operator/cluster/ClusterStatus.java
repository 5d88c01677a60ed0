// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.operator.cluster;

import io.eventfleet.api.contract.Conditions.Reason;
import io.eventfleet.api.contract.Labels;
import io.eventfleet.api.v1alpha1.EventCluster;
import io.eventfleet.api.v1alpha1.EventClusterStatus;
import io.eventfleet.operator.cluster.model.ClusterDefaults;
import io.eventfleet.operator.shard.PlacedTopic;
import io.eventfleet.operator.status.ConditionList;
import io.eventfleet.operator.status.Verdict;
import java.time.Instant;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The status of an EventCluster as a function of what exists. Pure. */
final class ClusterStatus {
    private final EventCluster cluster;
    private final ClusterSnapshot snapshot;
    private final Identity identity;
    private final Instant now;

    /**
     * Who the cluster is, as far as it is decided.
     *
     * @param clusterId identity of its data; null before it has one
     * @param created true once its metadata root exists
     * @param version of the brokers
     */
    record Identity(@Nullable String clusterId, boolean created, String version) {}

    ClusterStatus(EventCluster cluster, ClusterSnapshot snapshot, Identity identity, Instant now) {
        this.cluster = cluster;
        this.snapshot = snapshot;
        this.identity = identity;
        this.now = now;
    }

    /** What follows from the brokers that run, unless a declared change is held. */
    static Verdict verdict(ClusterSnapshot snapshot, ClusterPlan plan) {
        var replicas = plan.model().brokers().replicas();
        var ready = readyReplicas(snapshot);
        if (snapshot.brokers() == null) {
            return Verdict.progressing(Reason.Applying, "brokers are being created");
        }
        if (ready < replicas) {
            return Verdict.progressing(Reason.BrokersStarting, ready + " of " + replicas + " brokers serve");
        }
        if (snapshot.controller() == null) {
            return Verdict.progressing(Reason.BrokersStarting, "no broker is the controller yet");
        }
        if (plan.held() != null) {
            return plan.held();
        }
        return rolledOut(snapshot)
                ? Verdict.ready(replicas + (replicas == 1 ? " broker serves" : " brokers serve"))
                : new Verdict(Verdict.Phase.READY_PROGRESSING, Reason.Applying, "brokers are being updated");
    }

    /** A declaration that cannot be followed does not stop brokers that serve by an earlier one. */
    static Verdict refused(ClusterSnapshot snapshot, Verdict refusal) {
        var running = snapshot.runningReplicas();
        return running > 0 && readyReplicas(snapshot) >= running && snapshot.controller() != null
                ? new Verdict(Verdict.Phase.READY_STALLED, refusal.reason(), refusal.message())
                : refusal;
    }

    /** The status that says so. */
    EventClusterStatus with(Verdict verdict) {
        var stored = cluster.getStatus();
        var generation = cluster.getMetadata().getGeneration();
        var open = snapshot.shards().open();
        var name = cluster.getMetadata().getName();
        return new EventClusterStatus(
                generation,
                ConditionList.after(stored == null ? List.of() : stored.conditions(), generation, now)
                        .with(verdict)
                        .toList(),
                identity.clusterId(),
                identity.created() ? Boolean.TRUE : null,
                snapshot.brokers() == null || snapshot.brokers().getStatus() == null
                        ? Integer.valueOf(0)
                        : orZero(snapshot.brokers().getStatus().getReplicas()),
                readyReplicas(snapshot),
                new TreeMap<>(Labels.brokerSelector(name))
                        .entrySet().stream()
                                .map(label -> label.getKey() + "=" + label.getValue())
                                .collect(Collectors.joining(",")),
                cluster.getSpec() == null
                        ? null
                        : ClusterDefaults.bootstrap(
                                cluster.getMetadata().getNamespace(),
                                name,
                                ClusterDefaults.listeners(cluster.getSpec())
                                        .getFirst()
                                        .port()),
                snapshot.controller(),
                open.stream().mapToInt(PlacedTopic::partitionCount).sum(),
                open.stream().mapToInt(PlacedTopic::underReplicated).sum(),
                stored == null ? null : stored.balancedBrokers(),
                identity.version());
    }

    private static boolean rolledOut(ClusterSnapshot snapshot) {
        var brokers = snapshot.brokers();
        if (brokers == null || brokers.getStatus() == null) {
            return false;
        }
        var status = brokers.getStatus();
        var observed = status.getObservedGeneration();
        var generation = brokers.getMetadata().getGeneration();
        return (observed == null || generation == null || observed >= generation)
                && (status.getUpdateRevision() == null
                        || status.getUpdateRevision().equals(status.getCurrentRevision())
                        || orZero(status.getUpdatedReplicas())
                                >= brokers.getSpec().getReplicas());
    }

    private static int readyReplicas(ClusterSnapshot snapshot) {
        var brokers = snapshot.brokers();
        return brokers == null || brokers.getStatus() == null
                ? 0
                : orZero(brokers.getStatus().getReadyReplicas());
    }

    private static int orZero(@Nullable Integer number) {
        return number == null ? 0 : number;
    }
}
