// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eventfleet.api.contract.Annotations;
import io.eventfleet.api.contract.Finalizers;
import io.eventfleet.core.cluster.store.TopicDoc;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Topic resources as the documents that the controller reads, and back. Immutable and pure. */
final class TopicDocuments {
    private final String cluster;
    private final KubernetesSettings.TopicDefaults defaults;

    TopicDocuments(String cluster, KubernetesSettings.TopicDefaults defaults) {
        this.cluster = cluster;
        this.defaults = defaults;
    }

    /** True for Topics of this cluster; the others in the namespace are nobody's business here. */
    boolean isOurs(JsonNode topic) {
        return topic.path("spec").path("cluster").asText().equals(cluster);
    }

    TopicDoc topic(JsonNode topic) {
        var metadata = topic.path("metadata");
        var annotations = metadata.path("annotations");
        var spec = topic.path("spec");
        return new TopicDoc(
                metadata.path("uid").asText(),
                topicName(topic),
                spec.path("partitions").asInt(defaults.partitions()),
                spec.path("replicationFactor").asInt(defaults.replicationFactor()),
                new TreeMap<>(config(spec)),
                assignment(annotations.path(Annotations.ASSIGNMENT).asText("")),
                metadata.path("creationTimestamp").asText(),
                metadata.hasNonNull("deletionTimestamp"),
                hasFinalizer(metadata),
                isTrue(annotations, Annotations.RESTORE),
                isTrue(annotations, Annotations.CONFIRM_DELETION),
                delay(annotations.path(Annotations.DELETION_DELAY_MS)));
    }

    /** Writes a document over the object as it was read, or over one with metadata only. */
    void write(TopicDoc topic, ObjectNode object) {
        var spec = object.withObject("/spec").put("cluster", cluster);
        var name = object.path("metadata").path("name").asText();
        if (!name.equals(topic.topicName())) {
            spec.put("topicName", topic.topicName());
        }
        spec.put("partitions", topic.partitions()).put("replicationFactor", topic.replicationFactor());
        if (topic.config().isEmpty()) {
            spec.remove("config");
        } else {
            var config = spec.putObject("config");
            topic.config().forEach(config::put);
        }
        if (topic.finalizer() && !hasFinalizer(object.path("metadata"))) {
            object.withObject("/metadata").withArray("/finalizers").add(Finalizers.TOPIC);
        }
    }

    static String topicName(JsonNode topic) {
        var explicit = topic.path("spec").path("topicName");
        return explicit.isTextual()
                ? explicit.asText()
                : topic.path("metadata").path("name").asText();
    }

    static Map<String, String> config(JsonNode spec) {
        var config = new TreeMap<String, String>();
        spec.path("config")
                .properties()
                .forEach(setting ->
                        config.put(setting.getKey(), setting.getValue().asText()));
        return config;
    }

    /** {@code 0,1;1,2}: broker ids of partition 0, then of partition 1. */
    static String assignmentText(List<List<Integer>> assignment) {
        var partitions = new StringJoiner(";");
        for (var replicas : assignment) {
            var ids = new StringJoiner(",");
            replicas.forEach(id -> ids.add(Integer.toString(id)));
            partitions.add(ids.toString());
        }
        return partitions.toString();
    }

    static List<List<Integer>> assignment(String text) {
        var partitions = new ArrayList<List<Integer>>();
        try {
            for (var replicas : text.isEmpty() ? new String[0] : text.split(";")) {
                partitions.add(Arrays.stream(replicas.split(","))
                        .map(id -> Integer.valueOf(id.trim()))
                        .toList());
            }
            return partitions;
        } catch (NumberFormatException e) {
            // Edited by hand beyond recognition: place the partitions as if nobody had asked.
            return List.of();
        }
    }

    private static boolean hasFinalizer(JsonNode metadata) {
        for (var finalizer : metadata.path("finalizers")) {
            if (finalizer.asText().equals(Finalizers.TOPIC)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isTrue(JsonNode annotations, String name) {
        return annotations.path(name).asText().equals("true");
    }

    private static @Nullable Long delay(JsonNode text) {
        try {
            return text.isTextual() ? Math.max(0, Long.parseLong(text.asText())) : null;
        } catch (NumberFormatException e) {
            return null;
        }
    }
}
