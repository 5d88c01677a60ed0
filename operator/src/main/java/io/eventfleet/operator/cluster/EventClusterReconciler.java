// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.operator.cluster;

import io.eventfleet.api.contract.Annotations;
import io.eventfleet.api.contract.Conditions.Reason;
import io.eventfleet.api.meta.v1alpha1.ClusterMeta;
import io.eventfleet.api.meta.v1alpha1.PartitionShard;
import io.eventfleet.api.v1alpha1.EventCluster;
import io.eventfleet.operator.OperatorSettings;
import io.eventfleet.operator.cluster.ClusterIdentity.Step;
import io.eventfleet.operator.cluster.dependent.BootstrapServiceDependentResource;
import io.eventfleet.operator.cluster.dependent.BrokerConfigDependentResource;
import io.eventfleet.operator.cluster.dependent.BrokerDisruptionBudgetDependentResource;
import io.eventfleet.operator.cluster.dependent.BrokerRoleBindingDependentResource;
import io.eventfleet.operator.cluster.dependent.BrokerRoleDependentResource;
import io.eventfleet.operator.cluster.dependent.BrokerServiceAccountDependentResource;
import io.eventfleet.operator.cluster.dependent.BrokerStatefulSetDependentResource;
import io.eventfleet.operator.cluster.dependent.ClusterDependents;
import io.eventfleet.operator.cluster.dependent.HeadlessServiceDependentResource;
import io.eventfleet.operator.status.StatusPatches;
import io.eventfleet.operator.status.Verdict;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.ErrorStatusUpdateControl;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.api.reconciler.Workflow;
import io.javaoperatorsdk.operator.api.reconciler.dependent.Dependent;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import java.time.Clock;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns an EventCluster into brokers: validate, give it an identity, apply its children, move replicas, tell its state. */
@ControllerConfiguration(name = "eventcluster", fieldManager = ClusterDependents.FIELD_MANAGER)
@Workflow(
        explicitInvocation = true,
        dependents = {
            @Dependent(name = "service-account", type = BrokerServiceAccountDependentResource.class),
            @Dependent(name = "role", type = BrokerRoleDependentResource.class),
            @Dependent(
                    name = "role-binding",
                    type = BrokerRoleBindingDependentResource.class,
                    dependsOn = {"service-account", "role"}),
            @Dependent(name = "config", type = BrokerConfigDependentResource.class),
            @Dependent(name = "headless-service", type = HeadlessServiceDependentResource.class),
            @Dependent(name = "bootstrap-service", type = BootstrapServiceDependentResource.class),
            @Dependent(name = "disruption-budget", type = BrokerDisruptionBudgetDependentResource.class),
            @Dependent(
                    name = "brokers",
                    type = BrokerStatefulSetDependentResource.class,
                    dependsOn = {"role-binding", "config", "headless-service"})
        })
public class EventClusterReconciler implements Reconciler<EventCluster> {
    private static final Logger LOG = LoggerFactory.getLogger(EventClusterReconciler.class);

    private final ClusterMetadata metadata;
    private final ReplicaScaling scaling;
    private final OperatorSettings settings;
    private final Clock clock;

    EventClusterReconciler(ClusterMetadata metadata, ReplicaScaling scaling, OperatorSettings settings, Clock clock) {
        this.metadata = metadata;
        this.scaling = scaling;
        this.settings = settings;
        this.clock = clock;
    }

    @Override
    public List<EventSource<?, EventCluster>> prepareEventSources(EventSourceContext<EventCluster> context) {
        return List.of(
                ClusterEventSources.labelled(PartitionShard.class, context),
                ClusterEventSources.labelled(ClusterMeta.class, context),
                ClusterEventSources.controllerLease(Lease.class, context));
    }

