// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.operator.topic;

import io.eventfleet.api.contract.Conditions.Reason;
import io.eventfleet.api.contract.ShardTopic.State;
import io.eventfleet.api.v1alpha1.EventCluster;
import io.eventfleet.api.v1alpha1.Topic;
import io.eventfleet.config.ConfigProblem;
import io.eventfleet.config.TopicCreationSettings;
import io.eventfleet.config.TopicNames;
import io.eventfleet.config.TopicSettings;
import io.eventfleet.operator.cluster.model.ClusterDefaults;
import io.eventfleet.operator.shard.PlacedTopic;
import io.eventfleet.operator.status.Verdict;
import java.util.Optional;
import java.util.stream.Collectors;

/** What is said about a Topic. Pure. */
final class TopicVerdict {
    private TopicVerdict() {}

    static Verdict of(Topic topic, TopicSnapshot snapshot) {
        var cluster = snapshot.cluster();
        if (cluster == null) {
            return Verdict.stalled(
                    Reason.ClusterNotFound,
                    "there is no EventCluster '" + topic.getSpec().cluster() + "' in this namespace");
        }
        if (snapshot.elder() != null) {
            return Verdict.stalled(
                    Reason.TopicNameTaken,
                    "the older Topic '" + snapshot.elder() + "' declares topic name '" + topic.topicName() + "'");
        }
        var placed = snapshot.placed();
        return refusal(topic, cluster)
                .orElseGet(() -> placed == null || placed.state() == State.NEW
                        ? ofCreated(topic, cluster)
                        : ofPlaced(topic, cluster, placed));
    }

    private static Verdict ofCreated(Topic topic, EventCluster cluster) {
        var replicas = declaredReplicas(topic, cluster);
        var brokers = brokers(cluster);
        return replicas > brokers
                ? Verdict.stalled(Reason.NotEnoughBrokers, notEnoughBrokers(replicas, brokers))
                : Verdict.progressing(Reason.PartitionsCreating, "waiting for the controller to create the partitions");
    }

    private static Verdict ofPlaced(Topic topic, EventCluster cluster, PlacedTopic placed) {
        if (placed.state() != State.OPEN) {
            return Verdict.progressing(Reason.Deleting, "the partitions are " + placed.state());
        }
        var declared = declaredPartitions(topic, cluster);
        var explicit = topic.getSpec().partitions();
        if (explicit != null && explicit < placed.partitionCount()) {
            return new Verdict(
                    placed.leaders() == placed.partitionCount() ? Verdict.Phase.READY_STALLED : Verdict.Phase.STALLED,
                    Reason.PartitionsShrink,
                    explicit + " partitions are declared and " + placed.partitionCount()
                            + " exist: partitions can only grow");
        }
        if (placed.leaders() < placed.partitionCount()) {
            return Verdict.progressing(
                    Reason.PartitionsOffline,
                    placed.partitionCount() - placed.leaders() + " of " + placed.partitionCount()
                            + " partitions have no leader");
        }
        if (explicit != null && placed.partitionCount() < declared) {
            return new Verdict(
                    Verdict.Phase.READY_PROGRESSING,
                    Reason.PartitionsCreating,
                    placed.partitionCount() + " of " + declared + " partitions exist");
        }
        return replication(topic, cluster, placed)
                .orElseGet(() -> Verdict.ready(placed.partitionCount()
                        + (placed.partitionCount() == 1 ? " partition has" : " partitions have") + " a leader"));
    }

    /** What is missing of the replicas of a topic that serves. */
    private static Optional<Verdict> replication(Topic topic, EventCluster cluster, PlacedTopic placed) {
        var declared = declaredReplicas(topic, cluster);
        var brokers = brokers(cluster);
        if (declared > brokers) {
            return Optional.of(new Verdict(
                    Verdict.Phase.READY_STALLED, Reason.NotEnoughBrokers, notEnoughBrokers(declared, brokers)));
        }
        var moving = placed.moving(declared);
        if (moving > 0) {
            return Optional.of(new Verdict(
                    Verdict.Phase.READY_PROGRESSING,
                    Reason.Moving,
                    "replicas of " + moving + " of " + placed.partitionCount() + " partitions are being moved"));
        }
        var missing = placed.underReplicated();
        return missing == 0
                ? Optional.empty()
                : Optional.of(new Verdict(
                        Verdict.Phase.READY_PROGRESSING,
                        Reason.UnderReplicated,
                        missing + " of " + placed.partitionCount() + " partitions have a replica that is not in sync"));
    }

    private static String notEnoughBrokers(int replicas, int brokers) {
        return replicas + " replicas are declared and the cluster has " + brokers
                + (brokers == 1 ? " broker" : " brokers");
    }

    private static Optional<Verdict> refusal(Topic topic, EventCluster cluster) {
        var badName = TopicNames.validate(topic.topicName());
        if (badName != null) {
            return Optional.of(Verdict.stalled(Reason.InvalidSpec, badName));
        }
        var partitions = topic.getSpec().partitions();
        if (partitions != null && partitions < 1) {
            return Optional.of(Verdict.stalled(Reason.InvalidSpec, "partitions must be at least 1"));
        }
        var replicas = topic.getSpec().replicationFactor();
        if (replicas != null && (replicas < 1 || replicas > TopicCreationSettings.MAX_REPLICATION_FACTOR)) {
            return Optional.of(Verdict.stalled(
                    Reason.InvalidSpec,
                    "replicationFactor must be between 1 and " + TopicCreationSettings.MAX_REPLICATION_FACTOR + ", not "
                            + replicas));
        }
        var problems = TopicSettings.validate(topic.getSpec().config());
        return problems.isEmpty()
                ? Optional.empty()
                : Optional.of(Verdict.stalled(
                        Reason.InvalidConfig,
                        problems.stream()
                                .map(ConfigProblem::toString)
                                .collect(Collectors.joining("; ", "spec.config: ", ""))));
    }

    private static int brokers(EventCluster cluster) {
        return cluster.getSpec() == null ? 1 : ClusterDefaults.replicas(cluster.getSpec());
    }

    private static int declaredReplicas(Topic topic, EventCluster cluster) {
        var explicit = topic.getSpec().replicationFactor();
        if (explicit != null) {
            return explicit;
        }
        return cluster.getSpec() == null ? 1 : ClusterDefaults.topicReplicas(cluster.getSpec());
    }

    private static int declaredPartitions(Topic topic, EventCluster cluster) {
        var explicit = topic.getSpec().partitions();
        if (explicit != null) {
            return explicit;
        }
        return cluster.getSpec() == null ? 1 : ClusterDefaults.topicPartitions(cluster.getSpec());
    }
}
