// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.NotLeaderOrFollowerException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DataPlaneIT {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    @TempDir
    static Path data;

    static OneBroker broker;

    @BeforeAll
    static void start() throws Exception {
        broker = new OneBroker(data, new FakeCluster(), Map.of());
    }

    @AfterAll
    static void stop() {
        broker.close();
        assertThat(broker.fault.get()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "gzip", "snappy", "lz4", "zstd"})
    void givesBackWhatWasProduced(String compression) throws Exception {
        var topic = "round-trip-" + compression;
        broker.cluster.put(topic, 2);
        var sent = produce(topic, 500, Map.of("compression.type", compression));

        assertThat(consume(topic, 2, 500, Map.of()))
                .extracting(ConsumerRecord::value)
                .containsExactlyInAnyOrderElementsOf(sent);
    }

    @Test
    void keepsTheOrderOfAPartitionThroughManyRequestsInFlight() throws Exception {
        broker.cluster.put("ordered", 1);
        var sent = produce("ordered", 5_000, Map.of("batch.size", "1000", "linger.ms", "0"));

        var received = consume("ordered", 1, 5_000, Map.of("fetch.max.bytes", "20000"));
        assertThat(received).extracting(ConsumerRecord::value).containsExactlyElementsOf(sent);
        assertThat(received)
                .extracting(ConsumerRecord::offset)
                .containsExactlyElementsOf(
                        IntStream.range(0, 5_000).mapToObj(i -> (long) i).toList());
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "1", "all"})
    void keepsWhatEveryKindOfAcknowledgementPromises(String acks) throws Exception {
        var topic = "acks-" + acks;
        broker.cluster.put(topic, 1);
        produce(topic, 100, Map.of("acks", acks, "enable.idempotence", "false"));

        assertThat(consume(topic, 1, 100, Map.of())).hasSize(100);
    }

    /** S19: a leader that hears nobody takes nothing that only it would hold; what needs the others is theirs to decide. */
    @Test
    void acknowledgesNothingAloneWhileItHearsNobody() throws Exception {
        broker.cluster.putReplicated("cut-off");
        broker.cluster.put("alone-anyway", 1);
        broker.contacts.setAlone(true);
        try {
            assertThatThrownBy(() -> send("cut-off", "1"))
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(NotLeaderOrFollowerException.class);
            assertThat(send("cut-off", "all")).isZero();
            assertThat(send("alone-anyway", "1")).isZero();

            broker.contacts.heard(FakeCluster.OTHER);
            assertThat(send("cut-off", "1")).isEqualTo(1);
        } finally {
            broker.contacts.setAlone(false);
        }
    }

    /** The offset that one record gets, without another attempt. */
    private static long send(String topic, String acks) throws Exception {
        try (var producer = producer(Map.of("acks", acks, "enable.idempotence", "false", "retries", "0"))) {
            return producer.send(new ProducerRecord<>(topic, "v")).get().offset();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void sharesATopicInAGroupAndRemembersOffsets(String protocol) throws Exception {
        var topic = "grouped-" + protocol;
        broker.cluster.put(topic, 2);
        produce(topic, 200, Map.of());
        var group = Map.of("group.id", "group-" + protocol, "group.protocol", protocol);

        try (var consumer = consumer(group)) {
            consumer.subscribe(List.of(topic));
            assertThat(poll(consumer, 200)).hasSize(200);
            consumer.commitSync(LIMIT);
        }
        produce(topic, 10, Map.of());
        try (var consumer = consumer(group)) {
            consumer.subscribe(List.of(topic));
            assertThat(poll(consumer, 10)).hasSize(10);
        }
    }

    @Test
    void waitsForNewRecordsAndDeliversThemAtOnce() throws Exception {
        broker.cluster.put("awaited", 1);
        try (var consumer = consumer(Map.of("fetch.max.wait.ms", "15000"))) {
            consumer.assign(List.of(new TopicPartition("awaited", 0)));
            consumer.seekToBeginning(consumer.assignment());
            assertThat(consumer.poll(Duration.ofMillis(300))).isEmpty();
            produce("awaited", 1, Map.of());

            assertThat(poll(consumer, 1)).hasSize(1);
        }
    }

    @Test
    void findsOffsetsByTime() throws Exception {
        broker.cluster.put("timed", 1);
        try (var producer = producer(Map.of("compression.type", "lz4"))) {
            for (long i = 0; i < 100; i++) {
                producer.send(new ProducerRecord<>("timed", 0, 1_000_000 + i * 10, "k", "v" + i));
            }
        }
        var partition = new TopicPartition("timed", 0);
        try (var admin = admin()) {
            assertThat(offset(admin, partition, OffsetSpec.earliest())).isZero();
            assertThat(offset(admin, partition, OffsetSpec.latest())).isEqualTo(100);
            assertThat(offset(admin, partition, OffsetSpec.maxTimestamp())).isEqualTo(99);
            assertThat(offset(admin, partition, OffsetSpec.forTimestamp(1_000_505)))
                    .isEqualTo(51);
            assertThat(offset(admin, partition, OffsetSpec.forTimestamp(2_000_000)))
                    .isEqualTo(-1);
        }
    }

    @Test
    void deletesRecordsUpToAnOffset() throws Exception {
        broker.cluster.put("trimmed", 1);
        produce("trimmed", 50, Map.of("batch.size", "100"));
        var partition = new TopicPartition("trimmed", 0);
        try (var admin = admin()) {
            var low = admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(20)))
                    .lowWatermarks()
                    .get(partition)
                    .get();

            assertThat(low.lowWatermark()).isEqualTo(20);
            assertThat(offset(admin, partition, OffsetSpec.earliest())).isEqualTo(20);
        }
        assertThat(consume("trimmed", 1, 30, Map.of()).getFirst().offset()).isEqualTo(20);
    }

    @Test
    void describesItselfAndItsTopics() throws Exception {
        try (var admin = admin()) {
            admin.createTopics(List.of(new NewTopic("described", 3, (short) 1)))
                    .all()
                    .get();
            var topic = admin.describeTopics(List.of("described"))
                    .allTopicNames()
                    .get()
                    .get("described");

            assertThat(topic.partitions()).hasSize(3).allMatch(p -> p.leader().id() == FakeCluster.ME);
            assertThat(admin.listTopics().names().get()).contains("described");
            assertThat(admin.describeCluster().nodes().get()).hasSize(2);
            assertThat(admin.describeCluster().clusterId().get()).isEqualTo("fake");
            assertThat(admin.describeFeatures().featureMetadata().get().finalizedFeatures())
                    .containsOnlyKeys("group.version");
        }
    }

    @Test
    void refusesABatchThatIsTooLarge() throws Exception {
        broker.cluster.put("small", 1, FakeCluster.ME, 1, Map.of("max.message.bytes", "1000"));
        try (var producer = producer(Map.of())) {
            var sending = producer.send(new ProducerRecord<>("small", "x".repeat(2_000)));

            assertThatThrownBy(sending::get)
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(RecordTooLargeException.class);
        }
    }

    @Test
    void deliversRecordsLargerThanTheFetchLimit() throws Exception {
        broker.cluster.put("large", 1);
        try (var producer = producer(Map.of())) {
            producer.send(new ProducerRecord<>("large", "x".repeat(500_000))).get();
        }

        assertThat(consume("large", 1, 1, Map.of("max.partition.fetch.bytes", "1000", "fetch.max.bytes", "1000")))
                .hasSize(1);
    }

    private static List<String> produce(String topic, int count, Map<String, String> settings) throws Exception {
        var values = new ArrayList<String>();
        try (var producer = producer(settings)) {
            for (int i = 0; i < count; i++) {
                var value = "value " + i + " of " + topic;
                values.add(value);
                producer.send(new ProducerRecord<>(topic, "key " + i, value));
            }
            producer.flush();
        }
        return values;
    }

    private static List<ConsumerRecord<String, String>> consume(
            String topic, int partitions, int count, Map<String, String> settings) {
        try (var consumer = consumer(settings)) {
            consumer.assign(IntStream.range(0, partitions)
                    .mapToObj(i -> new TopicPartition(topic, i))
                    .toList());
            consumer.seekToBeginning(consumer.assignment());
            return poll(consumer, count);
        }
    }

    private static List<ConsumerRecord<String, String>> poll(KafkaConsumer<String, String> consumer, int count) {
        var records = new ArrayList<ConsumerRecord<String, String>>();
        var deadline = System.nanoTime() + LIMIT.toNanos();
        while (records.size() < count && System.nanoTime() < deadline) {
            consumer.poll(Duration.ofMillis(200)).forEach(records::add);
        }
        return records;
    }

    private static long offset(Admin admin, TopicPartition partition, OffsetSpec spec) throws Exception {
        return admin.listOffsets(Map.of(partition, spec))
                .partitionResult(partition)
                .get()
                .offset();
    }

    private static KafkaProducer<String, String> producer(Map<String, String> settings) {
        return new KafkaProducer<>(client(settings), new StringSerializer(), new StringSerializer());
    }

    private static KafkaConsumer<String, String> consumer(Map<String, String> settings) {
        var all = new HashMap<>(settings);
        all.putIfAbsent("auto.offset.reset", "earliest");
        all.put("enable.auto.commit", "false");
        return new KafkaConsumer<>(client(all), new StringDeserializer(), new StringDeserializer());
    }

    private static Admin admin() {
        return Admin.create(client(Map.of()));
    }

    private static Properties client(Map<String, String> settings) {
        var properties = new Properties();
        properties.put("bootstrap.servers", broker.bootstrap());
        properties.putAll(settings);
        return properties;
    }
}