    @Override
    public UpdateControl<EventCluster> reconcile(EventCluster cluster, Context<EventCluster> context) {
        var snapshot = ClusterSnapshot.of(cluster, context);
        if (Annotations.isTrue(cluster.getMetadata().getAnnotations(), Annotations.PAUSED)) {
            return publish(cluster, snapshot, Verdict.paused());
        }
        var refusal = ClusterValidation.refusal(cluster);
        if (refusal.isPresent()) {
            return publish(cluster, snapshot, ClusterStatus.refused(snapshot, refusal.get()));
        }
        return switch (ClusterIdentity.next(metadata.facts(cluster), ClusterIds::random)) {
            case Step.Refused step -> publish(cluster, snapshot, step.verdict());
            case Step.RecordId step ->
                again(cluster, snapshot, new ClusterStatus.Identity(step.clusterId(), false, version()));
            case Step.CreateRoot step -> {
                metadata.createRoot(cluster, step.clusterId(), step.rebuild());
                LOG.atInfo()
                        .addKeyValue("cluster", cluster.getMetadata().getName())
                        .addKeyValue("clusterId", step.clusterId())
                        .addKeyValue("rebuild", step.rebuild())
                        .log("cluster metadata created");
                yield again(cluster, snapshot, new ClusterStatus.Identity(step.clusterId(), true, version()));
            }
            case Step.RecordCreated step ->
                again(cluster, snapshot, new ClusterStatus.Identity(step.clusterId(), true, version()));
            case Step.Settled step -> apply(cluster, snapshot, step.clusterId(), context);
        };
    }

    private UpdateControl<EventCluster> apply(
            EventCluster cluster, ClusterSnapshot before, String clusterId, Context<EventCluster> context) {
        var plan = ClusterPlan.of(cluster, before, clusterId, settings.broker().image());
        ClusterDependents.provide(context, plan.model());
        context.managedWorkflowAndDependentResourceContext()
                .reconcileManagedWorkflow()
                .throwAggregateExceptionIfErrorsPresent();
        var after = ClusterSnapshot.of(cluster, context);
        var step = scaling.advance(cluster, after, plan.model().bootstrap());
        var control = publish(cluster, after, ClusterStatus.verdict(after, plan, step), step);
        return step instanceof ScalingStep.Moving || step instanceof ScalingStep.Waiting
                ? control.rescheduleAfter(settings.scaling().interval())
                : control;
    }

    @Override
    public ErrorStatusUpdateControl<EventCluster> updateErrorStatus(
            EventCluster cluster, Context<EventCluster> context, Exception failure) {
        var verdict = Verdict.unknown(Reason.ReconcileFailed, StatusPatches.describe(failure));
        var status = new ClusterStatus(
                        cluster, ClusterSnapshot.of(cluster, context), recorded(cluster), clock.instant())
                .with(verdict, null);
        return status.equals(cluster.getStatus())
                ? ErrorStatusUpdateControl.noStatusUpdate()
                : ErrorStatusUpdateControl.patchStatus(StatusPatches.of(cluster, status));
    }

    /** Writes an identity before anything is done with it, and comes back at once. */
    private UpdateControl<EventCluster> again(
            EventCluster cluster, ClusterSnapshot snapshot, ClusterStatus.Identity identity) {
        var verdict = Verdict.progressing(Reason.Applying, "the cluster is being created");
        var status = new ClusterStatus(cluster, snapshot, identity, clock.instant()).with(verdict, null);
        return UpdateControl.patchStatus(StatusPatches.of(cluster, status)).rescheduleAfter(0L);
    }

    private UpdateControl<EventCluster> publish(EventCluster cluster, ClusterSnapshot snapshot, Verdict verdict) {
        return publish(cluster, snapshot, verdict, null);
    }

    private UpdateControl<EventCluster> publish(
            EventCluster cluster, ClusterSnapshot snapshot, Verdict verdict, @Nullable ScalingStep step) {
        var status = new ClusterStatus(cluster, snapshot, recorded(cluster), clock.instant()).with(verdict, step);
        return status.equals(cluster.getStatus())
                ? UpdateControl.noUpdate()
                : UpdateControl.patchStatus(StatusPatches.of(cluster, status));
    }

    private ClusterStatus.Identity recorded(EventCluster cluster) {
        var status = cluster.getStatus();
        return status == null
                ? new ClusterStatus.Identity(null, false, version())
                : new ClusterStatus.Identity(
                        status.clusterId(), Boolean.TRUE.equals(status.metadataCreated()), version());
    }

    private String version() {
        return settings.broker().version();
    }
}
