// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.cluster.admin;

import io.eventfleet.config.BrokerConfig;
import io.eventfleet.config.TopicSettings;
import io.eventfleet.core.KafkaError;
import io.eventfleet.core.admin.ClusterAdmin;
import io.eventfleet.core.admin.TopicResources;
import io.eventfleet.core.admin.TopicResources.Declaration;
import io.eventfleet.core.admin.TopicResources.Lookup;
import io.eventfleet.core.admin.TopicResources.Stored;
import io.eventfleet.core.admin.TopicResources.Written;
import io.eventfleet.core.cluster.image.ClusterImage;
import io.eventfleet.core.cluster.image.ClusterImages;
import io.eventfleet.core.cluster.image.PartitionInfo;
import io.eventfleet.core.cluster.image.TopicInfo;
import io.eventfleet.core.cluster.port.ClusterSettings.Topics;
import io.eventfleet.server.cluster.NodeServices;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Topics changed by writing their resources, on whichever broker is asked; the controller sees the resource and acts.
 * The answer comes when this broker's image shows the change. Requests are checked for form by those who call.
 * Thread-safe, without state of its own.
 */
public final class TopicAdmin implements ClusterAdmin {
    /** Limit of requests that bring none of their own. */
    private static final Duration DEFAULT_LIMIT = Duration.ofSeconds(30);

    /** Pause before a read or a write that met somebody else's is tried again. */
    private static final Duration RETRY_PAUSE = Duration.ofMillis(100);

    private final TopicResources resources;
    private final NodeServices node;
    private final ClusterImages images;
    private final ImageWatch watch;
    private final BrokerConfig config;

    /** @param config defaults of topics */
    public TopicAdmin(TopicResources resources, NodeServices node, BrokerConfig config) {
        this.resources = resources;
        this.node = node;
        this.images = node.images();
        this.watch = new ImageWatch(images);
        this.config = config;
    }

    @Override
    public CompletionStage<Result> createTopic(NewTopic topic, boolean validateOnly, Duration timeout) {
        if (images.current().topic(topic.name()).isPresent()) {
            return done(exists(topic.name()));
        }
        if (topic.internal() || topic.name().equals(Topics.CONSUMER_OFFSETS)) {
            return validateOnly ? done(Result.ok(null)) : createInternal(topic.name(), Deadline.in(timeout));
        }
        var declaration = declare(topic);
        if (validateOnly) {
            return done(Result.ok(null));
        }
        var deadline = Deadline.in(timeout);
        return resources.create(declaration).thenCompose(written -> switch (written) {
            case Written.Ok ok -> awaitServing(topic.name(), deadline);
            case Written.Conflict conflict -> done(exists(topic.name()));
            case Written.Refused(String reason) -> done(Result.failed(KafkaError.POLICY_VIOLATION, reason));
            case Written.Unknown unknown -> awaitServing(topic.name(), deadline);
        });
    }

    /** The controller alone knows how such a topic must be, whoever asks for it and with whichever settings. */
    private CompletionStage<Result> createInternal(String topic, Deadline deadline) {
        node.wantInternalTopic(topic);
        return awaitServing(topic, deadline);
    }

    private Declaration declare(NewTopic topic) {
        var defaults = config.topicCreation();
        boolean assigned = !topic.assignment().isEmpty();
        int partitions = topic.partitions() < 0 ? defaults.numPartitions() : topic.partitions();
        int replicas = topic.replicationFactor() < 0 ? defaults.defaultReplicationFactor() : topic.replicationFactor();
        return new Declaration(
                topic.name(),
                assigned ? topic.assignment().size() : partitions,
                assigned ? topic.assignment().getFirst().size() : replicas,
                topic.config(),
                topic.assignment());
    }

    private static Result exists(String topic) {
        return Result.failed(KafkaError.TOPIC_ALREADY_EXISTS, "Topic '" + topic + "' already exists.");
    }

    private CompletionStage<Result> awaitServing(String topic, Deadline deadline) {
        return await(
                image -> image.topic(topic).filter(TopicAdmin::isLed).isPresent(),
                deadline,
                image -> Result.ok(image.topic(topic).map(TopicInfo::id).orElse(null)));
    }

    private static boolean isLed(TopicInfo topic) {
        return topic.partitions().stream().allMatch(partition -> partition.leader() != PartitionInfo.NO_LEADER);
    }

