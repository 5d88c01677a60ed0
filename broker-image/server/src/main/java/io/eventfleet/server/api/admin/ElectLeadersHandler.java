// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.api.admin;

import io.eventfleet.core.admin.ReplicaAdmin;
import io.eventfleet.core.admin.ReplicaAdmin.Election;
import io.eventfleet.core.cluster.image.ClusterImage;
import io.eventfleet.core.cluster.image.ClusterImages;
import io.eventfleet.core.cluster.image.PartitionInfo;
import io.eventfleet.core.log.TopicPartitionId;
import io.eventfleet.protocol.ErrorCodes;
import io.eventfleet.protocol.RequestContext;
import io.eventfleet.server.api.ApiHandler;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.ElectLeadersRequestData;
import org.apache.kafka.common.message.ElectLeadersResponseData;
import org.apache.kafka.common.message.ElectLeadersResponseData.PartitionResult;
import org.apache.kafka.common.message.ElectLeadersResponseData.ReplicaElectionResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/**
 * ElectLeaders (KIP-183, KIP-460). Without a list of partitions, those are meant that need it, and the answer names no
 * others.
 */
final class ElectLeadersHandler implements ApiHandler<ElectLeadersRequestData, ElectLeadersResponseData> {
    private static final byte PREFERRED = 0;
    private static final byte UNCLEAN = 1;

    private final ReplicaAdmin replicas;
    private final ClusterImages images;

    ElectLeadersHandler(ReplicaAdmin replicas, ClusterImages images) {
        this.replicas = replicas;
        this.images = images;
    }

    @Override
    public ApiKeys key() {
        return ApiKeys.ELECT_LEADERS;
    }

    @Override
    public CompletionStage<ElectLeadersResponseData> handle(RequestContext context, ElectLeadersRequestData request) {
        if (request.electionType() != PREFERRED && request.electionType() != UNCLEAN) {
            return failed(Errors.INVALID_REQUEST);
        }
        var election = request.electionType() == PREFERRED ? Election.PREFERRED : Election.UNCLEAN;
        var plan = request.topicPartitions() == null
                ? Plan.needed(images.current(), election)
                : Plan.named(images.current(), request);
        if (plan.wanted().size() > AdminLimits.MAX_PARTITIONS_PER_REQUEST) {
            return failed(Errors.POLICY_VIOLATION);
        }
        if (plan.wanted().isEmpty()) {
            return CompletableFuture.completedFuture(plan.response(Map.of()));
        }
        return replicas.elect(election, plan.wanted().keySet(), AdminLimits.wait(request.timeoutMs()))
                .handle((outcomes, failure) -> plan.response(
                        failure == null ? outcomesOf(outcomes) : plan.everywhere(ErrorCodes.ofFailure(failure))));
    }

    private static CompletionStage<ElectLeadersResponseData> failed(Errors error) {
        return CompletableFuture.completedFuture(new ElectLeadersResponseData().setErrorCode(error.code()));
    }

    private static Map<TopicPartitionId, Outcome> outcomesOf(Map<TopicPartitionId, ReplicaAdmin.Outcome> outcomes) {
        var converted = new HashMap<TopicPartitionId, Outcome>();
        outcomes.forEach((id, outcome) -> converted.put(id, Outcome.of(outcome)));
        return converted;
    }

    /**
     * Which partitions are asked for, and how they are called in the answer.
     *
     * @param wanted name of the topic, by partition
     * @param unknown partitions that do not exist, by topic name
     * @param all whether the client left the choice to the cluster
     */
    private record Plan(Map<TopicPartitionId, String> wanted, Map<String, Map<Integer, Outcome>> unknown, boolean all) {

        static Plan needed(ClusterImage image, Election election) {
            var wanted = new HashMap<TopicPartitionId, String>();
            image.topicsByName().values().forEach(topic -> topic.partitions().stream()
                    .filter(partition -> isNeeded(partition, election))
                    .forEach(partition ->
                            wanted.put(new TopicPartitionId(topic.id(), partition.partition()), topic.name())));
            return new Plan(wanted, Map.of(), true);
        }

        private static boolean isNeeded(PartitionInfo partition, Election election) {
            return switch (election) {
                case PREFERRED ->
                    !partition.replicas().isEmpty()
                            && partition.leader() != partition.replicas().getFirst();
                case UNCLEAN -> partition.leader() == PartitionInfo.NO_LEADER;
            };
        }

        static Plan named(ClusterImage image, ElectLeadersRequestData request) {
            var wanted = new HashMap<TopicPartitionId, String>();
            var unknown = new TreeMap<String, Map<Integer, Outcome>>();
            for (var named : request.topicPartitions()) {
                var topic = image.topic(named.topic());
                for (int index : named.partitions()) {
                    if (topic.isPresent()
                            && index >= 0
                            && index < topic.get().partitions().size()) {
                        wanted.put(new TopicPartitionId(topic.get().id(), index), named.topic());
                    } else {
                        unknown.computeIfAbsent(named.topic(), name -> new TreeMap<>())
                                .put(
                                        index,
                                        Outcome.refused(
                                                Errors.UNKNOWN_TOPIC_OR_PARTITION,
                                                "There is no partition " + index + " of topic '" + named.topic()
                                                        + "'."));
                    }
                }
            }
            return new Plan(wanted, unknown, false);
        }

        Map<TopicPartitionId, Outcome> everywhere(Errors error) {
            var outcomes = new HashMap<TopicPartitionId, Outcome>();
            wanted.keySet()
                    .forEach(id -> outcomes.put(
                            id, Outcome.refused(error, "The controller did not say whether a leader was elected.")));
            return outcomes;
        }

        ElectLeadersResponseData response(Map<TopicPartitionId, Outcome> outcomes) {
            var byTopic = new TreeMap<String, Map<Integer, Outcome>>();
            unknown.forEach((topic, partitions) -> byTopic.put(topic, new TreeMap<>(partitions)));
            outcomes.forEach((id, outcome) -> {
                var topic = wanted.get(id);
                if (topic != null && !(all && outcome.error() == Errors.ELECTION_NOT_NEEDED)) {
                    byTopic.computeIfAbsent(topic, name -> new TreeMap<>()).put(id.partition(), outcome);
                }
            });
            var response = new ElectLeadersResponseData();
            byTopic.forEach((topic, partitions) -> response.replicaElectionResults()
                    .add(new ReplicaElectionResult()
                            .setTopic(topic)
                            .setPartitionResult(partitions.entrySet().stream()
                                    .map(result -> new PartitionResult()
                                            .setPartitionId(result.getKey())
                                            .setErrorCode(
                                                    result.getValue().error().code())
                                            .setErrorMessage(result.getValue().message()))
                                    .toList())));
            return response;
        }
    }
}
