// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * An idempotent producer with acks=all on a thread of its own: writes 0, 1, 2, … to the partitions of a topic in turn until it is closed, and
 * keeps what was acknowledged, in that order.
 */
final class Production implements AutoCloseable {
    private static final long BETWEEN_RECORDS_NS = 500_000;

    private final Fleet fleet;
    private final String topic;
    private final AtomicBoolean stopped = new AtomicBoolean();
    private final List<Exception> failures = Collections.synchronizedList(new ArrayList<>());
    private final List<List<Integer>> byPartition;
    private final Thread writer;

    private Production(Fleet fleet, String topic, int partitions) {
        this.fleet = fleet;
        this.topic = topic;
        this.byPartition = IntStream.range(0, partitions)
                .mapToObj(partition -> Collections.synchronizedList(new ArrayList<Integer>()))
                .toList();
        this.writer = Thread.ofPlatform().name("production-" + topic).unstarted(this::run);
    }

    static Production start(Fleet fleet, String topic, int partitions) {
        Production production = new Production(fleet, topic, partitions);
        production.writer.start();
        return production;
    }

    private void run() {
        Map<String, Object> settings = Map.of(
                ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
                true,
                ProducerConfig.ACKS_CONFIG,
                "all",
                ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                180_000,
                ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                10_000);
        try (KafkaProducer<String, String> producer = fleet.clients().producer(settings)) {
            for (int number = 0; !stopped.get(); number++) {
                send(producer, number);
                LockSupport.parkNanos(BETWEEN_RECORDS_NS);
            }
            producer.flush();
        }
    }

    private void send(KafkaProducer<String, String> producer, int number) {
        int partition = number % byPartition.size();
        producer.send(new ProducerRecord<>(topic, partition, null, Integer.toString(number)), (metadata, exception) -> {
            if (exception != null) {
                failures.add(exception);
            } else {
                byPartition.get(partition).add(number);
            }
        });
    }

    /** How many records each partition has acknowledged. */
    List<Integer> progress() {
        return byPartition.stream().map(List::size).toList();
    }

    /** Waits until each partition has acknowledged so many more records. */
    void awaitMore(int records) {
        List<Integer> before = progress();
        fleet.eventually(() -> {
            List<Integer> now = progress();
            for (int partition = 0; partition < now.size(); partition++) {
                assertThat(now.get(partition) - before.get(partition))
                        .as("acknowledged by partition %d", partition)
                        .isGreaterThanOrEqualTo(records);
            }
        });
    }

    /** Checks that no send failed and that the topic holds exactly what was acknowledged, once and in order. */
    void assertNothingLostOrTwice() {
        Map<Integer, List<Integer>> read = new HashMap<>();
        for (ConsumerRecord<String, String> each : fleet.clients().readAll(topic, byPartition.size())) {
            read.computeIfAbsent(each.partition(), any -> new ArrayList<>()).add(Integer.valueOf(each.value()));
        }
        assertThat(failures).isEmpty();
        for (int partition = 0; partition < byPartition.size(); partition++) {
            assertThat(read.getOrDefault(partition, List.of()))
                    .as("partition %d", partition)
                    .containsExactlyElementsOf(byPartition.get(partition));
        }
    }

    /** Ends the production when everything that was sent is decided. */
    @Override
    public void close() {
        stopped.set(true);
        try {
            writer.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }
}
