// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.cluster.transport;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eventfleet.core.cluster.BrokerEntry;
import io.eventfleet.core.cluster.BrokerText;
import io.eventfleet.core.cluster.ShardText;
import io.eventfleet.core.cluster.TopicLines;
import io.eventfleet.core.cluster.message.Envelope;
import io.eventfleet.core.cluster.message.Message;
import io.eventfleet.core.cluster.store.Fence;
import io.eventfleet.core.cluster.store.RegistryDoc;
import io.eventfleet.core.cluster.store.ShardDoc;
import java.io.IOException;
import java.util.TreeMap;
import java.util.UUID;

/**
 * Envelopes as JSON: records field by field, a message with its type's name in {@code type}, topics and brokers in the
 * same text form in which they are stored, so that fields of newer versions pass through unharmed. Fields that this
 * version does not know are ignored; a message type that it does not know is an {@link IOException}.
 */
final class EnvelopeJson {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .addModule(texts())
            .addMixIn(Message.class, TypeByName.class)
            .build();

    static {
        registerMessages(Message.class);
    }

    private EnvelopeJson() {}

    @JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME, property = "type")
    private interface TypeByName {}

    static ObjectNode toJson(Envelope envelope) {
        return JSON.valueToTree(envelope);
    }

    static Envelope fromJson(JsonNode json) throws JsonProcessingException {
        return JSON.treeToValue(json, Envelope.class);
    }

    private static void registerMessages(Class<?> type) {
        var permitted = type.getPermittedSubclasses();
        if (permitted == null) {
            JSON.registerSubtypes(type);
            return;
        }
        for (var subtype : permitted) {
            registerMessages(subtype);
        }
    }

    private static SimpleModule texts() {
        return new SimpleModule("texts")
                .addSerializer(ShardDoc.class, new ShardWriter())
                .addDeserializer(ShardDoc.class, new ShardReader())
                .addSerializer(RegistryDoc.class, new RegistryWriter())
                .addDeserializer(RegistryDoc.class, new RegistryReader());
    }

    private static final class ShardWriter extends JsonSerializer<ShardDoc> {
        @Override
        public void serialize(ShardDoc shard, JsonGenerator out, SerializerProvider provider) throws IOException {
            out.writeStartObject();
            out.writePOJOField("fence", shard.fence());
            out.writeNumberField("shardId", shard.shardId());
            out.writeObjectFieldStart("brokerEpochs");
            for (var stamp : shard.brokerEpochs().entrySet()) {
                out.writeNumberField(stamp.getKey().toString(), stamp.getValue());
            }
            out.writeEndObject();
            out.writeObjectFieldStart("topics");
            for (var topic : shard.topics().entrySet()) {
                out.writeStringField(topic.getKey().toString(), ShardText.encode(topic.getValue()));
            }
            out.writeEndObject();
            out.writeEndObject();
        }
    }

    private static final class ShardReader extends JsonDeserializer<ShardDoc> {
        @Override
        public ShardDoc deserialize(JsonParser in, DeserializationContext context) throws IOException {
            JsonNode json = in.readValueAsTree();
            var brokerEpochs = new TreeMap<Integer, Long>();
            json.path("brokerEpochs")
                    .properties()
                    .forEach(stamp -> brokerEpochs.put(
                            Integer.valueOf(stamp.getKey()), stamp.getValue().asLong()));
            var topics = new TreeMap<UUID, TopicLines>();
            json.path("topics").properties().forEach(topic -> {
                var id = UUID.fromString(topic.getKey());
                topics.put(id, ShardText.parse(id, topic.getValue().asText()));
            });
            return new ShardDoc(fence(in, json), json.path("shardId").asInt(), brokerEpochs, topics);
        }
    }

    private static final class RegistryWriter extends JsonSerializer<RegistryDoc> {
        @Override
        public void serialize(RegistryDoc registry, JsonGenerator out, SerializerProvider provider) throws IOException {
            out.writeStartObject();
            out.writePOJOField("fence", registry.fence());
            out.writeObjectFieldStart("brokers");
            for (var broker : registry.brokers().entrySet()) {
                out.writeStringField(broker.getKey().toString(), BrokerText.encode(broker.getValue()));
            }
            out.writeEndObject();
            out.writeEndObject();
        }
    }

    private static final class RegistryReader extends JsonDeserializer<RegistryDoc> {
        @Override
        public RegistryDoc deserialize(JsonParser in, DeserializationContext context) throws IOException {
            JsonNode json = in.readValueAsTree();
            var brokers = new TreeMap<Integer, BrokerEntry>();
            json.path("brokers").properties().forEach(broker -> {
                int id = Integer.parseInt(broker.getKey());
                brokers.put(id, BrokerText.parse(id, broker.getValue().asText()));
            });
            return new RegistryDoc(fence(in, json), brokers);
        }
    }

    private static Fence fence(JsonParser in, JsonNode json) throws IOException {
        return in.getCodec().treeToValue(json.path("fence"), Fence.class);
    }
}
