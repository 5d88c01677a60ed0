// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.cluster.transport;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.UUID;

/** What travels between two brokers: one JSON object per frame, behind a length of four bytes. */
sealed interface PeerFrame {

    /**
     * First frame of either end.
     *
     * @param purpose what the end that opened the connection wants to do with it, see {@link PeerPurpose}; the other end
     *     has none
     */
    record Hello(PeerIdentity sender, String purpose) implements PeerFrame {}

    /** Asks for a {@link Pong}. */
    record Ping() implements PeerFrame {}

    /** Answers a {@link Ping}. */
    record Pong() implements PeerFrame {}

    /** A message with its envelope, see {@link EnvelopeJson}. */
    record Mail(JsonNode envelope) implements PeerFrame {}

    /** A frame of a newer version, to be ignored. */
    record Unknown(String type) implements PeerFrame {}

    /** The bytes are not a frame of this protocol; the connection that carried them is closed. */
    final class MalformedFrameException extends Exception {
        private static final long serialVersionUID = 1L;

        MalformedFrameException(Throwable cause) {
            super("not a frame of the internal protocol", cause);
        }
    }

    /** Encodes and decodes frames without their length. Stateless. */
    final class Codec {
        private static final ObjectMapper JSON = new ObjectMapper();
        private static final String FRAME = "frame";

        private Codec() {}

        static byte[] encode(PeerFrame frame) {
            try {
                return JSON.writeValueAsBytes(toJson(frame));
            } catch (JsonProcessingException e) {
                throw new IllegalStateException("a JSON tree can always be written", e);
            }
        }

        private static ObjectNode toJson(PeerFrame frame) {
            var json = JsonNodeFactory.instance.objectNode();
            return switch (frame) {
                case Hello(PeerIdentity sender, String purpose) -> {
                    json.put(FRAME, "hello")
                            .put("cluster", sender.cluster())
                            .put("brokerId", sender.brokerId())
                            .put("incarnation", sender.incarnation().toString());
                    yield purpose.equals(PeerPurpose.MESSAGES) ? json : json.put("purpose", purpose);
                }
                case Ping ignored -> json.put(FRAME, "ping");
                case Pong ignored -> json.put(FRAME, "pong");
                case Mail(JsonNode envelope) -> json.put(FRAME, "mail").set("envelope", envelope);
                case Unknown(String type) -> json.put(FRAME, type);
            };
        }

        static PeerFrame decode(ByteBuf bytes) throws MalformedFrameException {
            try (InputStream in = new ByteBufInputStream(bytes)) {
                return fromJson(JSON.readTree(in));
            } catch (IOException | IllegalArgumentException e) {
                throw new MalformedFrameException(e);
            }
        }

        private static PeerFrame fromJson(JsonNode json) {
            var type = text(json, FRAME);
            return switch (type) {
                case "hello" ->
                    new Hello(
                            new PeerIdentity(
                                    text(json, "cluster"),
                                    json.path("brokerId").asInt(-1),
                                    UUID.fromString(text(json, "incarnation"))),
                            json.path("purpose").asText(PeerPurpose.MESSAGES));
                case "ping" -> new Ping();
                case "pong" -> new Pong();
                case "mail" -> new Mail(json.path("envelope"));
                default -> new Unknown(type);
            };
        }

        private static String text(JsonNode json, String field) {
            var value = json.path(field);
            if (!value.isTextual()) {
                throw new IllegalArgumentException("no text in " + field);
            }
            return value.asText();
        }
    }
}
