// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * The unmodified Java clients against one bootstrap address.
 *
 * @param bootstrap host and port
 */
record JavaClients(String bootstrap) {
    private static final Duration READ_LIMIT = Duration.ofSeconds(40);
    private static final Duration METADATA_LIMIT = Duration.ofSeconds(60);
    private static final Duration BETWEEN_QUESTIONS = Duration.ofMillis(50);

    Admin admin() {
        return Admin.create(Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrap,
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                40_000));
    }

    KafkaProducer<String, String> producer(Map<String, Object> settings) {
        Map<String, Object> all = new HashMap<>(Map.of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap,
                ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, StringSerializer.class,
                ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, StringSerializer.class));
        all.putAll(settings);
        return new KafkaProducer<>(all);
    }

    KafkaConsumer<String, String> consumer(Map<String, Object> settings) {
        Map<String, Object> all = new HashMap<>(Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrap,
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                "earliest",
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                false,
                ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG,
                StringDeserializer.class,
                ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG,
                StringDeserializer.class));
        all.putAll(settings);
        return new KafkaConsumer<>(all);
    }

    /** Creates a topic with one replica and waits until every broker knows it and every leader answers. */
    void createTopic(String topic, int partitions) throws Exception {
        createTopic(new NewTopic(topic, partitions, (short) 1));
    }

    /**
     * Creates a topic and waits until every broker knows it and every leader answers: {@link Admin#createTopics} promises neither when it
     * returns.
     */
    void createTopic(NewTopic topic) throws Exception {
        try (Admin admin = admin()) {
            var created = admin.createTopics(List.of(topic));
            created.all().get();
            int partitions = created.numPartitions(topic.name()).get();
            for (Node broker : admin.describeCluster().nodes().get()) {
                untilKnown(() -> new RawRequests(broker).describe(topic.name()));
            }
            Map<TopicPartition, OffsetSpec> ends = IntStream.range(0, partitions)
                    .boxed()
                    .collect(Collectors.toMap(
                            partition -> new TopicPartition(topic.name(), partition),
                            partition -> OffsetSpec.latest()));
            untilKnown(() -> {
                try {
                    admin.listOffsets(ends).all().get();
                    return Errors.NONE;
                } catch (ExecutionException e) {
                    return Errors.forException(e.getCause());
                }
            });
        }
    }

    /** Asks until the answer is no error; any error that does not mean "not yet" fails at once. */
    private static void untilKnown(Callable<Errors> question) {
        await().atMost(METADATA_LIMIT)
                .pollInterval(BETWEEN_QUESTIONS)
                .pollInSameThread()
                .until(question, answer -> {
                    assertThat(answer)
                            .isIn(Errors.NONE, Errors.UNKNOWN_TOPIC_OR_PARTITION, Errors.LEADER_NOT_AVAILABLE);
                    return answer == Errors.NONE;
                });
    }

    /** The broker that leads a partition, and its address. */
    Node leader(String topic, int partition) throws Exception {
        return describe(topic, partition).leader();
    }

    /** Leader, replicas and in-sync replicas of a partition. */
    TopicPartitionInfo describe(String topic, int partition) throws Exception {
        try (Admin admin = admin()) {
            return admin.describeTopics(List.of(topic))
                    .allTopicNames()
                    .get()
                    .get(topic)
                    .partitions()
                    .get(partition);
        }
    }

    /** Changes settings of a topic. */
    void alterTopic(String topic, Map<String, String> settings) throws Exception {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        List<AlterConfigOp> changes = settings.entrySet().stream()
                .map(entry ->
                        new AlterConfigOp(new ConfigEntry(entry.getKey(), entry.getValue()), AlterConfigOp.OpType.SET))
                .toList();
        try (Admin admin = admin()) {
            admin.incrementalAlterConfigs(Map.of(resource, changes)).all().get();
        }
    }

    /** Sends the values, in order, to one partition, and waits for every acknowledgement. */
    void produce(String topic, int partition, Map<String, Object> settings, List<String> values) throws Exception {
        try (KafkaProducer<String, String> producer = producer(settings)) {
            List<Future<RecordMetadata>> acknowledgements = new ArrayList<>();
            for (String value : values) {
                acknowledgements.add(producer.send(new ProducerRecord<>(topic, partition, null, value)));
            }
            for (Future<RecordMetadata> acknowledgement : acknowledgements) {
                assertThat(acknowledgement.get().partition()).isEqualTo(partition);
            }
        }
    }

    /** Everything between the start and the end that each partition has now, in the order of arrival. */
    List<ConsumerRecord<String, String>> readAll(String topic, int partitions) {
        try (KafkaConsumer<String, String> consumer = consumer(Map.of())) {
            List<TopicPartition> all = IntStream.range(0, partitions)
                    .mapToObj(partition -> new TopicPartition(topic, partition))
                    .toList();
            consumer.assign(all);
            consumer.seekToBeginning(all);
            Map<TopicPartition, Long> ends = consumer.endOffsets(all);
            List<ConsumerRecord<String, String>> records = new ArrayList<>();
            long limit = System.nanoTime() + READ_LIMIT.toNanos();
            while (all.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
                assertThat(System.nanoTime())
                        .as("time to read %s up to %s", topic, ends)
                        .isLessThan(limit);
                consumer.poll(Duration.ofMillis(200)).forEach(records::add);
            }
            return records;
        }
    }

    /** The values of a whole topic. */
    List<String> values(String topic, int partitions) {
        return readAll(topic, partitions).stream().map(ConsumerRecord::value).toList();
    }
}
