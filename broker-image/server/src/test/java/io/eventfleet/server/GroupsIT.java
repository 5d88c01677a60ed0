// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.eventfleet.core.cluster.image.Endpoint;
import io.eventfleet.server.api.ClusterFixture;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Consumer groups of unmodified clients, in both protocols, over a broker that stops and starts again. */
class GroupsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final String TOPIC = "orders";
    private static final int PARTITIONS = 4;

    @TempDir
    Path data;

    private final ClusterFixture cluster = ClusterFixture.ofBrokers(1);
    private OneBroker broker;

    @BeforeEach
    void start() throws Exception {
        cluster.withTopic(TOPIC, PARTITIONS);
        broker = startBroker(quickly(Map.of()));
    }

    @AfterEach
    void stop() {
        broker.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void resumesWhereTheGroupCommittedAfterARestart(String protocol) throws Exception {
        produce(0, 200);
        try (var consumer = consumer(protocol, "billing")) {
            assertThat(consume(consumer, 200)).hasSize(200);
            consumer.commitSync();
        }
        broker.close();
        broker = startBroker(quickly(Map.of()));
        produce(200, 50);

        try (var consumer = consumer(protocol, "billing")) {
            assertThat(consume(consumer, 50)).isEqualTo(numbers(200, 50));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void sharesPartitionsAmongMembersAndHandsThemOver(String protocol) throws Exception {
        produce(0, 200);
        try (var first = consumer(protocol, "sharing")) {
            var seen = new ArrayList<>(consume(first, 200));
            try (var second = consumer(protocol, "sharing")) {
                await().atMost(PATIENCE).until(() -> {
                    poll(first).forEach(seen::add);
                    poll(second).forEach(seen::add);
                    return first.assignment().size() == PARTITIONS / 2
                            && second.assignment().size() == PARTITIONS / 2;
                });
                var both = new ArrayList<>(first.assignment());
                both.addAll(second.assignment());
                assertThat(both).doesNotHaveDuplicates().hasSize(PARTITIONS);
            }
            await().atMost(PATIENCE).until(() -> {
                poll(first).forEach(seen::add);
                return first.assignment().size() == PARTITIONS;
            });
            assertThat(Set.copyOf(seen)).isEqualTo(numbers(0, 200));
        }
    }

    @Test
    void survivesMembersThatOutliveTheBroker() throws Exception {
        produce(0, 20);
        try (var consumer = consumer("consumer", "lasting")) {
            assertThat(consume(consumer, 20)).hasSize(20);
            consumer.commitSync();
            var port = broker.bootstrap();
            broker.close();
            broker = startBroker(quickly(Map.of("listeners", "plain://" + port)));
            produce(20, 20);

            assertThat(consume(consumer, 20)).isEqualTo(numbers(20, 20));
            consumer.commitSync();
        }
    }

    @Test
    void showsAndChangesGroupsForAdministrators() throws Exception {
        produce(0, 40);
        try (var admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap()));
                var consumer = consumer("consumer", "shown")) {
            consume(consumer, 40);
            consumer.commitSync();

            assertThat(admin.listGroups().all().get(10, TimeUnit.SECONDS))
                    .extracting(group -> group.groupId())
                    .contains("shown");
            var described = admin.describeConsumerGroups(List.of("shown")).all().get(10, TimeUnit.SECONDS);
            assertThat(described.get("shown").groupState()).isEqualTo(GroupState.STABLE);
            assertThat(described.get("shown").members()).hasSize(1);
            var offsets = admin.listConsumerGroupOffsets("shown")
                    .partitionsToOffsetAndMetadata()
                    .get(10, TimeUnit.SECONDS);
            assertThat(offsets.values().stream()
                            .mapToLong(OffsetAndMetadata::offset)
                            .sum())
                    .isEqualTo(40);
        }
        try (var admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap()))) {
            await().atMost(PATIENCE)
                    .until(() -> admin.describeConsumerGroups(List.of("shown"))
                                    .all()
                                    .get(10, TimeUnit.SECONDS)
                                    .get("shown")
                                    .groupState()
                            == GroupState.EMPTY);
            var zero = new TopicPartition(TOPIC, 0);
            admin.alterConsumerGroupOffsets("shown", Map.of(zero, new OffsetAndMetadata(0)))
                    .all()
                    .get(10, TimeUnit.SECONDS);
            admin.deleteConsumerGroupOffsets("shown", Set.of(new TopicPartition(TOPIC, 1)))
                    .all()
                    .get(10, TimeUnit.SECONDS);
            var offsets = admin.listConsumerGroupOffsets("shown")
                    .partitionsToOffsetAndMetadata()
                    .get(10, TimeUnit.SECONDS);
            assertThat(offsets.get(zero).offset()).isZero();
            assertThat(offsets).doesNotContainKey(new TopicPartition(TOPIC, 1));

            admin.deleteConsumerGroups(List.of("shown")).all().get(10, TimeUnit.SECONDS);
            assertThat(admin.listGroups().all().get(10, TimeUnit.SECONDS)).isEmpty();
        }
    }

    /** A broker on the same folder, as after a restart: every partition has a new leader epoch. */
    private OneBroker startBroker(Map<String, String> settings) throws IOException {
        cluster.restart();
        return new OneBroker(
                data,
                new OneBroker.Surroundings(
                        1, cluster, cluster, port -> cluster.advertise(1, new Endpoint("127.0.0.1", port))),
                settings);
    }

    /** Members of the consumer protocol are told to ask often, so that rebalances are quick. */
    private static Map<String, String> quickly(Map<String, String> settings) {
        var all = new HashMap<>(settings);
        all.put("offsets.topic.num.partitions", "4");
        all.put("group.consumer.min.heartbeat.interval.ms", "100");
        all.put("group.consumer.heartbeat.interval.ms", "200");
        return all;
    }

    private void produce(int from, int count) {
        Map<String, Object> config = new HashMap<>();
        config.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, broker.bootstrap());
        try (var producer = new KafkaProducer<>(config, new StringSerializer(), new StringSerializer())) {
            for (int i = from; i < from + count; i++) {
                producer.send(new ProducerRecord<>(TOPIC, i % PARTITIONS, null, Integer.toString(i)));
            }
            producer.flush();
        }
    }

    private KafkaConsumer<String, String> consumer(String protocol, String group) {
        Map<String, Object> config = new HashMap<>();
        config.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, broker.bootstrap());
        config.put(ConsumerConfig.GROUP_ID_CONFIG, group);
        config.put(ConsumerConfig.GROUP_PROTOCOL_CONFIG, protocol);
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        if (protocol.equals("classic")) {
            config.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, 200);
        }
        var consumer = new KafkaConsumer<>(config, new StringDeserializer(), new StringDeserializer());
        consumer.subscribe(List.of(TOPIC));
        return consumer;
    }

    private static List<Integer> poll(KafkaConsumer<String, String> consumer) {
        var values = new ArrayList<Integer>();
        consumer.poll(POLL).forEach(record -> values.add(Integer.valueOf(record.value())));
        return values;
    }

    /** Polls until this many records came, and a little longer, so that one too many is seen. */
    private static Set<Integer> consume(KafkaConsumer<String, String> consumer, int count) {
        var all = new ArrayList<Integer>();
        await().atMost(PATIENCE).until(() -> {
            all.addAll(poll(consumer));
            return all.size() >= count;
        });
        all.addAll(poll(consumer));
        assertThat(all).hasSize(count).doesNotHaveDuplicates();
        return Set.copyOf(all);
    }

    private static Set<Integer> numbers(int from, int count) {
        return IntStream.range(from, from + count).boxed().collect(Collectors.toSet());
    }
}
