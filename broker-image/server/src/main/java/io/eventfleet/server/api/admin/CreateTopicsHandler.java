// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.api.admin;

import io.eventfleet.config.BrokerConfig;
import io.eventfleet.config.TopicSettings;
import io.eventfleet.core.admin.ClusterAdmin;
import io.eventfleet.core.admin.ClusterAdmin.NewTopic;
import io.eventfleet.core.cluster.image.ClusterImages;
import io.eventfleet.core.cluster.image.TopicInfo;
import io.eventfleet.protocol.Ids;
import io.eventfleet.protocol.RequestContext;
import io.eventfleet.server.api.ApiHandler;
import io.eventfleet.server.api.Stages;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicConfigs;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/** CreateTopics. Answers from version 5 on show the topic as it was created, with every setting (KIP-525). */
final class CreateTopicsHandler implements ApiHandler<CreateTopicsRequestData, CreateTopicsResponseData> {
    private final ClusterAdmin admin;
    private final ClusterImages images;
    private final BrokerConfig config;

    CreateTopicsHandler(ClusterAdmin admin, ClusterImages images, BrokerConfig config) {
        this.admin = admin;
        this.images = images;
        this.config = config;
    }

    @Override
    public ApiKeys key() {
        return ApiKeys.CREATE_TOPICS;
    }

    @Override
    public CompletionStage<CreateTopicsResponseData> handle(RequestContext context, CreateTopicsRequestData request) {
        var twice = namedTwice(request);
        var tooMuch = tooMuch(request);
        var creation =
                new TopicCreation(images.current(), config.topicCreation().defaultReplicationFactor());
        var seen = new HashSet<String>();
        var answers = new ArrayList<CompletionStage<CreatableTopicResult>>();
        for (var topic : request.topics()) {
            if (!seen.add(topic.name())) {
                continue; // answered once, with its error
            }
            if (twice.contains(topic.name())) {
                answers.add(refused(
                        topic,
                        Outcome.refused(
                                Errors.INVALID_REQUEST,
                                "Create topics request from client `" + context.clientId()
                                        + "` contains multiple entries for the topic " + topic.name() + ".")));
            } else if (!tooMuch.isDone()) {
                answers.add(refused(topic, tooMuch));
            } else {
                answers.add(
                        switch (creation.check(topic)) {
                            case TopicCreation.Verdict.Refused no -> refused(topic, no.why());
                            case TopicCreation.Verdict.Accepted yes -> create(yes.topic(), request);
                        });
            }
        }
        return Stages.inOrder(answers).thenApply(results -> {
            var response = new CreateTopicsResponseData();
            results.forEach(result -> response.topics().add(result));
            return response;
        });
    }

    private CompletionStage<CreatableTopicResult> create(NewTopic topic, CreateTopicsRequestData request) {
        return Outcome.of(() -> admin.createTopic(topic, request.validateOnly(), AdminLimits.wait(request.timeoutMs())))
                .thenApply(outcome -> outcome.isDone() ? created(topic, outcome) : result(topic.name(), outcome));
    }

    private CreatableTopicResult created(NewTopic topic, Outcome outcome) {
        var result = result(topic.name(), outcome);
        images.current()
                .topic(topic.name())
                .ifPresentOrElse(known -> describe(result, known), () -> describe(result, topic));
        return result.setConfigs(TopicSettings.describe(topic.config(), config.values()).stream()
                .map(setting -> new CreatableTopicConfigs()
                        .setName(setting.name())
                        .setValue(setting.value())
                        .setReadOnly(setting.readOnly())
                        .setConfigSource(ConfigCodes.source(setting.source())))
                .toList());
    }

    private static void describe(CreatableTopicResult result, TopicInfo topic) {
        result.setTopicId(Ids.toKafka(topic.id()))
                .setNumPartitions(topic.partitions().size())
                .setReplicationFactor(
                        (short) topic.partitions().getFirst().replicas().size());
    }

    /** What a topic that is only validated would be like. */
    private void describe(CreatableTopicResult result, NewTopic topic) {
        if (topic.assignment().isEmpty()) {
            var defaults = config.topicCreation();
            result.setNumPartitions(
                            topic.partitions() == TopicCreation.DEFAULT ? defaults.numPartitions() : topic.partitions())
                    .setReplicationFactor((short)
                            (topic.replicationFactor() == TopicCreation.DEFAULT
                                    ? defaults.defaultReplicationFactor()
                                    : topic.replicationFactor()));
        } else {
            result.setNumPartitions(topic.assignment().size())
                    .setReplicationFactor((short) topic.assignment().getFirst().size());
        }
    }

    private static CompletionStage<CreatableTopicResult> refused(CreatableTopic topic, Outcome why) {
        return CompletableFuture.completedFuture(result(topic.name(), why));
    }

    private static CreatableTopicResult result(String name, Outcome outcome) {
        var result = new CreatableTopicResult()
                .setName(name)
                .setErrorCode(outcome.error().code())
                .setErrorMessage(outcome.message());
        var id = outcome.topicId();
        return id == null ? result : result.setTopicId(Ids.toKafka(id));
    }

    private static Set<String> namedTwice(CreateTopicsRequestData request) {
        var seen = new HashSet<String>();
        var twice = new HashSet<String>();
        request.topics().forEach(topic -> {
            if (!seen.add(topic.name())) {
                twice.add(topic.name());
            }
        });
        return twice;
    }

    private Outcome tooMuch(CreateTopicsRequestData request) {
        if (request.topics().size() > AdminLimits.MAX_TOPICS_PER_REQUEST) {
            return Outcome.refused(
                    Errors.POLICY_VIOLATION,
                    "More than " + AdminLimits.MAX_TOPICS_PER_REQUEST + " topics in one request.");
        }
        long partitions = 0;
        for (var topic : List.copyOf(request.topics())) {
            partitions += topic.assignments().isEmpty()
                    ? Math.max(topic.numPartitions(), 1)
                    : topic.assignments().size();
        }
        return partitions > AdminLimits.MAX_PARTITIONS_PER_REQUEST
                ? Outcome.refused(
                        Errors.POLICY_VIOLATION,
                        "Excessively large number of partitions per request: " + partitions + " is above "
                                + AdminLimits.MAX_PARTITIONS_PER_REQUEST + ".")
                : Outcome.DONE;
    }
}
