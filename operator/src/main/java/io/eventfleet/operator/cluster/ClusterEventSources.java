// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.operator.cluster;

import io.eventfleet.api.contract.Labels;
import io.eventfleet.api.contract.Names;
import io.eventfleet.api.v1alpha1.EventCluster;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Watches objects that belong to a cluster by label and not by owner: they outlive it. */
final class ClusterEventSources {
    private ClusterEventSources() {}

    static <R extends HasMetadata> EventSource<?, EventCluster> labelled(
            Class<R> type, EventSourceContext<EventCluster> context) {
        return new InformerEventSource<>(
                InformerEventSourceConfiguration.from(type, EventCluster.class)
                        .withLabelSelector(Labels.CLUSTER)
                        .withSecondaryToPrimaryMapper(ClusterEventSources::clusterOf)
                        .build(),
                context);
    }

    /** Leases are renewed every few seconds; only a change of the holder is news. */
    static EventSource<?, EventCluster> controllerLease(Class<Lease> type, EventSourceContext<EventCluster> context) {
        return new InformerEventSource<>(
                InformerEventSourceConfiguration.from(type, EventCluster.class)
                        .withLabelSelector(Labels.CLUSTER)
                        .withGenericFilter(ClusterEventSources::isOfController)
                        .withOnUpdateFilter((now, before) -> !Objects.equals(holder(now), holder(before)))
                        .withSecondaryToPrimaryMapper(lease -> isOfController(lease) ? clusterOf(lease) : Set.of())
                        .build(),
                context);
    }

    private static boolean isOfController(Lease lease) {
        var cluster = lease.getMetadata().getLabels().get(Labels.CLUSTER);
        return cluster != null && lease.getMetadata().getName().equals(Names.controllerLease(cluster));
    }

    private static @Nullable String holder(Lease lease) {
        return lease.getSpec() == null ? null : lease.getSpec().getHolderIdentity();
    }

    private static Set<ResourceID> clusterOf(HasMetadata object) {
        var cluster = object.getMetadata().getLabels().get(Labels.CLUSTER);
        return cluster == null
                ? Set.of()
                : Set.of(new ResourceID(cluster, object.getMetadata().getNamespace()));
    }
}
