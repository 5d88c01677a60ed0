// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.api.admin;

import io.eventfleet.config.DescribedSetting;
import io.eventfleet.config.SettingType;
import io.eventfleet.config.TopicSettings;
import io.eventfleet.core.admin.ClusterAdmin;
import io.eventfleet.core.cluster.image.ClusterImages;
import io.eventfleet.core.cluster.image.TopicInfo;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** Checks changes of settings, whichever API they came by, and asks for them. Thread-safe. */
final class TopicConfigChanges {
    private static final String CLEANUP_POLICY = "cleanup.policy";

    private final ClusterAdmin admin;
    private final ClusterImages images;
    private final DescribedResources described;

    TopicConfigChanges(ClusterAdmin admin, ClusterImages images, DescribedResources described) {
        this.admin = admin;
        this.images = images;
        this.described = described;
    }

    /** One change of one key. */
    record Change(String key, OpType operation, @Nullable String value) {}

    /** The changes of one resource. */
    record Request(byte resourceType, String resourceName, List<Change> changes) {}

    /**
     * Applies the changes to a topic.
     *
     * @param replaceAll true drops every setting that is not named
     */
    CompletionStage<Outcome> apply(Request request, boolean replaceAll, boolean validateOnly) {
        if (ConfigResource.Type.forId(request.resourceType()) != ConfigResource.Type.TOPIC) {
            return CompletableFuture.completedFuture(notATopic(request));
        }
        var topic = images.current().topic(request.resourceName());
        if (topic.isEmpty()) {
            return CompletableFuture.completedFuture(Outcome.refused(
                    Errors.UNKNOWN_TOPIC_OR_PARTITION, "The topic '" + request.resourceName() + "' does not exist."));
        }
        var values = new HashMap<String, Optional<String>>();
        for (var change : request.changes()) {
            var refusal = resolve(topic.get(), change, values);
            if (!refusal.isDone()) {
                return CompletableFuture.completedFuture(refusal);
            }
        }
        var refusal = check(topic.get(), values, replaceAll);
        return refusal.isDone()
                ? Outcome.of(() -> admin.alterTopicConfig(topic.get().name(), values, replaceAll, validateOnly))
                : CompletableFuture.completedFuture(refusal);
    }

    private static Outcome notATopic(Request request) {
        return switch (ConfigResource.Type.forId(request.resourceType())) {
            case BROKER ->
                Outcome.refused(
                        Errors.INVALID_REQUEST,
                        "Cannot update " + keys(request)
                                + ": brokers take their settings from the EventCluster resource; change them there.");
            default ->
                Outcome.refused(
                        Errors.INVALID_REQUEST,
                        "Resource type " + DescribedResources.typeName(request.resourceType())
                                + " has no settings that can be altered.");
        };
    }

    private static String keys(Request request) {
        return request.changes().stream().map(Change::key).sorted().collect(Collectors.joining(", "));
    }

    /** Reduces a change to a new value, or to the key's default, and remembers it. */
    private Outcome resolve(TopicInfo topic, Change change, Map<String, Optional<String>> values) {
        if (values.containsKey(change.key())) {
            return Outcome.refused(Errors.INVALID_REQUEST, "Error due to duplicate config keys: " + change.key());
        }
        var definition = TopicSettings.definitions().get(change.key());
        if (definition == null) {
            return Outcome.refused(Errors.INVALID_CONFIG, "Unknown topic config name: " + change.key());
        }
        if (change.operation() == OpType.DELETE) {
            values.put(change.key(), Optional.empty());
            return Outcome.DONE;
        }
        var given = change.value();
        if (given == null) {
            return Outcome.refused(
                    Errors.INVALID_CONFIG, "Null value not supported for topic configs: " + change.key());
        }
        if (change.operation() == OpType.SET) {
            values.put(change.key(), Optional.of(given));
            return Outcome.DONE;
        }
        if (definition.setting().type() != SettingType.LIST) {
            return Outcome.refused(
                    Errors.INVALID_CONFIG,
                    "Can't " + change.operation() + " to key " + change.key() + " because its type is not LIST.");
        }
        values.put(change.key(), Optional.of(edited(inForce(topic, change.key()), change.operation(), given)));
        return Outcome.DONE;
    }

    private String inForce(TopicInfo topic, String key) {
        return switch (described.describe(ConfigResource.Type.TOPIC.id(), topic.name())) {
            case DescribedResources.Description.Found found ->
                found.settings().stream()
                        .filter(setting -> setting.name().equals(key))
                        .map(DescribedSetting::value)
                        .findFirst()
                        .orElse("");
            case DescribedResources.Description.Refused no -> "";
        };
    }

    private static String edited(String current, OpType operation, String given) {
        var words = new LinkedHashSet<>(words(current));
        if (operation == OpType.APPEND) {
            words.addAll(words(given));
        } else {
            words.removeAll(words(given));
        }
        return String.join(",", words);
    }

    private static List<String> words(String list) {
        return Arrays.stream(list.split(","))
                .map(String::trim)
                .filter(word -> !word.isEmpty())
                .toList();
    }

    private static Outcome check(TopicInfo topic, Map<String, Optional<String>> values, boolean replaceAll) {
        if (topic.internal() && (values.containsKey(CLEANUP_POLICY) || replaceAll)) {
            return Outcome.refused(
                    Errors.INVALID_CONFIG,
                    CLEANUP_POLICY + " of the internal topic '" + topic.name()
                            + "' is fixed: its records must not expire.");
        }
        var given = new HashMap<String, String>();
        values.forEach((key, value) -> value.ifPresent(text -> given.put(key, text)));
        var problems = TopicSettings.validate(given);
        return problems.isEmpty()
                ? Outcome.DONE
                : Outcome.refused(
                        Errors.INVALID_CONFIG,
                        problems.stream().map(Object::toString).collect(Collectors.joining("; ")));
    }
}