    @Override
    public CompletionStage<Result> deleteTopic(UUID topicId, Duration timeout) {
        var known = images.current().openTopic(topicId);
        if (known.isEmpty()) {
            return done(Result.failed(KafkaError.UNKNOWN_TOPIC_ID, "This server does not host this topic ID."));
        }
        var topic = known.get();
        if (topic.internal()) {
            return done(Result.failed(
                    KafkaError.INVALID_TOPIC_EXCEPTION,
                    "Topic '" + topic.name() + "' is internal and is kept while the cluster exists."));
        }
        var deadline = Deadline.in(timeout);
        long delayMs = TopicSettings.effective(topic.config(), config.values()).fileDeleteDelayMs();
        return change(topic.name(), deadline, stored -> resources.delete(stored, delayMs))
                .thenCompose(result -> result.error() == KafkaError.NONE
                        ? await(image -> image.openTopic(topicId).isEmpty(), deadline, image -> Result.ok(topicId))
                                .thenCompose(gone ->
                                        gone.error() == KafkaError.NONE ? awaitRemoval(topic, deadline) : done(gone))
                        : done(result));
    }

    /**
     * A topic of the same name can be created again once its resource is gone, which takes a moment longer than its
     * leaders; clients that delete and create at once expect it to work.
     */
    private CompletionStage<Result> awaitRemoval(TopicInfo topic, Deadline deadline) {
        return resources.find(topic.name()).thenCompose(lookup -> {
            boolean waiting = lookup instanceof Lookup.Found(Stored stored) && stored.deleting();
            if (!waiting || deadline.isOver()) {
                return done(Result.ok(topic.id()));
            }
            return later(() -> awaitRemoval(topic, deadline));
        });
    }

    @Override
    public CompletionStage<Result> createPartitions(
            String topic, int totalCount, List<List<Integer>> added, boolean validateOnly, Duration timeout) {
        var known = images.current().topic(topic);
        if (known.isEmpty()) {
            return done(unknown(topic));
        }
        if (known.get().internal()) {
            return done(Result.failed(
                    KafkaError.INVALID_PARTITIONS,
                    "Topic '" + topic + "' is internal: its number of partitions is fixed for life."));
        }
        if (totalCount <= known.get().partitions().size()) {
            return done(Result.failed(
                    KafkaError.INVALID_PARTITIONS,
                    "The topic '" + topic + "' currently has "
                            + known.get().partitions().size() + " partition(s); " + totalCount
                            + " would not be an increase."));
        }
        if (validateOnly) {
            return done(Result.ok(known.get().id()));
        }
        var deadline = Deadline.in(timeout);
        var assignment = added.isEmpty() ? added : assignment(known.get(), added);
        return change(
                        topic,
                        deadline,
                        stored -> resources.update(stored, withPartitions(stored, totalCount, assignment)))
                .thenCompose(result -> result.error() == KafkaError.NONE
                        ? await(
                                image -> image.topic(topic)
                                        .filter(grown -> grown.partitions().size() >= totalCount && isLed(grown))
                                        .isPresent(),
                                deadline,
                                image -> Result.ok(known.get().id()))
                        : done(result));
    }

    private static Declaration withPartitions(Stored stored, int count, List<List<Integer>> assignment) {
        var before = stored.declaration();
        return new Declaration(
                before.topicName(),
                count,
                before.replicationFactor(),
                before.config(),
                assignment.isEmpty() ? before.assignment() : assignment);
    }

    /** An assignment counts from partition 0; what exists already stays where it is whatever is said of it. */
    private static List<List<Integer>> assignment(TopicInfo topic, List<List<Integer>> added) {
        return Stream.concat(topic.partitions().stream().map(PartitionInfo::replicas), added.stream())
                .toList();
    }

    @Override
    public CompletionStage<Result> changeReplicationFactor(String topic, int replicationFactor, Duration timeout) {
        return change(topic, Deadline.in(timeout), stored -> {
            var before = stored.declaration();
            return resources.update(
                    stored,
                    new Declaration(
                            before.topicName(),
                            before.partitions(),
                            replicationFactor,
                            before.config(),
                            before.assignment()));
        });
    }

