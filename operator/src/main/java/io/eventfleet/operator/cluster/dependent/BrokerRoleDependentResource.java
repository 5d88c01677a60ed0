// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.operator.cluster.dependent;

import io.eventfleet.api.v1alpha1.EventCluster;
import io.eventfleet.operator.cluster.model.BrokerAccess;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.javaoperatorsdk.operator.api.config.informer.Informer;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.processing.dependent.kubernetes.CRUDKubernetesDependentResource;
import io.javaoperatorsdk.operator.processing.dependent.kubernetes.KubernetesDependent;

/** Applies the rights of the brokers. */
@KubernetesDependent(informer = @Informer(labelSelector = ClusterDependents.SELECTOR))
public class BrokerRoleDependentResource extends CRUDKubernetesDependentResource<Role, EventCluster> {
    /** Created by the framework. */
    public BrokerRoleDependentResource() {
        super(Role.class);
    }

    @Override
    protected Role desired(EventCluster cluster, Context<EventCluster> context) {
        return BrokerAccess.role(
                ClusterDependents.model(context).owner(),
                ClusterDependents.model(context).brokers().replicas());
    }
}
