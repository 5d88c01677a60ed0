// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eventfleet.local.api.json.Json;
import io.eventfleet.local.fleet.Installation;
import io.eventfleet.local.fleet.SetupException;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The quickstart example as it is in the repository, with the number of brokers and the port that the user wants. */
final class Quickstart {
    private final List<ObjectNode> documents;

    private Quickstart(List<ObjectNode> documents) {
        this.documents = documents;
    }

    static Quickstart read(Installation installation) {
        var documents = new ArrayList<ObjectNode>();
        try (var files = Files.list(installation.quickstart())) {
            for (Path file :
                    files.filter(f -> f.toString().endsWith(".yaml")).sorted().toList()) {
                documents.addAll(Json.documents(file));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Quickstart(documents);
    }

    List<ObjectNode> ofKind(String kind) {
        return documents.stream()
                .filter(document -> document.path("kind").asText().equals(kind))
                .toList();
    }

    ObjectNode cluster() {
        return ofKind("EventCluster").stream()
                .findFirst()
                .orElseThrow(() -> new SetupException("the quickstart example holds no EventCluster"));
    }

    /** The cluster with other numbers. */
    ObjectNode cluster(int brokers, int port) {
        ObjectNode cluster = cluster().deepCopy();
        ObjectNode spec = (ObjectNode) cluster.get("spec");
        spec.put("replicas", brokers);
        for (JsonNode listener : spec.path("listeners")) {
            ((ObjectNode) listener).put("port", port);
        }
        return cluster;
    }

    /** The port of the first listener of a cluster that exists. */
    static int portOf(GenericKubernetesResource cluster) {
        return Json.MAPPER.valueToTree(cluster).at("/spec/listeners/0/port").asInt(9_092);
    }

    static String nameOf(ObjectNode document) {
        return document.path("metadata").path("name").asText();
    }

    /** The Kafka names of the topics. */
    List<String> topics() {
        return ofKind("Topic").stream()
                .map(topic -> topic.path("spec").path("topicName").asText(nameOf(topic)))
                .toList();
    }

    /** The Kafka id of the consumer group. */
    String groupId() {
        return ofKind("ConsumerGroup").stream()
                .map(group -> group.path("spec").path("groupId").asText(nameOf(group)))
                .findFirst()
                .orElse("demo");
    }
}
