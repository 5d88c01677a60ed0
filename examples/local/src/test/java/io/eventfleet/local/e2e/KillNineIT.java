// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** {@code kill -9} of every broker in turn, while an idempotent producer writes. */
@ExtendWith(SharedFleet.class)
class KillNineIT {
    private static final int PARTITIONS = 6;
    private static final String GROUP = "kill-nine";
    private static final int BETWEEN_KILLS = 200;
    private static final long BETWEEN_RECORDS_NS = 500_000;

    private final Fleet fleet;

    KillNineIT(Fleet fleet) {
        this.fleet = fleet;
    }

    @Test
    void everyAcknowledgedRecordIsThereOnceAndInOrder() throws Exception {
        String topic = "kill-nine";
        fleet.clients().createTopic(topic, PARTITIONS);
        try (Admin admin = fleet.clients().admin()) {
            admin.alterConsumerGroupOffsets(GROUP, Map.of(new TopicPartition(topic, 1), new OffsetAndMetadata(17)))
                    .all()
                    .get();
        }
        Production production = new Production(topic);
        Thread writer = Thread.ofPlatform().start(() -> production.run(fleet.clients()));
        try {
            fleet.eventually(() -> assertThat(production.progress()).allMatch(count -> count >= BETWEEN_KILLS));
            for (int broker = 0; broker < fleet.brokers(); broker++) {
                List<Integer> before = production.progress();
                fleet.killBroker(broker);
                // Every partition moves again: the broker is back, and so is what it leads.
                fleet.eventually(() -> {
                    List<Integer> now = production.progress();
                    for (int partition = 0; partition < PARTITIONS; partition++) {
                        assertThat(now.get(partition) - before.get(partition))
                                .as("acknowledged by partition %d", partition)
                                .isGreaterThanOrEqualTo(BETWEEN_KILLS);
                    }
                });
            }
        } finally {
            production.stop();
            writer.join();
        }

        assertThat(production.failures()).isEmpty();
        List<List<Integer>> written = production.acknowledgedByPartition();
        List<ConsumerRecord<String, String>> read = fleet.clients().readAll(topic, PARTITIONS);
        for (int partition = 0; partition < PARTITIONS; partition++) {
            int wanted = partition;
            assertThat(read.stream()
                            .filter(record -> record.partition() == wanted)
                            .map(record -> Integer.valueOf(record.value())))
                    .as("partition %d", partition)
                    .containsExactlyElementsOf(written.get(partition));
        }
        try (Admin admin = fleet.clients().admin()) {
            assertThat(admin.listConsumerGroupOffsets(GROUP)
                            .partitionsToOffsetAndMetadata()
                            .get()
                            .get(new TopicPartition(topic, 1))
                            .offset())
                    .isEqualTo(17);
        }
    }

    @Test
    void aReaderFromBeforeARestartIsFenced() throws Exception {
        String topic = "kill-nine-epoch";
        fleet.clients().createTopic(topic, 1);
        Node leader = fleet.clients().leader(topic, 0);
        fleet.killBroker(leader.id());

        fleet.eventually(() -> assertThat(new RawRequests(fleet.clients().leader(topic, 0)).fetch(topic, 0))
                .isEqualTo(Errors.FENCED_LEADER_EPOCH));
    }

    /** Writes 0, 1, 2, … to the partitions in turn until it is stopped, and keeps what was acknowledged. */
    private static final class Production {
        private final String topic;
        private final AtomicBoolean stopped = new AtomicBoolean();
        private final List<Exception> failures = Collections.synchronizedList(new ArrayList<>());
        private final List<List<Integer>> byPartition = new ArrayList<>();

        Production(String topic) {
            this.topic = topic;
            for (int partition = 0; partition < PARTITIONS; partition++) {
                byPartition.add(Collections.synchronizedList(new ArrayList<>()));
            }
        }

        void run(JavaClients clients) {
            Map<String, Object> settings = Map.of(
                    ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
                    true,
                    ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                    180_000,
                    ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                    10_000);
            try (KafkaProducer<String, String> producer = clients.producer(settings)) {
                for (int number = 0; !stopped.get(); number++) {
                    send(producer, number);
                    LockSupport.parkNanos(BETWEEN_RECORDS_NS);
                }
                producer.flush();
            }
        }

        private void send(KafkaProducer<String, String> producer, int number) {
            int partition = number % PARTITIONS;
            producer.send(
                    new ProducerRecord<>(topic, partition, null, Integer.toString(number)), (metadata, exception) -> {
                        if (exception != null) {
                            failures.add(exception);
                        } else {
                            byPartition.get(partition).add(number);
                        }
                    });
        }

        void stop() {
            stopped.set(true);
        }

        List<Integer> progress() {
            return byPartition.stream().map(List::size).toList();
        }

        List<Exception> failures() {
            return failures;
        }

        List<List<Integer>> acknowledgedByPartition() {
            return byPartition;
        }
    }
}