    @Override
    public CompletionStage<Result> alterTopicConfig(
            String topic, Map<String, Optional<String>> changes, boolean replaceAll, boolean validateOnly) {
        var known = images.current().topic(topic);
        if (known.isEmpty()) {
            return done(unknown(topic));
        }
        var problems = TopicSettings.validate(changed(known.get().config(), changes, replaceAll));
        if (!problems.isEmpty()) {
            return done(
                    Result.failed(KafkaError.INVALID_CONFIG, problems.getFirst().toString()));
        }
        if (validateOnly) {
            return done(Result.ok(known.get().id()));
        }
        var deadline = Deadline.in(DEFAULT_LIMIT);
        return change(topic, deadline, stored -> {
                    var before = stored.declaration();
                    var config = changed(before.config(), changes, replaceAll);
                    return resources.update(
                            stored,
                            new Declaration(
                                    before.topicName(),
                                    before.partitions(),
                                    before.replicationFactor(),
                                    config,
                                    before.assignment()));
                })
                .thenCompose(result -> result.error() == KafkaError.NONE
                        ? await(
                                image -> shows(image, topic, changes),
                                deadline,
                                image -> Result.ok(known.get().id()))
                        : done(result));
    }

    private static Map<String, String> changed(
            Map<String, String> before, Map<String, Optional<String>> changes, boolean replaceAll) {
        var config = new HashMap<>(replaceAll ? Map.<String, String>of() : before);
        changes.forEach((key, value) -> value.ifPresentOrElse(set -> config.put(key, set), () -> config.remove(key)));
        return config;
    }

    private static boolean shows(ClusterImage image, String topic, Map<String, Optional<String>> changes) {
        return image.topic(topic)
                .filter(found -> changes.entrySet().stream()
                        .allMatch(change -> Optional.ofNullable(found.config().get(change.getKey()))
                                .equals(change.getValue())))
                .isPresent();
    }

    @Override
    public CompletionStage<ProducerIdBlock> allocateProducerIds() {
        return node.allocateProducerIds(DEFAULT_LIMIT);
    }

    /** Reads the resource and changes it, again and again while somebody else's writes come between. */
    private CompletionStage<Result> change(
            String topic, Deadline deadline, Function<Stored, CompletionStage<Written>> write) {
        return resources.find(topic).thenCompose(lookup -> switch (lookup) {
            case Lookup.Found(Stored stored) when stored.deleting() -> done(Result.ok(null));
            case Lookup.Found(Stored stored) ->
                write.apply(stored).thenCompose(written -> switch (written) {
                    case Written.Ok ok -> done(Result.ok(null));
                    case Written.Conflict conflict -> again(topic, deadline, write, "the resource keeps changing");
                    case Written.Refused(String reason) -> done(Result.failed(KafkaError.POLICY_VIOLATION, reason));
                    case Written.Unknown(String reason) -> again(topic, deadline, write, reason);
                });
            case Lookup.Absent absent -> done(unknown(topic));
            case Lookup.Unavailable(String reason) -> again(topic, deadline, write, reason);
        });
    }

    private CompletionStage<Result> again(
            String topic, Deadline deadline, Function<Stored, CompletionStage<Written>> write, String reason) {
        return deadline.isOver()
                ? done(Result.failed(KafkaError.REQUEST_TIMED_OUT, "The topic could not be changed in time: " + reason))
                : later(() -> change(topic, deadline, write));
    }

    private CompletionStage<Result> await(
            Predicate<ClusterImage> sight, Deadline deadline, Function<ClusterImage, Result> answer) {
        return watch.until(sight, deadline.left())
                .handle((image, failure) -> failure == null
                        ? answer.apply(image)
                        : Result.failed(
                                KafkaError.REQUEST_TIMED_OUT,
                                "The change is under way, but was not complete in time."));
    }

    private static Result unknown(String topic) {
        return Result.failed(KafkaError.UNKNOWN_TOPIC_OR_PARTITION, "Topic '" + topic + "' does not exist.");
    }

    private static CompletionStage<Result> done(Result result) {
        return CompletableFuture.completedStage(result);
    }

    private static CompletionStage<Result> later(Supplier<CompletionStage<Result>> step) {
        var pause = CompletableFuture.delayedExecutor(RETRY_PAUSE.toMillis(), TimeUnit.MILLISECONDS);
        return CompletableFuture.runAsync(() -> {}, pause).thenCompose(ignored -> step.get());
    }

    /** When a request must be answered, in monotonic time. */
    private record Deadline(long atNanos) {
        static Deadline in(Duration limit) {
            return new Deadline(System.nanoTime() + limit.toNanos());
        }

        boolean isOver() {
            return atNanos - System.nanoTime() <= 0;
        }

        Duration left() {
            return Duration.ofNanos(Math.max(0, atNanos - System.nanoTime()));
        }
    }
}
