// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.bench.load;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * One consumer without a group that reads whole partitions from their start, with the client's defaults but for the size of a poll.
 *
 * @param topic existing topic
 * @param partitions how many partitions it has; all are read
 */
public record ConsumeLoad(String topic, int partitions) {
    private static final int MAX_POLL_RECORDS = 5_000;
    private static final Duration POLL = Duration.ofMillis(500);
    private static final int MAX_SILENT_POLLS = 20;

    /**
     * Reads that many records.
     *
     * @throws LoadException if they do not arrive, or more often than they were written
     */
    public Transfer run(String bootstrap, long records) {
        List<TopicPartition> assignment = IntStream.range(0, partitions)
                .mapToObj(partition -> new TopicPartition(topic, partition))
                .toList();
        try (Consumer<byte[], byte[]> consumer = new KafkaConsumer<>(settings(bootstrap))) {
            consumer.assign(assignment);
            consumer.seekToBeginning(assignment);
            assignment.forEach(consumer::position); // looked up before the clock runs
            long received = 0;
            long bytes = 0;
            int silent = 0;
            long start = System.nanoTime();
            while (received < records) {
                var polled = consumer.poll(POLL);
                silent = polled.isEmpty() ? silent + 1 : 0;
                if (silent > MAX_SILENT_POLLS) {
                    throw new LoadException("received " + received + " of " + records + " records and then none");
                }
                for (ConsumerRecord<byte[], byte[]> record : polled) {
                    bytes += record.value().length;
                    received++;
                }
            }
            long elapsed = System.nanoTime() - start;
            if (received != records) {
                throw new LoadException("received " + received + " records, written were " + records);
            }
            return new Transfer(received, bytes, elapsed);
        }
    }

    private static Map<String, Object> settings(String bootstrap) {
        return Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrap,
                ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                MAX_POLL_RECORDS,
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                false,
                ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG,
                ByteArrayDeserializer.class,
                ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG,
                ByteArrayDeserializer.class);
    }
}
