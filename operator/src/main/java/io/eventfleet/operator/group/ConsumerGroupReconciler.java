// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.operator.group;

import io.eventfleet.api.contract.Annotations;
import io.eventfleet.api.contract.Conditions;
import io.eventfleet.api.contract.Conditions.Reason;
import io.eventfleet.api.v1alpha1.ConsumerGroup;
import io.eventfleet.api.v1alpha1.ConsumerGroupStatus;
import io.eventfleet.api.v1alpha1.EventCluster;
import io.eventfleet.operator.OperatorSettings;
import io.eventfleet.operator.broker.BrokerAdmin;
import io.eventfleet.operator.broker.BrokerAdmin.GroupObservation.Found;
import io.eventfleet.operator.broker.BrokerAdmin.GroupObservation.Missing;
import io.eventfleet.operator.broker.BrokerAdmin.GroupObservation.Unavailable;
import io.eventfleet.operator.cluster.dependent.ClusterDependents;
import io.eventfleet.operator.status.StatusPatches;
import io.eventfleet.operator.status.Verdict;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.ErrorStatusUpdateControl;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import java.time.Clock;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Shows a declared consumer group as its brokers describe it, by looking at a fixed interval. */
@ControllerConfiguration(name = "consumergroup", fieldManager = ClusterDependents.FIELD_MANAGER)
public class ConsumerGroupReconciler implements Reconciler<ConsumerGroup> {
    private final BrokerAdmin brokers;
    private final OperatorSettings settings;
    private final Clock clock;
    private final LagPace pace;

    ConsumerGroupReconciler(BrokerAdmin brokers, OperatorSettings settings, Clock clock) {
        this.brokers = brokers;
        this.settings = settings;
        this.clock = clock;
        this.pace = new LagPace(settings.group().lagInterval());
    }

    @Override
    public List<EventSource<?, ConsumerGroup>> prepareEventSources(EventSourceContext<ConsumerGroup> context) {
        return GroupEventSources.of(context, brokers::forget);
    }

    @Override
    public UpdateControl<ConsumerGroup> reconcile(ConsumerGroup group, Context<ConsumerGroup> context) {
        var statuses = new GroupStatuses(group, clock.instant());
        if (Annotations.isTrue(group.getMetadata().getAnnotations(), Annotations.PAUSED)) {
            return publish(group, statuses.withoutObservation(Verdict.paused(), true));
        }
        var status =
                status(group, context.getSecondaryResource(EventCluster.class).orElse(null), statuses);
        return publish(group, status).rescheduleAfter(settings.group().interval());
    }

    private ConsumerGroupStatus status(ConsumerGroup group, @Nullable EventCluster cluster, GroupStatuses statuses) {
        if (cluster == null) {
            return statuses.withoutObservation(
                    Verdict.stalled(
                            Reason.ClusterNotFound,
                            "there is no EventCluster '" + group.getSpec().cluster() + "' in this namespace"),
                    false);
        }
        var bootstrap = cluster.getStatus() == null ? null : cluster.getStatus().bootstrap();
        if (bootstrap == null || !isServing(cluster)) {
            return statuses.withoutObservation(
                    Verdict.unknown(Reason.ClusterNotReady, "the EventCluster does not serve yet"), true);
        }
        return switch (brokers.observeGroup(bootstrap, group.groupId())) {
            case Missing missing ->
                statuses.withoutObservation(
                        Verdict.progressing(
                                Reason.GroupNotFound, "no client has joined the group or committed an offset"),
                        false);
            case Unavailable unavailable ->
                statuses.withoutObservation(Verdict.unknown(Reason.ClusterNotReady, unavailable.reason()), true);
            case Found found -> observed(group, found, statuses);
        };
    }

    private ConsumerGroupStatus observed(ConsumerGroup group, Found found, GroupStatuses statuses) {
        var id = ResourceID.fromResource(group);
        var stored = group.getStatus() == null ? null : group.getStatus().lag();
        var now = clock.instant();
        var held = pace.holds(id, stored, GroupStatuses.lag(found), now);
        var status = statuses.of(found, held);
        if (!held && status.lag() != null && !status.lag().equals(stored)) {
            pace.changed(id, now);
        }
        return status;
    }

    @Override
    public ErrorStatusUpdateControl<ConsumerGroup> updateErrorStatus(
            ConsumerGroup group, Context<ConsumerGroup> context, Exception failure) {
        var verdict = Verdict.unknown(Reason.ReconcileFailed, StatusPatches.describe(failure));
        var status = new GroupStatuses(group, clock.instant()).withoutObservation(verdict, true);
        return status.equals(group.getStatus())
                ? ErrorStatusUpdateControl.noStatusUpdate()
                : ErrorStatusUpdateControl.patchStatus(StatusPatches.of(group, status));
    }

    private static UpdateControl<ConsumerGroup> publish(ConsumerGroup group, ConsumerGroupStatus status) {
        return status.equals(group.getStatus())
                ? UpdateControl.noUpdate()
                : UpdateControl.patchStatus(StatusPatches.of(group, status));
    }

    /** Some broker serves; whether all do is not the group's business. */
    private static boolean isServing(EventCluster cluster) {
        var ready = cluster.getStatus().readyReplicas();
        return ready != null
                && ready > 0
                && cluster.getStatus().conditions().stream()
                        .anyMatch(condition -> condition.getType().equals(Conditions.READY));
    }
}
