// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.operator.group;

import io.eventfleet.api.v1alpha1.ConsumerGroup;
import io.eventfleet.api.v1alpha1.EventCluster;
import io.eventfleet.api.v1alpha1.EventClusterStatus;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What makes a ConsumerGroup worth another look, apart from the passing of time: its cluster appears, starts to serve, or goes. */
final class GroupEventSources {
    private static final String BY_CLUSTER = "cluster";

    private GroupEventSources() {}

    static List<EventSource<?, ConsumerGroup>> of(
            EventSourceContext<ConsumerGroup> context, Consumer<String> clusterGone) {
        var groups = context.getPrimaryCache();
        groups.addIndexers(Map.of(BY_CLUSTER, group -> List.of(key(group))));
        return List.of(new InformerEventSource<>(
                InformerEventSourceConfiguration.from(EventCluster.class, ConsumerGroup.class)
                        .withSecondaryToPrimaryMapper(cluster -> groups
                                .byIndex(
                                        BY_CLUSTER,
                                        cluster.getMetadata().getNamespace() + "/"
                                                + cluster.getMetadata().getName())
                                .stream()
                                .map(ResourceID::fromResource)
                                .collect(Collectors.toSet()))
                        .withPrimaryToSecondaryMapper((ConsumerGroup group) -> Set.of(new ResourceID(
                                group.getSpec().cluster(), group.getMetadata().getNamespace())))
                        .withOnUpdateFilter((now, before) -> !Objects.equals(serving(now), serving(before)))
                        .withOnDeleteFilter((cluster, finalStateUnknown) -> {
                            var bootstrap = bootstrap(cluster);
                            if (bootstrap != null) {
                                clusterGone.accept(bootstrap);
                            }
                            return true;
                        })
                        .build(),
                context));
    }

    private static @Nullable Integer serving(EventCluster cluster) {
        var status = cluster.getStatus();
        return status == null ? null : status.readyReplicas();
    }

    private static @Nullable String bootstrap(EventCluster cluster) {
        EventClusterStatus status = cluster.getStatus();
        return status == null ? null : status.bootstrap();
    }

    private static String key(ConsumerGroup group) {
        var cluster = group.getSpec() == null ? "" : group.getSpec().cluster();
        return group.getMetadata().getNamespace() + "/" + cluster;
    }
}
