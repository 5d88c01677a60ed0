// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.torture.workload;

import io.eventfleet.local.torture.history.Event;
import io.eventfleet.local.torture.history.Event.Outcome;
import io.eventfleet.local.torture.history.History;
import io.eventfleet.local.torture.history.Key;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Sends the next number of some partition, again and again. A producer that did not learn what became of a record is thrown away, because
 * what it does next would depend on what it does not know. One thread; callbacks come on the producer's own.
 */
final class Writer implements Runnable {
    private static final Duration BETWEEN_SENDS = Duration.ofMillis(10);
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(15);

    private final String bootstrap;
    private final Keys keys;
    private final History history;
    private final RandomGenerator random;
    private final AtomicInteger producers;
    private volatile boolean stopping;
    private volatile boolean uncertain;

    /** @param producers gives each producer object of the run a number */
    Writer(String bootstrap, Keys keys, History history, RandomGenerator random, AtomicInteger producers) {
        this.bootstrap = bootstrap;
        this.keys = keys;
        this.history = history;
        this.random = random;
        this.producers = producers;
    }

    /** Ends {@link #run} after the present record. */
    void stop() {
        stopping = true;
    }

    @Override
    public void run() {
        try {
            while (!stopping) {
                uncertain = false;
                useOneProducer();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void useOneProducer() throws InterruptedException {
        int number = producers.getAndIncrement();
        var producer = new KafkaProducer<>(settings(number), new StringSerializer(), new StringSerializer());
        try {
            for (long order = 0; !stopping && !uncertain; order++) {
                send(producer, number, order, keys.any(random));
                TimeUnit.NANOSECONDS.sleep(BETWEEN_SENDS.toNanos());
            }
        } finally {
            // What is under way after a doubt ends as uncertain; at the end of the run each record may still get its
            // answer.
            producer.close(uncertain ? Duration.ZERO : CLOSE_LIMIT);
        }
    }

    private void send(KafkaProducer<String, String> producer, int number, long order, Key key) {
        long value = keys.nextValue(key);
        long start = history.now();
        var toSend = new ProducerRecord<String, String>(key.topic(), key.partition(), null, Long.toString(value));
        try {
            producer.send(toSend, (metadata, failure) -> {
                if (failure == null) {
                    keys.acknowledged(key, metadata.offset());
                    add(start, number, order, key, value, Outcome.OK, metadata.offset(), "");
                } else {
                    failed(start, number, order, key, value, failure);
                }
            });
        } catch (KafkaException | IllegalStateException e) {
            failed(start, number, order, key, value, e);
        }
    }

    private void failed(long start, int number, long order, Key key, long value, Exception failure) {
        boolean certain = failure instanceof InvalidTopicException
                || failure instanceof RecordTooLargeException
                || failure instanceof AuthorizationException
                || failure instanceof SerializationException;
        if (!certain) {
            uncertain = true;
        }
        String error = failure.getClass().getSimpleName();
        add(start, number, order, key, value, certain ? Outcome.FAIL : Outcome.INFO, -1, error);
    }

    private void add(
            long start, int number, long order, Key key, long value, Outcome outcome, long offset, String error) {
        history.add(new Event.Send(start, history.now(), number, order, key, value, outcome, offset, error));
    }

    private Map<String, Object> settings(int number) {
        return Map.of(
                "bootstrap.servers", bootstrap,
                "client.id", "torture-writer-" + number,
                "acks", "all",
                "enable.idempotence", true,
                "linger.ms", 0,
                "delivery.timeout.ms", 10_000,
                "request.timeout.ms", 3_000,
                "max.block.ms", 10_000,
                "reconnect.backoff.max.ms", 1_000);
    }
}
