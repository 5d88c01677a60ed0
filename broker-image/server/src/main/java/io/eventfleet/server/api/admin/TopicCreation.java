// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.api.admin;

import io.eventfleet.config.TopicCreationSettings;
import io.eventfleet.config.TopicNames;
import io.eventfleet.config.TopicSettings;
import io.eventfleet.coordinator.OffsetsTopic;
import io.eventfleet.core.admin.ClusterAdmin.NewTopic;
import io.eventfleet.core.cluster.image.ClusterImage;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableReplicaAssignment;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.protocol.Errors;

/** Checks one topic of a CreateTopics request against what exists. Pure. */
final class TopicCreation {
    /** A count that is left to the cluster's default. */
    static final int DEFAULT = -1;

    private final ClusterImage image;
    private final ReplicaLists replicaLists;
    private final int defaultReplicationFactor;

    TopicCreation(ClusterImage image, int defaultReplicationFactor) {
        this.image = image;
        this.replicaLists = ReplicaLists.of(image);
        this.defaultReplicationFactor = defaultReplicationFactor;
    }

    /** Whether the topic may be created. */
    sealed interface Verdict {
        record Accepted(NewTopic topic) implements Verdict {}

        record Refused(Outcome why) implements Verdict {}
    }

    Verdict check(CreatableTopic wanted) {
        for (var rule : List.<Rule>of(this::name, this::counts, this::assignment, TopicCreation::settings)) {
            var outcome = rule.check(wanted);
            if (!outcome.isDone()) {
                return new Verdict.Refused(outcome);
            }
        }
        var config = new HashMap<String, String>();
        wanted.configs().forEach(entry -> config.put(entry.name(), entry.value()));
        return new Verdict.Accepted(new NewTopic(
                wanted.name(),
                wanted.numPartitions(),
                wanted.replicationFactor(),
                Map.copyOf(config),
                inOrder(wanted),
                false));
    }

    @FunctionalInterface
    private interface Rule {
        Outcome check(CreatableTopic wanted);
    }

    private Outcome name(CreatableTopic wanted) {
        var illegal = TopicNames.validate(wanted.name());
        if (illegal != null) {
            return Outcome.refused(Errors.INVALID_TOPIC_EXCEPTION, "Topic name is invalid: " + illegal);
        }
        if (wanted.name().equals(OffsetsTopic.NAME)) {
            return Outcome.refused(
                    Errors.INVALID_TOPIC_EXCEPTION,
                    "Topic '" + wanted.name() + "' is internal: it is created when the first group needs it.");
        }
        if (image.topic(wanted.name()).isPresent()) {
            return Outcome.refused(Errors.TOPIC_ALREADY_EXISTS, "Topic '" + wanted.name() + "' already exists.");
        }
        return image.topicsByName().keySet().stream()
                .filter(existing -> TopicNames.collide(existing, wanted.name()))
                .findFirst()
                .map(existing -> Outcome.refused(
                        Errors.INVALID_TOPIC_EXCEPTION,
                        "Topic '" + wanted.name() + "' collides with existing topic: " + existing))
                .orElse(Outcome.DONE);
    }

    private Outcome counts(CreatableTopic wanted) {
        if (!wanted.assignments().isEmpty()) {
            return wanted.numPartitions() == DEFAULT && wanted.replicationFactor() == DEFAULT
                    ? Outcome.DONE
                    : Outcome.refused(
                            Errors.INVALID_REQUEST,
                            "A manual partition assignment was specified, but numPartitions and replicationFactor were"
                                    + " not set to -1.");
        }
        if (wanted.numPartitions() < DEFAULT || wanted.numPartitions() == 0) {
            return Outcome.refused(
                    Errors.INVALID_PARTITIONS,
                    "Number of partitions was set to an invalid non-positive value: " + wanted.numPartitions() + ".");
        }
        if (wanted.replicationFactor() < DEFAULT || wanted.replicationFactor() == 0) {
            return Outcome.refused(
                    Errors.INVALID_REPLICATION_FACTOR,
                    "Replication factor was set to an invalid non-positive value: " + wanted.replicationFactor() + ".");
        }
        int replicas = wanted.replicationFactor() == DEFAULT ? defaultReplicationFactor : wanted.replicationFactor();
        if (replicas > TopicCreationSettings.MAX_REPLICATION_FACTOR) {
            return Outcome.refused(
                    Errors.INVALID_REPLICATION_FACTOR,
                    "The target replication factor of " + replicas + " is above the "
                            + TopicCreationSettings.MAX_REPLICATION_FACTOR + " replicas that a partition can have.");
        }
        int brokers = replicaLists.brokers();
        return replicas <= brokers
                ? Outcome.DONE
                : Outcome.refused(
                        Errors.INVALID_REPLICATION_FACTOR,
                        "The target replication factor of " + replicas + " cannot be reached because only " + brokers
                                + " broker(s) are registered.");
    }

    private Outcome assignment(CreatableTopic wanted) {
        int count = wanted.assignments().size();
        var replicas = -1;
        for (int partition = 0; partition < count; partition++) {
            var assigned = wanted.assignments().find(partition);
            if (assigned == null) {
                return badAssignment("Partitions must be numbered from 0 without gaps; partition " + partition
                        + " is missing or given twice.");
            }
            var brokers = assigned.brokerIds();
            var problem = replicaLists.problem(partition, brokers);
            if (problem.isPresent()) {
                return badAssignment(problem.get());
            }
            if (replicas >= 0 && replicas != brokers.size()) {
                return badAssignment("The manual partition assignment gives partition " + partition + " "
                        + brokers.size() + " replica(s), but partition 0 " + replicas + ".");
            }
            replicas = brokers.size();
        }
        return Outcome.DONE;
    }

    private static Outcome settings(CreatableTopic wanted) {
        var given = new TreeMap<String, String>();
        for (var entry : wanted.configs()) {
            if (entry.value() == null) {
                return Outcome.refused(
                        Errors.INVALID_CONFIG, "Null value not supported for topic configs: " + entry.name());
            }
            given.put(entry.name(), entry.value());
        }
        var problems = TopicSettings.validate(given);
        return problems.isEmpty()
                ? Outcome.DONE
                : Outcome.refused(
                        Errors.INVALID_CONFIG,
                        problems.stream().map(Object::toString).collect(Collectors.joining("; ")));
    }

    private static List<List<Integer>> inOrder(CreatableTopic wanted) {
        return wanted.assignments().stream()
                .sorted(java.util.Comparator.comparingInt(CreatableReplicaAssignment::partitionIndex))
                .map(assigned -> List.copyOf(assigned.brokerIds()))
                .toList();
    }

    private static Outcome badAssignment(String message) {
        return Outcome.refused(Errors.INVALID_REPLICA_ASSIGNMENT, message);
    }
}
