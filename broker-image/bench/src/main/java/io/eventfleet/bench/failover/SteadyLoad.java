// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.bench.failover;

import io.eventfleet.bench.load.LoadException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * One producer that sends a small record to every partition in turn, at a steady rate, and tells a clock of each acknowledgement: idempotent,
 * acks=all, all else the client's default. Runs on a thread of its own until it is closed.
 */
final class SteadyLoad implements AutoCloseable {
    private static final int RECORD_BYTES = 100;
    private static final Duration SHORTEST_ROUND = Duration.ofMillis(10);
    private static final long RECORDS_PER_SECOND = 5_000;

    private final String bootstrap;
    private final String topic;
    private final int partitions;
    private final RecoveryClock clock;
    private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
    private final Thread sender;
    private volatile boolean stopping;

    private SteadyLoad(String bootstrap, String topic, int partitions, RecoveryClock clock) {
        this.bootstrap = bootstrap;
        this.topic = topic;
        this.partitions = partitions;
        this.clock = clock;
        this.sender = Thread.ofPlatform().daemon().name("steady-load").unstarted(this::send);
    }

    static SteadyLoad start(String bootstrap, String topic, int partitions, RecoveryClock clock) {
        SteadyLoad load = new SteadyLoad(bootstrap, topic, partitions, clock);
        load.sender.start();
        return load;
    }

    /** Time between two records to one partition: what the clock cannot see below. */
    static Duration resolution(int partitions) {
        Duration byRate = Duration.ofMillis(partitions * 1_000L / RECORDS_PER_SECOND);
        return byRate.compareTo(SHORTEST_ROUND) > 0 ? byRate : SHORTEST_ROUND;
    }

    private void send() {
        long roundNs = resolution(partitions).toNanos();
        byte[] value = new byte[RECORD_BYTES];
        try (Producer<byte[], byte[]> producer = new KafkaProducer<>(settings())) {
            long nextNs = System.nanoTime();
            while (!stopping && failure.get() == null) {
                for (int partition = 0; partition < partitions; partition++) {
                    int to = partition;
                    long sentNs = System.nanoTime();
                    producer.send(new ProducerRecord<>(topic, to, null, value), (metadata, exception) -> {
                        if (exception == null) {
                            clock.acknowledged(to, sentNs, System.nanoTime());
                        } else {
                            failure.compareAndSet(null, exception);
                        }
                    });
                }
                nextNs += roundNs;
                LockSupport.parkNanos(nextNs - System.nanoTime());
            }
        } catch (RuntimeException e) {
            failure.compareAndSet(null, e);
        }
    }

    private Map<String, Object> settings() {
        return Map.of(
                "bootstrap.servers",
                bootstrap,
                "acks",
                "all",
                "key.serializer",
                ByteArraySerializer.class,
                "value.serializer",
                ByteArraySerializer.class);
    }

    /**
     * Fails once a record was refused or its time was over.
     *
     * @throws LoadException with the reason
     */
    void check() {
        Exception reason = failure.get();
        if (reason != null) {
            throw new LoadException("a record was not acknowledged", reason);
        }
    }

    @Override
    public void close() {
        stopping = true;
        try {
            sender.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
