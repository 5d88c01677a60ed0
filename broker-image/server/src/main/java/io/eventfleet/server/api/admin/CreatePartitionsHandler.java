// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.api.admin;

import io.eventfleet.core.admin.ClusterAdmin;
import io.eventfleet.core.cluster.image.ClusterImage;
import io.eventfleet.core.cluster.image.ClusterImages;
import io.eventfleet.core.cluster.image.TopicInfo;
import io.eventfleet.protocol.RequestContext;
import io.eventfleet.server.api.ApiHandler;
import io.eventfleet.server.api.Stages;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.CreatePartitionsRequestData;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsTopic;
import org.apache.kafka.common.message.CreatePartitionsResponseData;
import org.apache.kafka.common.message.CreatePartitionsResponseData.CreatePartitionsTopicResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/** CreatePartitions: more partitions for existing topics, on brokers that the cluster or the client chooses. */
final class CreatePartitionsHandler implements ApiHandler<CreatePartitionsRequestData, CreatePartitionsResponseData> {
    private final ClusterAdmin admin;
    private final ClusterImages images;

    CreatePartitionsHandler(ClusterAdmin admin, ClusterImages images) {
        this.admin = admin;
        this.images = images;
    }

    @Override
    public ApiKeys key() {
        return ApiKeys.CREATE_PARTITIONS;
    }

    @Override
    public CompletionStage<CreatePartitionsResponseData> handle(
            RequestContext context, CreatePartitionsRequestData request) {
        var image = images.current();
        var once = new HashSet<String>();
        var twice = new HashSet<String>();
        request.topics().forEach(topic -> {
            if (!once.add(topic.name())) {
                twice.add(topic.name());
            }
        });
        var answered = new HashSet<String>();
        var answers = new ArrayList<CompletionStage<CreatePartitionsTopicResult>>();
        for (var topic : request.topics()) {
            if (answered.add(topic.name())) {
                var refusal = twice.contains(topic.name())
                        ? Outcome.refused(Errors.INVALID_REQUEST, "Duplicate topic name: " + topic.name() + ".")
                        : check(image, topic, request.topics().size());
                var outcome = refusal.isDone() ? grow(topic, request) : CompletableFuture.completedFuture(refusal);
                answers.add(outcome.thenApply(done -> new CreatePartitionsTopicResult()
                        .setName(topic.name())
                        .setErrorCode(done.error().code())
                        .setErrorMessage(done.message())));
            }
        }
        return Stages.inOrder(answers).thenApply(results -> new CreatePartitionsResponseData().setResults(results));
    }

    private CompletionStage<Outcome> grow(CreatePartitionsTopic topic, CreatePartitionsRequestData request) {
        var added = topic.assignments() == null
                ? List.<List<Integer>>of()
                : topic.assignments().stream()
                        .map(assigned -> List.copyOf(assigned.brokerIds()))
                        .toList();
        return Outcome.of(() -> admin.createPartitions(
                topic.name(), topic.count(), added, request.validateOnly(), AdminLimits.wait(request.timeoutMs())));
    }

    private static Outcome check(ClusterImage image, CreatePartitionsTopic wanted, int topicsInRequest) {
        var known = image.topic(wanted.name());
        if (known.isEmpty()) {
            return Outcome.refused(
                    Errors.UNKNOWN_TOPIC_OR_PARTITION, "This server does not host this topic-partition.");
        }
        if (known.get().internal()) {
            return Outcome.refused(
                    Errors.INVALID_PARTITIONS,
                    "The number of partitions of the internal topic '" + wanted.name() + "' is fixed.");
        }
        int current = known.get().partitions().size();
        if (wanted.count() == current) {
            return Outcome.refused(Errors.INVALID_PARTITIONS, "Topic already has " + current + " partition(s).");
        }
        if (wanted.count() < current) {
            return Outcome.refused(
                    Errors.INVALID_PARTITIONS,
                    "The topic " + wanted.name() + " currently has " + current + " partition(s); " + wanted.count()
                            + " would not be an increase.");
        }
        if (topicsInRequest > AdminLimits.MAX_TOPICS_PER_REQUEST
                || wanted.count() - current > AdminLimits.MAX_PARTITIONS_PER_REQUEST) {
            return Outcome.refused(
                    Errors.POLICY_VIOLATION, "Excessively large number of topics or partitions per request.");
        }
        return wanted.assignments() == null ? Outcome.DONE : assignment(image, known.get(), wanted);
    }

    /** Chosen brokers: one list for each partition that is added, each as long as those of the topic are. */
    private static Outcome assignment(ClusterImage image, TopicInfo topic, CreatePartitionsTopic wanted) {
        int current = topic.partitions().size();
        var lists = wanted.assignments();
        if (lists.size() != wanted.count() - current) {
            return badAssignment("Increasing the number of partitions by " + (wanted.count() - current) + " but "
                    + lists.size() + " assignments provided.");
        }
        var replicaLists = ReplicaLists.of(image);
        int replicas = ReplicaLists.settledCount(topic.partitions().getFirst());
        for (int i = 0; i < lists.size(); i++) {
            var brokers = lists.get(i).brokerIds();
            var problem = replicaLists.problem(current + i, brokers);
            if (problem.isPresent()) {
                return badAssignment(problem.get());
            }
            if (brokers.size() != replicas) {
                return badAssignment("The manual partition assignment gives partition " + (current + i) + " "
                        + brokers.size() + " replica(s), but the topic has " + replicas + ".");
            }
        }
        return Outcome.DONE;
    }

    private static Outcome badAssignment(String message) {
        return Outcome.refused(Errors.INVALID_REPLICA_ASSIGNMENT, message);
    }
}
