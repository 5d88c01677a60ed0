// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.api.admin;

import io.eventfleet.core.admin.ClusterAdmin;
import io.eventfleet.core.cluster.image.ClusterImage;
import io.eventfleet.core.cluster.image.ClusterImages;
import io.eventfleet.core.cluster.image.TopicInfo;
import io.eventfleet.protocol.Ids;
import io.eventfleet.protocol.RequestContext;
import io.eventfleet.server.api.ApiHandler;
import io.eventfleet.server.api.Stages;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.DeleteTopicsRequestData;
import org.apache.kafka.common.message.DeleteTopicsRequestData.DeleteTopicState;
import org.apache.kafka.common.message.DeleteTopicsResponseData;
import org.apache.kafka.common.message.DeleteTopicsResponseData.DeletableTopicResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/** DeleteTopics, by name or, from version 6 on, by id (KIP-516). */
final class DeleteTopicsHandler implements ApiHandler<DeleteTopicsRequestData, DeleteTopicsResponseData> {
    private static final int FIRST_VERSION_WITH_IDS = 6;
    private static final int FIRST_VERSION_WITH_DELETION_DISABLED = 3;

    private final ClusterAdmin admin;
    private final ClusterImages images;
    private final boolean deletionEnabled;

    DeleteTopicsHandler(ClusterAdmin admin, ClusterImages images, boolean deletionEnabled) {
        this.admin = admin;
        this.images = images;
        this.deletionEnabled = deletionEnabled;
    }

    @Override
    public ApiKeys key() {
        return ApiKeys.DELETE_TOPICS;
    }

    @Override
    public CompletionStage<DeleteTopicsResponseData> handle(RequestContext context, DeleteTopicsRequestData request) {
        var wanted = context.apiVersion() >= FIRST_VERSION_WITH_IDS
                ? request.topics()
                : request.topicNames().stream()
                        .map(name -> new DeleteTopicState().setName(name))
                        .toList();
        var image = images.current();
        var seen = new HashSet<UUID>();
        var answers = new ArrayList<CompletionStage<DeletableTopicResult>>();
        for (var topic : wanted) {
            answers.add(delete(context, request, image, topic, seen));
        }
        return Stages.inOrder(answers).thenApply(DeleteTopicsHandler::response);
    }

    private CompletionStage<DeletableTopicResult> delete(
            RequestContext context,
            DeleteTopicsRequestData request,
            ClusterImage image,
            DeleteTopicState wanted,
            HashSet<UUID> seen) {
        var refusal = refusal(context, request, wanted);
        if (!refusal.isDone()) {
            return answered(wanted, refusal);
        }
        var found = lookUp(image, wanted);
        if (found.isEmpty()) {
            return answered(
                    wanted,
                    wanted.name() == null
                            ? Outcome.refused(Errors.UNKNOWN_TOPIC_ID, "This server does not host this topic ID.")
                            : Outcome.refused(
                                    Errors.UNKNOWN_TOPIC_OR_PARTITION, "This server does not host this topic."));
        }
        var topic = found.get();
        if (topic.internal()) {
            return answered(
                    wanted,
                    Outcome.refused(
                            Errors.INVALID_TOPIC_EXCEPTION,
                            "Topic '" + topic.name()
                                    + "' is internal and cannot be deleted while the cluster exists."));
        }
        if (!seen.add(topic.id())) {
            return answered(
                    wanted, Outcome.refused(Errors.INVALID_REQUEST, "Topic '" + topic.name() + "' is named twice."));
        }
        return Outcome.of(() -> admin.deleteTopic(topic.id(), AdminLimits.wait(request.timeoutMs())))
                .thenApply(outcome -> result(outcome).setName(topic.name()).setTopicId(Ids.toKafka(topic.id())));
    }

    private Outcome refusal(RequestContext context, DeleteTopicsRequestData request, DeleteTopicState wanted) {
        if (!deletionEnabled) {
            return Outcome.refused(
                    context.apiVersion() >= FIRST_VERSION_WITH_DELETION_DISABLED
                            ? Errors.TOPIC_DELETION_DISABLED
                            : Errors.INVALID_REQUEST,
                    "delete.topic.enable is false.");
        }
        if (Math.max(request.topics().size(), request.topicNames().size()) > AdminLimits.MAX_TOPICS_PER_REQUEST) {
            return Outcome.refused(
                    Errors.POLICY_VIOLATION,
                    "More than " + AdminLimits.MAX_TOPICS_PER_REQUEST + " topics in one request.");
        }
        boolean byId = !wanted.topicId().equals(Uuid.ZERO_UUID);
        if (byId == (wanted.name() != null)) {
            return Outcome.refused(
                    Errors.INVALID_REQUEST,
                    byId ? "Both topic name and topic ID are given." : "Neither topic name nor topic ID is given.");
        }
        return Outcome.DONE;
    }

    private static Optional<TopicInfo> lookUp(ClusterImage image, DeleteTopicState wanted) {
        return wanted.name() == null ? image.openTopic(Ids.toJava(wanted.topicId())) : image.topic(wanted.name());
    }

    private static CompletionStage<DeletableTopicResult> answered(DeleteTopicState wanted, Outcome outcome) {
        return CompletableFuture.completedFuture(
                result(outcome).setName(wanted.name()).setTopicId(wanted.topicId()));
    }

    private static DeletableTopicResult result(Outcome outcome) {
        return new DeletableTopicResult().setErrorCode(outcome.error().code()).setErrorMessage(outcome.message());
    }

    private static DeleteTopicsResponseData response(List<DeletableTopicResult> results) {
        var response = new DeleteTopicsResponseData();
        results.forEach(result -> response.responses().add(result));
        return response;
    }
}
