// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eventfleet.core.cluster.BrokerEntry;
import io.eventfleet.core.cluster.BrokerText;
import io.eventfleet.core.cluster.ShardText;
import io.eventfleet.core.cluster.TopicLines;
import io.eventfleet.core.cluster.store.Fence;
import io.eventfleet.core.cluster.store.FencedBody;
import io.eventfleet.core.cluster.store.RegistryDoc;
import io.eventfleet.core.cluster.store.RootDoc;
import io.eventfleet.core.cluster.store.ShardDoc;
import java.util.ArrayList;
import java.util.TreeMap;
import java.util.UUID;

/**
 * The {@code spec} of ClusterMeta, BrokerRegistry and PartitionShard as typed documents, and back. Writing replaces the
 * fields that this version knows and leaves the others in place. Pure.
 */
final class MetadataDocuments {
    private static final String BROKERS = "brokers";
    private static final String BROKER_EPOCHS = "brokerEpochs";
    private static final String TOPICS = "topics";
    private static final String SHARDS = "shards";

    private MetadataDocuments() {}

    /** Reads a root. Throws IllegalArgumentException if the spec is not one. */
    static RootDoc root(JsonNode spec) {
        var shards = new ArrayList<String>();
        spec.path(SHARDS).forEach(name -> shards.add(name.asText()));
        var incarnation = spec.path("controllerIncarnation");
        return new RootDoc(
                fence(spec),
                spec.path("controllerId").asInt(-1),
                incarnation.isTextual() && !incarnation.asText().isEmpty()
                        ? UUID.fromString(incarnation.asText())
                        : null,
                number(spec, "nextBrokerEpoch"),
                number(spec, "nextProducerIdBlock"),
                shards,
                Math.toIntExact(number(spec, "featureLevel")));
    }

    /** Reads a registry. Throws IllegalArgumentException if the spec is not one. */
    static RegistryDoc registry(JsonNode spec) {
        var brokers = new TreeMap<Integer, BrokerEntry>();
        spec.path(BROKERS).properties().forEach(broker -> {
            int id = Integer.parseInt(broker.getKey());
            brokers.put(id, BrokerText.parse(id, broker.getValue().asText()));
        });
        return new RegistryDoc(fence(spec), brokers);
    }

    /** Reads a shard. Throws IllegalArgumentException if the spec is not one. */
    static ShardDoc shard(JsonNode spec) {
        var stamps = new TreeMap<Integer, Long>();
        spec.path(BROKER_EPOCHS)
                .properties()
                .forEach(stamp -> stamps.put(
                        Integer.valueOf(stamp.getKey()), stamp.getValue().asLong()));
        var topics = new TreeMap<UUID, TopicLines>();
        spec.path(TOPICS).properties().forEach(topic -> {
            var id = UUID.fromString(topic.getKey());
            topics.put(id, ShardText.parse(id, topic.getValue().asText()));
        });
        return new ShardDoc(fence(spec), Math.toIntExact(number(spec, "shardId")), stamps, topics);
    }

    /** Writes a document over the spec as it was read, or over an empty one. */
    static void write(FencedBody body, ObjectNode spec) {
        var fence = body.fence();
        spec.put("storeGeneration", fence.storeGeneration())
                .put("clusterId", fence.clusterId())
                .put("controllerEpoch", fence.controllerEpoch())
                .put("version", fence.version())
                .put("writeToken", fence.writeToken());
        switch (body) {
            case RootDoc root -> write(root, spec);
            case RegistryDoc registry -> {
                var brokers = spec.putObject(BROKERS);
                registry.brokers().forEach((id, broker) -> brokers.put(id.toString(), BrokerText.encode(broker)));
            }
            case ShardDoc shard -> {
                spec.put("shardId", shard.shardId());
                var stamps = spec.putObject(BROKER_EPOCHS);
                shard.brokerEpochs().forEach((id, epoch) -> stamps.put(id.toString(), epoch));
                var topics = spec.putObject(TOPICS);
                shard.topics().forEach((id, lines) -> topics.put(id.toString(), ShardText.encode(lines)));
            }
        }
    }

    private static void write(RootDoc root, ObjectNode spec) {
        if (root.controllerId() >= 0) {
            spec.put("controllerId", root.controllerId());
        }
        if (root.controllerIncarnation() != null) {
            spec.put("controllerIncarnation", root.controllerIncarnation().toString());
        }
        spec.put("nextBrokerEpoch", root.nextBrokerEpoch())
                .put("nextProducerIdBlock", root.nextProducerId())
                .put("featureLevel", root.featureLevel());
        var shards = spec.putArray(SHARDS);
        root.shards().forEach(shards::add);
    }

    private static Fence fence(JsonNode spec) {
        return new Fence(
                number(spec, "storeGeneration"),
                text(spec, "clusterId"),
                Math.toIntExact(number(spec, "controllerEpoch")),
                number(spec, "version"),
                text(spec, "writeToken"));
    }

    private static long number(JsonNode spec, String field) {
        var value = spec.path(field);
        if (!value.canConvertToLong()) {
            throw new IllegalArgumentException("no number in spec." + field);
        }
        return value.asLong();
    }

    private static String text(JsonNode spec, String field) {
        var value = spec.path(field);
        if (!value.isTextual()) {
            throw new IllegalArgumentException("no text in spec." + field);
        }
        return value.asText();
    }
}
