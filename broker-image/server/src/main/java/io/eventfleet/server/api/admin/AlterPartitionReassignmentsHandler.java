// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.api.admin;

import io.eventfleet.core.admin.ClusterAdmin;
import io.eventfleet.core.admin.ReplicaAdmin;
import io.eventfleet.core.cluster.image.ClusterImages;
import io.eventfleet.core.log.TopicPartitionId;
import io.eventfleet.protocol.ErrorCodes;
import io.eventfleet.protocol.RequestContext;
import io.eventfleet.server.api.ApiHandler;
import io.eventfleet.server.api.Stages;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData.ReassignableTopic;
import org.apache.kafka.common.message.AlterPartitionReassignmentsResponseData;
import org.apache.kafka.common.message.AlterPartitionReassignmentsResponseData.ReassignablePartitionResponse;
import org.apache.kafka.common.message.AlterPartitionReassignmentsResponseData.ReassignableTopicResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/** AlterPartitionReassignments (KIP-455): answers when the moves are durably begun, not when they are done. */
final class AlterPartitionReassignmentsHandler
        implements ApiHandler<AlterPartitionReassignmentsRequestData, AlterPartitionReassignmentsResponseData> {
    private final ReplicaAdmin replicas;
    private final ClusterAdmin admin;
    private final ClusterImages images;

    AlterPartitionReassignmentsHandler(ReplicaAdmin replicas, ClusterAdmin admin, ClusterImages images) {
        this.replicas = replicas;
        this.admin = admin;
        this.images = images;
    }

    @Override
    public ApiKeys key() {
        return ApiKeys.ALTER_PARTITION_REASSIGNMENTS;
    }

    @Override
    public CompletionStage<AlterPartitionReassignmentsResponseData> handle(
            RequestContext context, AlterPartitionReassignmentsRequestData request) {
        var whole = wholeRequest(request);
        if (!whole.isDone()) {
            return CompletableFuture.completedFuture(new AlterPartitionReassignmentsResponseData()
                    .setErrorCode(whole.error().code())
                    .setErrorMessage(whole.message()));
        }
        var checks = new Reassignments(images.current(), request.allowReplicationFactorChange());
        var limit = AdminLimits.wait(request.timeoutMs());
        var answers = request.topics().stream()
                .map(topic -> reassign(topic, checks.check(topic), limit))
                .toList();
        return Stages.inOrder(answers).thenApply(topics -> new AlterPartitionReassignmentsResponseData()
                .setAllowReplicationFactorChange(request.allowReplicationFactorChange())
                .setErrorMessage(null)
                .setResponses(topics));
    }

    private static Outcome wholeRequest(AlterPartitionReassignmentsRequestData request) {
        var names = new HashSet<String>();
        for (var topic : request.topics()) {
            if (!names.add(topic.name())) {
                return Outcome.refused(Errors.INVALID_REQUEST, "Topic '" + topic.name() + "' is named twice.");
            }
        }
        long partitions = request.topics().stream()
                .mapToLong(topic -> topic.partitions().size())
                .sum();
        return partitions <= AdminLimits.MAX_PARTITIONS_PER_REQUEST
                ? Outcome.DONE
                : Outcome.refused(
                        Errors.POLICY_VIOLATION,
                        "More than " + AdminLimits.MAX_PARTITIONS_PER_REQUEST + " partitions in one request.");
    }

    private CompletionStage<ReassignableTopicResponse> reassign(
            ReassignableTopic topic, Reassignments.Checked checked, Duration limit) {
        return declared(topic.name(), checked, limit)
                .thenCompose(declared -> declared.isDone()
                        ? begun(checked.targets(), limit)
                        : CompletableFuture.completedFuture(everywhere(checked.targets(), declared)))
                .thenApply(begun -> {
                    var outcomes = new HashMap<>(checked.refused());
                    outcomes.putAll(begun);
                    return response(topic, outcomes);
                });
    }

    /** The declared number of replicas changes before they move: what is declared is what the controller works towards. */
    private CompletionStage<Outcome> declared(String topic, Reassignments.Checked checked, Duration limit) {
        var replicationFactor = checked.replicationFactor();
        return replicationFactor.isEmpty()
                ? CompletableFuture.completedFuture(Outcome.DONE)
                : Outcome.of(() -> admin.changeReplicationFactor(topic, replicationFactor.getAsInt(), limit));
    }

    private CompletionStage<Map<Integer, Outcome>> begun(Map<TopicPartitionId, List<Integer>> targets, Duration limit) {
        if (targets.isEmpty()) {
            return CompletableFuture.completedFuture(Map.of());
        }
        return replicas.reassign(targets, limit).handle((outcomes, failure) -> {
            if (failure != null) {
                return everywhere(
                        targets,
                        Outcome.refused(
                                ErrorCodes.ofFailure(failure),
                                "The controller did not say whether the reassignment began."));
            }
            var byPartition = new HashMap<Integer, Outcome>();
            targets.keySet().forEach(id -> byPartition.put(id.partition(), Outcome.of(outcomes.get(id))));
            return byPartition;
        });
    }

    private static Map<Integer, Outcome> everywhere(Map<TopicPartitionId, List<Integer>> targets, Outcome outcome) {
        var byPartition = new HashMap<Integer, Outcome>();
        targets.keySet().forEach(id -> byPartition.put(id.partition(), outcome));
        return byPartition;
    }

    private static ReassignableTopicResponse response(ReassignableTopic topic, Map<Integer, Outcome> outcomes) {
        return new ReassignableTopicResponse()
                .setName(topic.name())
                .setPartitions(outcomes.entrySet().stream()
                        .sorted(Map.Entry.comparingByKey())
                        .map(outcome -> new ReassignablePartitionResponse()
                                .setPartitionIndex(outcome.getKey())
                                .setErrorCode(outcome.getValue().error().code())
                                .setErrorMessage(outcome.getValue().message()))
                        .toList());
    }
}
