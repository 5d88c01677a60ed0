// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eventfleet.api.contract.Annotations;
import io.eventfleet.api.contract.Finalizers;
import io.eventfleet.api.contract.Labels;
import io.eventfleet.core.admin.TopicResources;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * Writes Topic resources on behalf of Kafka's admin clients. Documents are kept as JSON trees, so that fields of other
 * versions and other writers survive an update. Thread-safe.
 */
public final class KubernetesTopics implements TopicResources {
    private static final Duration WRITE_LIMIT = Duration.ofSeconds(5);
    private static final Duration READ_LIMIT = Duration.ofSeconds(30);
    private static final ApiAnswer CONFLICT =
            new ApiAnswer.Answered(HttpURLConnection.HTTP_CONFLICT, MissingNode.getInstance(), Duration.ZERO);
    private static final String SPEC = "spec";
    private static final String METADATA = "metadata";

    private final ApiClient api;
    private final String namespace;
    private final String cluster;
    private final UnaryOperator<String> objectNames;

    public KubernetesTopics(KubernetesApi api, KubernetesSettings settings) {
        this.api = api.objectCalls();
        this.namespace = settings.namespace();
        this.cluster = settings.cluster();
        this.objectNames = settings.topicObjectNames();
    }

    @Override
    public CompletionStage<Lookup> find(String topicName) {
        return api.get(path(objectNames.apply(topicName)), READ_LIMIT).thenCompose(answer -> switch (answer) {
            case ApiAnswer.Answered found
            when found.ok() && declares(found.body(), topicName) ->
                CompletableFuture.completedStage(new Lookup.Found(stored(found.body())));
            // Users name their resources freely: the topic may be declared under another name.
            case ApiAnswer.Answered other when other.ok() || other.code() == 404 -> search(topicName);
            case ApiAnswer.Answered refused ->
                CompletableFuture.completedStage(new Lookup.Unavailable(refused.message()));
            case ApiAnswer.Silence silence ->
                CompletableFuture.completedStage(new Lookup.Unavailable(silence.reason()));
        });
    }

    private CompletionStage<Lookup> search(String topicName) {
        return api.get(ApiResource.TOPIC.path(namespace), READ_LIMIT).thenApply(answer -> switch (answer) {
            case ApiAnswer.Answered list
            when list.ok() ->
                StreamSupport.stream(list.body().path("items").spliterator(), false)
                        .filter(item -> declares(item, topicName))
                        .min(Comparator.comparing(item ->
                                item.path(METADATA).path("creationTimestamp").asText()))
                        .<Lookup>map(item -> new Lookup.Found(stored(item)))
                        .orElseGet(Lookup.Absent::new);
            case ApiAnswer.Answered refused -> new Lookup.Unavailable(refused.message());
            case ApiAnswer.Silence silence -> new Lookup.Unavailable(silence.reason());
        });
    }

    @Override
    public CompletionStage<Written> create(Declaration declaration) {
        var name = objectNames.apply(declaration.topicName());
        return post(name, declaration).thenCompose(answer -> {
            boolean taken =
                    answer instanceof ApiAnswer.Answered refused && refused.code() == HttpURLConnection.HTTP_CONFLICT;
            return taken ? createBeside(name, declaration) : CompletableFuture.completedStage(written(answer));
        });
    }

    /** The name is taken: by this topic, or by a topic of another cluster in the namespace, which must not hinder us. */
    private CompletionStage<Written> createBeside(String taken, Declaration declaration) {
        return api.get(path(taken), READ_LIMIT).thenCompose(answer -> {
            boolean foreign = answer instanceof ApiAnswer.Answered found
                    && found.ok()
                    && !found.body().path(SPEC).path("cluster").asText().equals(cluster);
            return foreign
                    ? post(objectNames.apply(cluster + "." + declaration.topicName()), declaration)
                            .thenApply(KubernetesTopics::written)
                    : CompletableFuture.completedStage(new Written.Conflict());
        });
    }

    private CompletableFuture<ApiAnswer> post(String name, Declaration declaration) {
        var topic = JsonNodeFactory.instance.objectNode();
        topic.put("apiVersion", ApiResource.TOPIC.apiVersion()).put("kind", ApiResource.TOPIC.kind());
        var metadata = topic.putObject(METADATA).put("name", name).put("namespace", namespace);
        metadata.putObject("labels").put(Labels.CLUSTER, cluster);
        metadata.putArray("finalizers").add(Finalizers.TOPIC);
        if (!declaration.assignment().isEmpty()) {
            metadata.putObject("annotations")
                    .put(Annotations.ASSIGNMENT, TopicDocuments.assignmentText(declaration.assignment()));
        }
        var spec = topic.putObject(SPEC).put("cluster", cluster);
        if (!name.equals(declaration.topicName())) {
            spec.put("topicName", declaration.topicName());
        }
        describe(spec, declaration);
        return api.post(ApiResource.TOPIC.path(namespace), topic, WRITE_LIMIT);
    }

