// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.cluster.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eventfleet.core.KafkaError;
import io.eventfleet.core.admin.ReplicaAdmin.Election;
import io.eventfleet.core.cluster.BrokerEntry;
import io.eventfleet.core.cluster.Durability;
import io.eventfleet.core.cluster.PartitionLine;
import io.eventfleet.core.cluster.TopicLines;
import io.eventfleet.core.cluster.TopicState;
import io.eventfleet.core.cluster.VersionVector;
import io.eventfleet.core.cluster.image.BrokerInfo.BrokerState;
import io.eventfleet.core.cluster.image.Endpoint;
import io.eventfleet.core.cluster.message.DiskProof;
import io.eventfleet.core.cluster.message.Envelope;
import io.eventfleet.core.cluster.message.Message;
import io.eventfleet.core.cluster.message.PartitionOutcome;
import io.eventfleet.core.cluster.message.ReplicaTarget;
import io.eventfleet.core.cluster.message.Verdict;
import io.eventfleet.core.cluster.store.Fence;
import io.eventfleet.core.cluster.store.RegistryDoc;
import io.eventfleet.core.cluster.store.ShardDoc;
import io.eventfleet.core.log.TopicPartitionId;
import io.eventfleet.core.replication.IsrProposal;
import io.eventfleet.core.replication.IsrRefusal;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EnvelopeJsonTest {
    private static final UUID ID = UUID.fromString("0a000000-0000-4000-8000-000000000001");
    private static final VersionVector VECTOR = new VersionVector(1, 4, 9, new TreeMap<>(Map.of("orders-shard-0", 7L)));
    private static final Fence FENCE = new Fence(1, "c1", 4, 7, "4/x/7");
    private static final Endpoint ADDRESS = new Endpoint("orders-broker-0", 9093);

    static Stream<Message> messages() {
        var proof = new DiskProof("c1", 0, ID, 3, -1, Durability.SYNCED, "boot-1", "boot-2", null, VECTOR);
        var unformatted = new DiskProof(null, -1, ID, -1, -1, null, null, "boot-2", "volume", VersionVector.NOTHING);
        var listeners = new TreeMap<>(Map.of("plain", new Endpoint("h", 9092)));
        return Stream.of(
                new Message.Ping(),
                new Message.RegisterRequest("pod", proof, ADDRESS, listeners, "zone-a", -1),
                new Message.RegisterRequest("pod", unformatted, ADDRESS, listeners, null, 5),
                new Message.RegisterReply(Message.Registration.ACCEPTED, "c1", 5, Verdict.INTACT, VECTOR),
                new Message.RegisterReply(Message.Registration.SAFE_MODE, "c1", -1, null, VersionVector.NOTHING),
                new Message.RegisterAgain(5),
                new Message.Heartbeat(5, VECTOR, new TreeSet<>(Set.of(1, 2)), new TreeSet<>(Set.of(2))),
                new Message.HeartbeatAck(true, "store went back"),
                new Message.HeartbeatAck(false, null),
                new Message.MetadataPush("c1", 1, 2, registry(), new TreeMap<>(Map.of("orders-shard-0", shard()))),
                new Message.MetadataPush("c1", 1, 2, null, new TreeMap<>()),
                new Message.MetadataAck(5, VECTOR),
                new Message.MetadataNack(5, VECTOR),
                new Message.UnfenceRequest(5, VECTOR),
                new Message.PurgeConfirm(5, ID),
                new Message.ShutdownRequest(5),
                new Message.ShutdownReply(5, 3),
                new Message.StoppedNotice(5),
                new Message.ProducerIdsRequest(8),
                new Message.ProducerIdsReply(8, 1000, 1000),
                new Message.InternalTopicRequest("__consumer_offsets"),
                new Message.Superseded(6),
                new Message.AlterPartitions(
                        5,
                        List.of(new Message.NumberedProposal(
                                3,
                                new IsrProposal(
                                        new TopicPartitionId(ID, 1), 4, 9, new TreeMap<>(Map.of(0, 5L, 1, 6L)))))),
                new Message.AlterPartitionsReply(
                        new TreeMap<>(Map.of(3L, IsrRefusal.INELIGIBLE_REPLICA, 4L, IsrRefusal.OUTDATED))),
                new Message.ReassignRequest(
                        4,
                        List.of(
                                new ReplicaTarget(new TopicPartitionId(ID, 1), List.of(2, 0)),
                                new ReplicaTarget(new TopicPartitionId(ID, 2), List.of()))),
                new Message.ElectRequest(5, Election.UNCLEAN, List.of(new TopicPartitionId(ID, 1))),
                new Message.ReplicaChangeReply(
                        4,
                        List.of(new PartitionOutcome(
                                new TopicPartitionId(ID, 1), KafkaError.NO_REASSIGNMENT_IN_PROGRESS, "why"))),
                new Message.ReplicaDropped(5, new TopicPartitionId(ID, 1), 17));
    }

    @ParameterizedTest
    @MethodSource("messages")
    void carriesEveryMessage(Message message) throws JsonProcessingException {
        var envelope = new Envelope(1, ID, 5, -1, 0, null, message);

        var received = EnvelopeJson.fromJson(EnvelopeJson.toJson(envelope));

        assertThat(received).isEqualTo(envelope);
    }

    @Test
    void everyKindOfMessageIsTried() {
        var tried = messages().map(Object::getClass).distinct().toList();

        assertThat(tried).containsAll(kinds(Message.class).toList());
    }

    @Test
    void ignoresFieldsOfANewerVersion() throws JsonProcessingException {
        var envelope = new Envelope(1, ID, 5, 4, 0, ID, new Message.StoppedNotice(5));
        var json = EnvelopeJson.toJson(envelope);
        json.put("later", 1);
        ((ObjectNode) json.get("message")).put("later", "x");

        assertThat(EnvelopeJson.fromJson(json)).isEqualTo(envelope);
    }

    @Test
    void doesNotGuessAtMessagesOfANewerVersion() {
        var json = EnvelopeJson.toJson(new Envelope(1, ID, 5, 4, 0, ID, new Message.Ping()));
        ((ObjectNode) json.get("message")).put("type", "Teleport");

        assertThatThrownBy(() -> EnvelopeJson.fromJson(json)).isInstanceOf(JsonProcessingException.class);
    }

    private static Stream<Class<?>> kinds(Class<?> type) {
        var permitted = type.getPermittedSubclasses();
        return permitted == null ? Stream.of(type) : Stream.of(permitted).flatMap(EnvelopeJsonTest::kinds);
    }

    private static RegistryDoc registry() {
        var entry = new BrokerEntry(
                0,
                5,
                BrokerEntry.NEVER_UNFENCED,
                ID,
                "pod",
                List.of(ID),
                null,
                BrokerState.FENCED,
                ADDRESS,
                new TreeMap<>(Map.of("plain", ADDRESS)),
                "zone-a",
                new TreeMap<>());
        return new RegistryDoc(FENCE, new TreeMap<>(Map.of(0, entry)));
    }

    private static ShardDoc shard() {
        var lines = List.of(PartitionLine.created(0, List.of(0, 1), List.of(0), 5));
        var topic = new TopicLines(
                ID,
                "payments",
                "uid",
                TopicState.OPEN,
                true,
                1,
                1,
                2,
                0,
                0,
                new TreeMap<>(Map.of("retention.ms", "1")),
                lines,
                new TreeMap<>(Map.of("later", "kept")));
        return new ShardDoc(FENCE, 0, new TreeMap<>(Map.of(0, 5L)), new TreeMap<>(Map.of(ID, topic)));
    }
}
