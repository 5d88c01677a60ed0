// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.operator.cluster.dependent;

import io.eventfleet.api.v1alpha1.EventCluster;
import io.eventfleet.operator.cluster.model.ClusterModel;
import io.javaoperatorsdk.operator.api.reconciler.Context;

/** How the model of a pass reaches the dependents, and what they have in common. */
public final class ClusterDependents {
    /** The one field manager of everything that the operator applies. */
    public static final String FIELD_MANAGER = "eventfleet-operator";

    /** Selects the objects that the operator made. */
    static final String SELECTOR = "app.kubernetes.io/managed-by=eventfleet-operator";

    private ClusterDependents() {}

    /** Gives the model of this pass to the dependents. */
    public static void provide(Context<EventCluster> context, ClusterModel model) {
        context.managedWorkflowAndDependentResourceContext().put(ClusterModel.class, model);
    }

    static ClusterModel model(Context<EventCluster> context) {
        return context.managedWorkflowAndDependentResourceContext()
                .getMandatory(ClusterModel.class, ClusterModel.class);
    }
}
