// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.operator.topic;

import io.eventfleet.api.contract.Labels;
import io.eventfleet.api.meta.v1alpha1.PartitionShard;
import io.eventfleet.api.v1alpha1.EventCluster;
import io.eventfleet.api.v1alpha1.Topic;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.IndexerResourceCache;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** What makes a Topic worth another look: its cluster, and the shards that mention it. */
final class TopicEventSources {
    private static final String BY_CLUSTER = "cluster";

    private TopicEventSources() {}

    static List<EventSource<?, Topic>> of(EventSourceContext<Topic> context) {
        var topics = context.getPrimaryCache();
        topics.addIndexers(Map.of(BY_CLUSTER, topic -> List.of(key(topic))));
        return List.of(clusters(topics, context), shards(topics, context));
    }

    /** Topics that declare the same topic name of the same cluster. */
    static Collection<Topic> declaring(Topic topic, Context<Topic> context) {
        return context.getPrimaryCache().byIndex(BY_CLUSTER, key(topic)).stream()
                .filter(other -> other.topicName().equals(topic.topicName()))
                .toList();
    }

    private static EventSource<?, Topic> clusters(
            IndexerResourceCache<Topic> topics, EventSourceContext<Topic> context) {
        return new InformerEventSource<>(
                InformerEventSourceConfiguration.from(EventCluster.class, Topic.class)
                        .withSecondaryToPrimaryMapper(cluster -> named(
                                topics,
                                cluster.getMetadata().getNamespace(),
                                cluster.getMetadata().getName(),
                                topic -> true))
                        .withPrimaryToSecondaryMapper((Topic topic) -> Set.of(new ResourceID(
                                topic.getSpec().cluster(), topic.getMetadata().getNamespace())))
                        // Topics depend on what a cluster declares, and not on how it is doing.
                        .withOnUpdateFilter((now, before) -> now.isMarkedForDeletion()
                                || !now.getMetadata()
                                        .getGeneration()
                                        .equals(before.getMetadata().getGeneration()))
                        .build(),
                context);
    }

    private static EventSource<?, Topic> shards(IndexerResourceCache<Topic> topics, EventSourceContext<Topic> context) {
        var changes = new ShardChanges();
        return new InformerEventSource<>(
                InformerEventSourceConfiguration.from(PartitionShard.class, Topic.class)
                        .withLabelSelector(Labels.CLUSTER)
                        .withSecondaryToPrimaryMapper(shard -> {
                            var cluster = shard.getMetadata().getLabels().get(Labels.CLUSTER);
                            var uids = changes.changedBy(shard);
                            return uids.isEmpty() || cluster == null
                                    ? Set.of()
                                    : named(
                                            topics,
                                            shard.getMetadata().getNamespace(),
                                            cluster,
                                            topic -> uids.contains(
                                                    topic.getMetadata().getUid()));
                        })
                        .withPrimaryToSecondaryMapper((Topic topic) -> changes.shardsOf(
                                topic.getMetadata().getNamespace(),
                                topic.getSpec().cluster()))
                        .build(),
                context);
    }

    private static Set<ResourceID> named(
            IndexerResourceCache<Topic> topics, String namespace, String cluster, Predicate<Topic> which) {
        return topics.byIndex(BY_CLUSTER, namespace + "/" + cluster).stream()
                .filter(which)
                .map(ResourceID::fromResource)
                .collect(Collectors.toSet());
    }

    private static String key(Topic topic) {
        var cluster = topic.getSpec() == null ? "" : topic.getSpec().cluster();
        return topic.getMetadata().getNamespace() + "/" + cluster;
    }
}
