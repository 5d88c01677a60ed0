// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.api.admin;

import io.eventfleet.core.cluster.image.ClusterImage;
import io.eventfleet.core.cluster.image.PartitionInfo;
import io.eventfleet.core.cluster.image.TopicInfo;
import io.eventfleet.core.log.TopicPartitionId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData.ReassignablePartition;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData.ReassignableTopic;
import org.apache.kafka.common.protocol.Errors;

/**
 * Checks the reassignments of one topic against what exists (KIP-455, KIP-860). How many replicas a topic has is
 * declared for all of its partitions, so their number can only change for all of them at once. Pure.
 */
final class Reassignments {
    private final ClusterImage image;
    private final ReplicaLists replicaLists;
    private final boolean allowReplicationFactorChange;

    Reassignments(ClusterImage image, boolean allowReplicationFactorChange) {
        this.image = image;
        this.replicaLists = ReplicaLists.of(image);
        this.allowReplicationFactorChange = allowReplicationFactorChange;
    }

    /**
     * What may be asked of the controller for one topic.
     *
     * @param targets replicas wanted, by partition; an empty list cancels
     * @param refused what may not, by partition
     * @param replicationFactor number of replicas to declare first, if the request changes it
     */
    record Checked(
            Map<TopicPartitionId, List<Integer>> targets,
            Map<Integer, Outcome> refused,
            OptionalInt replicationFactor) {}

    /** Checks every partition on its own; a bad one does not spoil the others. */
    Checked check(ReassignableTopic wanted) {
        var targets = new HashMap<TopicPartitionId, List<Integer>>();
        var refused = new HashMap<Integer, Outcome>();
        var topic = image.topic(wanted.name());
        var twice = twice(wanted.partitions());
        for (var partition : wanted.partitions()) {
            int index = partition.partitionIndex();
            var known = topic.filter(
                    found -> index >= 0 && index < found.partitions().size());
            if (twice.contains(index)) {
                refused.put(index, Outcome.refused(Errors.INVALID_REQUEST, "Partition " + index + " is named twice."));
            } else if (known.isEmpty()) {
                refused.put(
                        index,
                        Outcome.refused(
                                Errors.UNKNOWN_TOPIC_OR_PARTITION,
                                "There is no partition " + index + " of topic '" + wanted.name() + "'."));
            } else {
                problem(partition, known.get().partitions().get(index))
                        .ifPresentOrElse(
                                why -> refused.put(index, why),
                                () -> targets.put(
                                        new TopicPartitionId(known.get().id(), index), target(partition)));
            }
        }
        return topic.map(found -> withReplicationFactor(found, targets, refused))
                .orElseGet(() -> new Checked(Map.of(), refused, OptionalInt.empty()));
    }

    private Optional<Outcome> problem(ReassignablePartition wanted, PartitionInfo partition) {
        if (wanted.replicas() == null) {
            return partition.reassigning()
                    ? Optional.empty()
                    : Optional.of(Outcome.refused(
                            Errors.NO_REASSIGNMENT_IN_PROGRESS,
                            "No reassignment of partition " + partition.partition() + " is running."));
        }
        return replicaLists
                .problem(partition.partition(), wanted.replicas())
                .map(problem -> Outcome.refused(Errors.INVALID_REPLICA_ASSIGNMENT, problem));
    }

    /** Targets with another number of replicas pass only if they are for the whole topic, and agree. */
    private Checked withReplicationFactor(
            TopicInfo topic, Map<TopicPartitionId, List<Integer>> targets, Map<Integer, Outcome> refused) {
        var changed = targets.entrySet().stream()
                .filter(target -> !target.getValue().isEmpty())
                .filter(target -> target.getValue().size()
                        != ReplicaLists.settledCount(
                                topic.partitions().get(target.getKey().partition())))
                .collect(Collectors.toMap(
                        Map.Entry::getKey, target -> target.getValue().size()));
        if (changed.isEmpty()) {
            return new Checked(targets, refused, OptionalInt.empty());
        }
        var sizes = targets.values().stream().map(List::size).collect(Collectors.toSet());
        boolean whole = targets.size() == topic.partitions().size() && sizes.size() == 1;
        if (whole && allowReplicationFactorChange && !topic.internal()) {
            return new Checked(targets, refused, OptionalInt.of(sizes.iterator().next()));
        }
        changed.forEach((id, size) -> {
            targets.remove(id);
            refused.put(id.partition(), Outcome.refused(Errors.INVALID_REPLICATION_FACTOR, whyNot(topic, size)));
        });
        return new Checked(targets, refused, OptionalInt.empty());
    }

    private String whyNot(TopicInfo topic, int size) {
        if (!allowReplicationFactorChange) {
            return "The replication factor would change to " + size + ", which the request does not allow.";
        }
        return "The replication factor would change to " + size + ": "
                + (topic.internal()
                        ? "that of an internal topic follows its resource."
                        : "it can only change for all partitions of topic '" + topic.name() + "' at once.");
    }

    private static List<Integer> target(ReassignablePartition partition) {
        return partition.replicas() == null ? List.of() : List.copyOf(partition.replicas());
    }

    private static HashSet<Integer> twice(List<ReassignablePartition> partitions) {
        var seen = new HashSet<Integer>();
        var twice = new HashSet<Integer>();
        partitions.forEach(partition -> {
            if (!seen.add(partition.partitionIndex())) {
                twice.add(partition.partitionIndex());
            }
        });
        return twice;
    }
}
