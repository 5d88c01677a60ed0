// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.operator.cluster;

import io.eventfleet.api.contract.Conditions;
import io.eventfleet.api.contract.Conditions.Reason;
import io.eventfleet.api.contract.Labels;
import io.eventfleet.api.v1alpha1.EventCluster;
import io.eventfleet.api.v1alpha1.EventClusterStatus;
import io.eventfleet.operator.cluster.model.ClusterDefaults;
import io.eventfleet.operator.shard.PlacedTopic;
import io.eventfleet.operator.status.ConditionList;
import io.eventfleet.operator.status.Verdict;
import io.fabric8.kubernetes.api.model.Condition;
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
    static Verdict verdict(ClusterSnapshot snapshot, ClusterPlan plan, ScalingStep step) {
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
        return switch (step) {
            case ScalingStep.Refused refused ->
                new Verdict(Verdict.Phase.READY_STALLED, Reason.ScaleDownHeld, refused.message());
            case ScalingStep.Waiting waiting ->
                new Verdict(Verdict.Phase.READY_PROGRESSING, Reason.Moving, waiting.message());
            case ScalingStep.Moving moving ->
                new Verdict(Verdict.Phase.READY_PROGRESSING, Reason.Moving, moving.message());
            case ScalingStep.Settled settled -> ofBrokers(snapshot, plan);
            case ScalingStep.Spread spread -> ofBrokers(snapshot, plan);
        };
    }

    private static Verdict ofBrokers(ClusterSnapshot snapshot, ClusterPlan plan) {
        var replicas = plan.model().brokers().replicas();
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

    /**
     * The status that says so.
     *
     * @param step what is done about replicas; null when nothing was looked at, and what is stored stays
     */
    EventClusterStatus with(Verdict verdict, @Nullable ScalingStep step) {
        var stored = cluster.getStatus();
        var generation = cluster.getMetadata().getGeneration();
        var open = snapshot.shards().open();
        var name = cluster.getMetadata().getName();
        return new EventClusterStatus(
                generation,
                conditions(verdict, step, stored),
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
                step instanceof ScalingStep.Spread && cluster.getSpec() != null
                        ? Integer.valueOf(ClusterDefaults.replicas(cluster.getSpec()))
                        : stored == null ? null : stored.balancedBrokers(),
                identity.version());
    }

    private List<Condition> conditions(
            Verdict verdict, @Nullable ScalingStep step, @Nullable EventClusterStatus stored) {
        var generation = cluster.getMetadata().getGeneration();
        var list = ConditionList.after(stored == null ? List.of() : stored.conditions(), generation, now)
                .with(verdict);
        replicated(list);
        if (step == null) {
            list.keep(Conditions.SCALING);
        } else {
            scaling(list, step);
        }
        return list.toList();
    }

    private void replicated(ConditionList list) {
        var open = snapshot.shards().open();
        var offline = open.stream()
                .mapToInt(topic -> topic.partitionCount() - topic.leaders())
                .sum();
        var missing = open.stream().mapToInt(PlacedTopic::underReplicated).sum();
        if (offline > 0) {
            list.with(
                    Conditions.REPLICATED,
                    "False",
                    Reason.PartitionsOffline,
                    offline + (offline == 1 ? " partition has" : " partitions have") + " no leader");
        } else if (missing > 0) {
            list.with(
                    Conditions.REPLICATED,
                    "False",
                    Reason.UnderReplicated,
                    missing + (missing == 1 ? " partition has" : " partitions have")
                            + " a replica that is not in sync");
        } else {
            list.with(Conditions.REPLICATED, "True", Reason.AsDeclared, "");
        }
    }

    private static void scaling(ConditionList list, ScalingStep step) {
        switch (step) {
            case ScalingStep.Moving moving -> list.with(Conditions.SCALING, "True", Reason.Moving, moving.message());
            case ScalingStep.Waiting waiting -> list.with(Conditions.SCALING, "True", Reason.Moving, waiting.message());
            case ScalingStep.Refused refused ->
                list.with(Conditions.SCALING, "False", Reason.ScaleDownHeld, refused.message());
            case ScalingStep.Settled settled -> list.with(Conditions.SCALING, "False", Reason.AsDeclared, "");
            case ScalingStep.Spread spread -> list.with(Conditions.SCALING, "False", Reason.AsDeclared, "");
        }
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
