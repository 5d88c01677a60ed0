// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.CRC32;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.ExtendWith;

/** Requests in good form with bad content: Kafka's error for each, and the log holds what was good. */
@ExtendWith(SharedFleet.class)
class BadRecordsIT {
    private static final int CRC_OFFSET = 17;

    private final Fleet fleet;
    private String topic;
    private Node leader;

    BadRecordsIT(Fleet fleet) {
        this.fleet = fleet;
    }

    @BeforeEach
    void createATopic(TestInfo test) throws Exception {
        topic = "bad-" + test.getTestMethod().orElseThrow().getName();
        fleet.clients().createTopic(topic, 1);
        leader = fleet.clients().leader(topic, 0);
    }

    @Test
    void refusesABatchWhoseChecksumIsWrong() throws Exception {
        ByteBuffer records = records("good").buffer();
        records.put(CRC_OFFSET, (byte) ~records.get(CRC_OFFSET));

        assertThat(new RawRequests(leader).produce(topic, records)).isEqualTo(Errors.CORRUPT_MESSAGE);
        assertThatTheLogHolds();
    }

    @Test
    void refusesABatchThatIsCutShort() throws Exception {
        ByteBuffer records = records("good").buffer();
        records.limit(records.limit() - 3);

        assertThat(new RawRequests(leader).produce(topic, records)).isIn(Errors.CORRUPT_MESSAGE, Errors.INVALID_RECORD);
        assertThatTheLogHolds();
    }

    @Test
    void refusesMessagesOfTheFormatsBeforeBatches() throws Exception {
        assertThat(new RawRequests(leader).produce(topic, legacyMessage((byte) 0)))
                .isEqualTo(Errors.INVALID_RECORD);
        assertThat(new RawRequests(leader).produce(topic, legacyMessage((byte) 1)))
                .isEqualTo(Errors.INVALID_RECORD);
        assertThatTheLogHolds();
    }

    @Test
    void refusesRecordsForATopicThatThereIsNot() throws Exception {
        assertThat(new RawRequests(leader)
                        .produce("nobody-made-this", records("lost").buffer()))
                .isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
    }

    @Test
    void refusesRecordsAndReadersAtABrokerThatDoesNotLead() throws Exception {
        Node other = fleet.nodes().stream()
                .filter(node -> node.id() != leader.id())
                .findFirst()
                .orElseThrow();

        assertThat(new RawRequests(other).produce(topic, records("elsewhere").buffer()))
                .isEqualTo(Errors.NOT_LEADER_OR_FOLLOWER);
        assertThat(new RawRequests(other).fetch(topic, RawRequests.NO_EPOCH)).isEqualTo(Errors.NOT_LEADER_OR_FOLLOWER);
        assertThatTheLogHolds();
    }

    @Test
    void refusesReadersFromAnEpochThatHasNotBegun() throws Exception {
        RawRequests requests = new RawRequests(leader);

        assertThat(requests.fetch(topic, Integer.MAX_VALUE)).isEqualTo(Errors.UNKNOWN_LEADER_EPOCH);
        assertThat(requests.fetch(topic, RawRequests.NO_EPOCH)).isEqualTo(Errors.NONE);
    }

    @Test
    void keepsTheSequenceOfAnIdempotentProducer() throws Exception {
        AtomicLong assigned = new AtomicLong();
        fleet.eventually(() -> assigned.set(new RawRequests(leader).newProducerId()));
        long producerId = assigned.get();

        assertThat(new RawRequests(leader).produce(topic, sequenced(producerId, 1, 0, "a", "b")))
                .isEqualTo(Errors.NONE);
        assertThat(new RawRequests(leader).produce(topic, sequenced(producerId, 1, 5, "gap")))
                .isEqualTo(Errors.OUT_OF_ORDER_SEQUENCE_NUMBER);
        assertThat(new RawRequests(leader).produce(topic, sequenced(producerId, 1, 0, "a", "b")))
                .as("the same batch again is acknowledged, not appended")
                .isEqualTo(Errors.NONE);
        assertThat(new RawRequests(leader).produce(topic, sequenced(producerId, 0, 2, "old epoch")))
                .isEqualTo(Errors.INVALID_PRODUCER_EPOCH);
        assertThat(new RawRequests(leader).produce(topic, sequenced(producerId, 1, 2, "c")))
                .isEqualTo(Errors.NONE);
        assertThatTheLogHolds("a", "b", "c");
    }

    @Test
    void refusesTimestampsOutOfBounds() throws Exception {
        long future = System.currentTimeMillis() + Duration.ofHours(3).toMillis();
        try (KafkaProducer<String, String> producer = fleet.clients().producer(Map.of())) {
            assertThatThrownBy(() -> producer.send(new ProducerRecord<>(topic, 0, future, null, "from tomorrow"))
                            .get())
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(InvalidTimestampException.class);
            producer.send(new ProducerRecord<>(topic, 0, null, "from today")).get();
        }
        assertThatTheLogHolds("from today");
    }

    @Test
    void refusesABatchOverTheTopicsLimit() throws Exception {
        fleet.clients().alterTopic(topic, Map.of("max.message.bytes", "1000"));
        try (KafkaProducer<String, String> producer = fleet.clients().producer(Map.of())) {
            fleet.eventually(() -> assertThatThrownBy(
                            () -> producer.send(new ProducerRecord<>(topic, 0, null, "x".repeat(2_000)))
                                    .get())
                    .hasCauseInstanceOf(RecordTooLargeException.class));
        }
    }

    private void assertThatTheLogHolds(String... values) {
        assertThat(fleet.clients().values(topic, 1)).containsExactly(values);
    }

    private static MemoryRecords records(String... values) {
        return MemoryRecords.withRecords(Compression.NONE, simple(values));
    }

    private static ByteBuffer sequenced(long producerId, int producerEpoch, int sequence, String... values) {
        return MemoryRecords.withIdempotentRecords(
                        Compression.NONE, producerId, (short) producerEpoch, sequence, simple(values))
                .buffer();
    }

    private static SimpleRecord[] simple(String... values) {
        SimpleRecord[] records = new SimpleRecord[values.length];
        for (int i = 0; i < values.length; i++) {
            records[i] = new SimpleRecord(System.currentTimeMillis(), values[i].getBytes(StandardCharsets.UTF_8));
        }
        return records;
    }

    /** One message as Kafka wrote it before 0.11: offset, size, checksum, magic, attributes, timestamp from magic 1 on, key, value. */
    private static ByteBuffer legacyMessage(byte magic) {
        byte[] value = "old".getBytes(StandardCharsets.UTF_8);
        ByteBuffer body = ByteBuffer.allocate(64).put(magic).put((byte) 0);
        if (magic > 0) {
            body.putLong(System.currentTimeMillis());
        }
        body.putInt(-1).putInt(value.length).put(value).flip();
        CRC32 crc = new CRC32();
        crc.update(body.duplicate());
        return ByteBuffer.allocate(128)
                .putLong(0)
                .putInt(Integer.BYTES + body.remaining())
                .putInt((int) crc.getValue())
                .put(body)
                .flip();
    }
}
