// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.operator.cluster.dependent;

import io.eventfleet.api.v1alpha1.EventCluster;
import io.eventfleet.operator.cluster.model.BrokerAccess;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.javaoperatorsdk.operator.api.config.informer.Informer;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.processing.dependent.kubernetes.CRUDKubernetesDependentResource;
import io.javaoperatorsdk.operator.processing.dependent.kubernetes.KubernetesDependent;

/** Gives the brokers their rights. */
@KubernetesDependent(informer = @Informer(labelSelector = ClusterDependents.SELECTOR))
public class BrokerRoleBindingDependentResource extends CRUDKubernetesDependentResource<RoleBinding, EventCluster> {
    /** Created by the framework. */
    public BrokerRoleBindingDependentResource() {
        super(RoleBinding.class);
    }

    @Override
    protected RoleBinding desired(EventCluster cluster, Context<EventCluster> context) {
        return BrokerAccess.roleBinding(ClusterDependents.model(context).owner());
    }
}
