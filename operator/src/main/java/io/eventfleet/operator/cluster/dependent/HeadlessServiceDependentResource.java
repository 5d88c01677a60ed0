// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.operator.cluster.dependent;

import io.eventfleet.api.v1alpha1.EventCluster;
import io.eventfleet.operator.cluster.model.BrokerObjects;
import io.fabric8.kubernetes.api.model.Service;
import io.javaoperatorsdk.operator.api.config.informer.Informer;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.processing.dependent.kubernetes.CRUDKubernetesDependentResource;
import io.javaoperatorsdk.operator.processing.dependent.kubernetes.KubernetesDependent;

/** Applies the Service that names each broker. */
@KubernetesDependent(informer = @Informer(labelSelector = ClusterDependents.SELECTOR))
public class HeadlessServiceDependentResource extends CRUDKubernetesDependentResource<Service, EventCluster> {
    /** Created by the framework. */
    public HeadlessServiceDependentResource() {
        super(Service.class);
    }

    @Override
    protected Service desired(EventCluster cluster, Context<EventCluster> context) {
        return BrokerObjects.headlessService(ClusterDependents.model(context));
    }
}