    @Override
    public CompletionStage<Written> update(Stored read, Declaration declaration) {
        return change(read, topic -> {
                    describe(topic.withObject("/" + SPEC), declaration);
                    if (!declaration.assignment().isEmpty()) {
                        topic.withObject("/" + METADATA)
                                .withObject("/annotations")
                                .put(Annotations.ASSIGNMENT, TopicDocuments.assignmentText(declaration.assignment()));
                    }
                })
                .thenApply(KubernetesTopics::written);
    }

    @Override
    public CompletionStage<Written> delete(Stored read, long dataDelayMs) {
        // The annotations must be there before the deletion begins: whoever sees it acts on them.
        return change(read, topic -> topic.withObject("/" + METADATA)
                        .withObject("/annotations")
                        .put(Annotations.DELETION_DELAY_MS, Long.toString(dataDelayMs))
                        .put(Annotations.CONFIRM_DELETION, "true"))
                .thenCompose(answer -> {
                    if (!(answer instanceof ApiAnswer.Answered annotated && annotated.ok())) {
                        return CompletableFuture.completedStage(written(answer));
                    }
                    var options = JsonNodeFactory.instance.objectNode();
                    options.put("apiVersion", "v1").put("kind", "DeleteOptions");
                    options.putObject("preconditions")
                            .put("uid", read.uid())
                            .put("resourceVersion", ObjectForms.version(annotated.body()));
                    return api.delete(path(read.objectName()), options, WRITE_LIMIT)
                            .thenApply(KubernetesTopics::written);
                });
    }

    /** Changes the object only if it is still the one, in the version, that the decision was taken from. */
    private CompletableFuture<ApiAnswer> change(Stored read, Consumer<ObjectNode> change) {
        return api.get(path(read.objectName()), READ_LIMIT).thenCompose(answer -> {
            if (!(answer instanceof ApiAnswer.Answered found
                    && found.ok()
                    && found.body() instanceof ObjectNode topic)) {
                return CompletableFuture.completedFuture(answer);
            }
            var metadata = topic.withObject("/" + METADATA);
            if (!metadata.path("uid").asText().equals(read.uid())) {
                return CompletableFuture.completedFuture(CONFLICT);
            }
            metadata.put("resourceVersion", read.resourceVersion()).remove("managedFields");
            change.accept(topic);
            return api.put(path(read.objectName()), topic, WRITE_LIMIT);
        });
    }

    private String path(String objectName) {
        return ApiResource.TOPIC.path(namespace, objectName);
    }

    private boolean declares(JsonNode topic, String topicName) {
        return topic.path(SPEC).path("cluster").asText().equals(cluster)
                && TopicDocuments.topicName(topic).equals(topicName);
    }

    private static void describe(ObjectNode spec, Declaration declaration) {
        put(spec, "partitions", declaration.partitions());
        put(spec, "replicationFactor", declaration.replicationFactor());
        if (declaration.config().isEmpty()) {
            spec.remove("config");
        } else {
            var config = spec.putObject("config");
            declaration.config().entrySet().stream()
                    .sorted(Map.Entry.comparingByKey())
                    .forEach(setting -> config.put(setting.getKey(), setting.getValue()));
        }
    }

    private static void put(ObjectNode spec, String field, @Nullable Integer value) {
        if (value == null) {
            spec.remove(field);
        } else {
            spec.put(field, value);
        }
    }

    private static Stored stored(JsonNode topic) {
        var metadata = topic.path(METADATA);
        var spec = topic.path(SPEC);
        return new Stored(
                metadata.path("name").asText(),
                metadata.path("uid").asText(),
                metadata.path("resourceVersion").asText(),
                metadata.hasNonNull("deletionTimestamp"),
                new Declaration(
                        TopicDocuments.topicName(topic),
                        spec.hasNonNull("partitions") ? spec.path("partitions").asInt() : null,
                        spec.hasNonNull("replicationFactor")
                                ? spec.path("replicationFactor").asInt()
                                : null,
                        TopicDocuments.config(spec),
                        List.of()));
    }

    private static Written written(ApiAnswer answer) {
        return switch (answer) {
            case ApiAnswer.Silence silence -> new Written.Unknown(silence.reason());
            case ApiAnswer.Answered answered when answered.ok() -> new Written.Ok();
            case ApiAnswer.Answered answered
            when answered.code() == 409 || answered.code() == 404 -> new Written.Conflict();
            case ApiAnswer.Answered answered -> new Written.Refused(answered.message());
        };
    }
}
