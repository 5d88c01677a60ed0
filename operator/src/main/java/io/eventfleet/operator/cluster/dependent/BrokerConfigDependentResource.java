// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.operator.cluster.dependent;

import io.eventfleet.api.v1alpha1.EventCluster;
import io.eventfleet.operator.cluster.model.BrokerObjects;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.javaoperatorsdk.operator.api.config.informer.Informer;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.processing.dependent.kubernetes.CRUDKubernetesDependentResource;
import io.javaoperatorsdk.operator.processing.dependent.kubernetes.KubernetesDependent;

/** Applies the configuration of the brokers. */
@KubernetesDependent(informer = @Informer(labelSelector = ClusterDependents.SELECTOR))
public class BrokerConfigDependentResource extends CRUDKubernetesDependentResource<ConfigMap, EventCluster> {
    /** Created by the framework. */
    public BrokerConfigDependentResource() {
        super(ConfigMap.class);
    }

    @Override
    protected ConfigMap desired(EventCluster cluster, Context<EventCluster> context) {
        return BrokerObjects.configMap(ClusterDependents.model(context));
    }
}
