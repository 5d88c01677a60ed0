// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.operator.cluster.dependent;

import io.eventfleet.api.v1alpha1.EventCluster;
import io.eventfleet.operator.cluster.model.BrokerObjects;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.javaoperatorsdk.operator.api.config.informer.Informer;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.processing.dependent.kubernetes.CRUDKubernetesDependentResource;
import io.javaoperatorsdk.operator.processing.dependent.kubernetes.KubernetesDependent;

/** Applies the disruption budget of the brokers. */
@KubernetesDependent(informer = @Informer(labelSelector = ClusterDependents.SELECTOR))
public class BrokerDisruptionBudgetDependentResource
        extends CRUDKubernetesDependentResource<PodDisruptionBudget, EventCluster> {
    /** Created by the framework. */
    public BrokerDisruptionBudgetDependentResource() {
        super(PodDisruptionBudget.class);
    }

    @Override
    protected PodDisruptionBudget desired(EventCluster cluster, Context<EventCluster> context) {
        return BrokerObjects.disruptionBudget(ClusterDependents.model(context));
    }
}
