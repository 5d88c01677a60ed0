// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.torture.workload;

import io.eventfleet.local.torture.history.Entry;
import io.eventfleet.local.torture.history.Event;
import io.eventfleet.local.torture.history.Event.Mode;
import io.eventfleet.local.torture.history.History;
import io.eventfleet.local.torture.history.Key;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * Reads in sessions of some seconds: either partitions of its own choice, or those that a group gives it. A session ends without a goodbye,
 * as a client does that crashes. One thread.
 */
final class Reader implements Runnable {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final long SHORTEST_SESSION_MS = 3_000;
    private static final long LONGEST_SESSION_MS = 15_000;
    private static final long AFTER_FAILURE_MS = 500;
    private static final int PARTITIONS_AT_ONCE = 4;
    private static final int STEP_BACK = 200;

    private final String bootstrap;
    private final Mode mode;
    private final Keys keys;
    private final History history;
    private final RandomGenerator random;
    private final AtomicInteger sessions;
    private volatile boolean stopping;

    /** @param sessions gives each session of the run a number */
    Reader(String bootstrap, Mode mode, Keys keys, History history, RandomGenerator random, AtomicInteger sessions) {
        this.bootstrap = bootstrap;
        this.mode = mode;
        this.keys = keys;
        this.history = history;
        this.random = random;
        this.sessions = sessions;
    }

    /** Ends {@link #run} after the present poll. */
    void stop() {
        stopping = true;
    }

    @Override
    public void run() {
        while (!stopping) {
            try {
                session();
            } catch (KafkaException _) {
                // A consumer that fails is a session that ends; what it saw is noted already.
                pauseAfterFailure();
            }
        }
    }

    private void pauseAfterFailure() {
        try {
            TimeUnit.MILLISECONDS.sleep(AFTER_FAILURE_MS);
        } catch (InterruptedException _) {
            stopping = true;
            Thread.currentThread().interrupt();
        }
    }

    private void session() {
        int session = sessions.getAndIncrement();
        long end = System.nanoTime()
                + TimeUnit.MILLISECONDS.toNanos(random.nextLong(SHORTEST_SESSION_MS, LONGEST_SESSION_MS));
        KafkaConsumer<String, String> consumer = consumer(bootstrap, mode);
        try {
            if (mode == Mode.ASSIGN) {
                assign(consumer, keys.toRead(PARTITIONS_AT_ONCE, random));
            } else {
                consumer.subscribe(keys.topics());
            }
            while (!stopping && System.nanoTime() < end) {
                ConsumerRecords<String, String> polled = consumer.poll(POLL);
                note(polled, session, mode, keys, history);
                if (mode == Mode.SUBSCRIBE && !polled.isEmpty()) {
                    consumer.commitSync();
                }
            }
        } finally {
            consumer.close(CloseOptions.timeout(Duration.ZERO));
        }
    }

    private void assign(KafkaConsumer<String, String> consumer, Set<Key> chosen) {
        Map<TopicPartition, Key> partitions = chosen.stream()
                .collect(Collectors.toMap(key -> new TopicPartition(key.topic(), key.partition()), key -> key));
        consumer.assign(partitions.keySet());
        partitions.forEach((partition, key) -> consumer.seek(partition, Math.max(0, keys.readUpTo(key) - STEP_BACK)));
    }

    /** Writes down what a poll brought. */
    static void note(ConsumerRecords<String, String> polled, int session, Mode mode, Keys keys, History history) {
        Map<Key, List<Entry>> byKey = new TreeMap<>();
        for (TopicPartition partition : polled.partitions()) {
            List<ConsumerRecord<String, String>> ofOne = polled.records(partition);
            if (!ofOne.isEmpty()) {
                byKey.put(
                        new Key(partition.topic(), partition.partition()),
                        ofOne.stream().map(ReplicaReader::entry).toList());
            }
        }
        byKey.forEach((key, entries) -> {
            history.add(new Event.Poll(history.now(), session, mode, key, entries));
            keys.read(key, entries.getLast().offset());
        });
    }

    static KafkaConsumer<String, String> consumer(String bootstrap, Mode mode) {
        Map<String, Object> settings = new TreeMap<>(Map.of(
                "bootstrap.servers", bootstrap,
                "enable.auto.commit", false,
                "auto.offset.reset", "earliest",
                "request.timeout.ms", 5_000,
                "default.api.timeout.ms", 10_000,
                "session.timeout.ms", 10_000,
                "reconnect.backoff.max.ms", 1_000));
        if (mode == Mode.SUBSCRIBE) {
            settings.put("group.id", "torture");
        }
        return new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer());
    }
}
