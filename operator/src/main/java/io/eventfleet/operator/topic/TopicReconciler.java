// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.operator.topic;

import io.eventfleet.api.contract.Annotations;
import io.eventfleet.api.contract.Conditions.Reason;
import io.eventfleet.api.contract.Finalizers;
import io.eventfleet.api.contract.Labels;
import io.eventfleet.api.contract.Names;
import io.eventfleet.api.meta.v1alpha1.ClusterMeta;
import io.eventfleet.api.meta.v1alpha1.PartitionShard;
import io.eventfleet.api.v1alpha1.EventCluster;
import io.eventfleet.api.v1alpha1.Topic;
import io.eventfleet.operator.cluster.OffsetsReplicas;
import io.eventfleet.operator.cluster.dependent.ClusterDependents;
import io.eventfleet.operator.shard.PlacedTopic;
import io.eventfleet.operator.shard.ShardView;
import io.eventfleet.operator.status.StatusPatches;
import io.eventfleet.operator.status.Verdict;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.javaoperatorsdk.operator.api.reconciler.Cleaner;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.DeleteControl;
import io.javaoperatorsdk.operator.api.reconciler.ErrorStatusUpdateControl;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells how a Topic is doing, and keeps a deleted one until its partitions are closed. The partitions themselves belong to the brokers. */
@ControllerConfiguration(
        name = "topic",
        finalizerName = Finalizers.TOPIC,
        fieldManager = ClusterDependents.FIELD_MANAGER)
public class TopicReconciler implements Reconciler<Topic>, Cleaner<Topic> {
    /** A younger rival learns by looking again that the elder is gone; nothing else tells it, nor that brokers serve. */
    private static final Duration LOOK_AGAIN_INTERVAL = Duration.ofSeconds(10);

    private static final Duration CLOSING_INTERVAL = Duration.ofSeconds(2);

    private static final Logger LOG = LoggerFactory.getLogger(TopicReconciler.class);

    private final Clock clock;

    TopicReconciler(Clock clock) {
        this.clock = clock;
    }

    @Override
    public List<EventSource<?, Topic>> prepareEventSources(EventSourceContext<Topic> context) {
        return TopicEventSources.of(context);
    }

    @Override
    public UpdateControl<Topic> reconcile(Topic topic, Context<Topic> context) {
        var snapshot = snapshot(topic, context);
        keepOffsetsReplicated(topic, snapshot.cluster(), context);
        var verdict = Annotations.isTrue(topic.getMetadata().getAnnotations(), Annotations.PAUSED)
                ? Verdict.paused()
                : TopicVerdict.of(topic, snapshot);
        var status = TopicStatuses.of(topic, snapshot.placed(), verdict, clock.instant());
        UpdateControl<Topic> control = status.equals(topic.getStatus())
                ? UpdateControl.noUpdate()
                : UpdateControl.patchStatus(StatusPatches.of(topic, status));
        return verdict.reason() == Reason.TopicNameTaken || OffsetsReplicas.isFor(topic.topicName())
                ? control.rescheduleAfter(LOOK_AGAIN_INTERVAL)
                : control;
    }

    @Override
    public DeleteControl cleanup(Topic topic, Context<Topic> context) {
        var client = context.getClient();
        var namespace = topic.getMetadata().getNamespace();
        var cluster = topic.getSpec().cluster();
        var root = client.resources(ClusterMeta.class)
                .inNamespace(namespace)
                .withName(Names.clusterMeta(cluster))
                .get();
        // Caches may be behind the lines that keep this resource: read them from the API server.
        var shards = client.resources(PartitionShard.class)
                .inNamespace(namespace)
                .withLabel(Labels.CLUSTER, cluster)
                .list()
                .getItems();
        var placed = ShardView.of(shards).ownedBy(topic.getMetadata().getUid()).orElse(null);
        return TopicDeletion.mayVanish(clusterOf(context), root != null, placed)
                ? DeleteControl.defaultDelete()
                : DeleteControl.noFinalizerRemoval().rescheduleAfter(CLOSING_INTERVAL.toMillis());
    }

    @Override
    public ErrorStatusUpdateControl<Topic> updateErrorStatus(Topic topic, Context<Topic> context, Exception failure) {
        var verdict = Verdict.unknown(Reason.ReconcileFailed, StatusPatches.describe(failure));
        var status = TopicStatuses.of(topic, placed(topic, context), verdict, clock.instant());
        return status.equals(topic.getStatus())
                ? ErrorStatusUpdateControl.noStatusUpdate()
                : ErrorStatusUpdateControl.patchStatus(StatusPatches.of(topic, status));
    }

    /** Only the one field is written, and only if the resource is still as it was seen. */
    private static void keepOffsetsReplicated(Topic topic, @Nullable EventCluster cluster, Context<Topic> context) {
        if (cluster == null
                || !OffsetsReplicas.isFor(topic.topicName())
                || Annotations.isTrue(topic.getMetadata().getAnnotations(), Annotations.PAUSED)) {
            return;
        }
        OffsetsReplicas.change(cluster, topic.getSpec().replicationFactor()).ifPresent(replicas -> {
            LOG.atInfo()
                    .addKeyValue("topic", topic.topicName())
                    .addKeyValue("replicas", replicas)
                    .log("changing the replicas of the groups' offsets");
            context.getClient()
                    .resource(topic)
                    .patch(
                            PatchContext.of(PatchType.JSON_MERGE),
                            "{\"metadata\":{\"resourceVersion\":\""
                                    + topic.getMetadata().getResourceVersion()
                                    + "\"},\"spec\":{\"replicationFactor\":" + replicas + "}}");
        });
    }

    private static TopicSnapshot snapshot(Topic topic, Context<Topic> context) {
        var elder = TopicRivals.elder(topic, TopicEventSources.declaring(topic, context));
        return new TopicSnapshot(clusterOf(context), placed(topic, context), elder);
    }

    private static @Nullable EventCluster clusterOf(Context<Topic> context) {
        return context.getSecondaryResource(EventCluster.class).orElse(null);
    }

    private static @Nullable PlacedTopic placed(Topic topic, Context<Topic> context) {
        return ShardView.of(context.getSecondaryResources(PartitionShard.class))
                .ownedBy(topic.getMetadata().getUid())
                .orElse(null);
    }
}
