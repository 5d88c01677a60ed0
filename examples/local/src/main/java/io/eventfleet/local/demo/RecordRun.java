// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.demo;

import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Produces records that carry their number, consumes them in a group of two members at the same time, and counts what was
 * lost or came twice.
 */
public final class RecordRun {
    private static final int MEMBERS = 2;
    private static final int KEYS = 1_000;
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration ALL_CONSUMED_WITHIN = Duration.ofMinutes(3);
    private static final int REPORTS = 5;

    /** What became of the records. */
    public record Outcome(int produced, int consumed, int lost, int duplicated) {
        /** True when every record that was acknowledged came exactly once. */
        public boolean isPerfect() {
            return lost == 0 && duplicated == 0 && consumed == produced;
        }
    }

    /** Called when all records have been consumed, while the members are still connected. */
    public interface WhileConnected {
        void run() throws InterruptedException;
    }

    private final String bootstrap;
    private final List<String> topics;
    private final String groupId;
    private final int records;
    private final Consumer<String> progress;
    private final BitSet seen = new BitSet();
    private final AtomicInteger consumed = new AtomicInteger();
    private final AtomicInteger acknowledged = new AtomicInteger();
    private final AtomicReference<Throwable> sendFailure = new AtomicReference<>();
    private final CountDownLatch complete = new CountDownLatch(1);
    private volatile boolean stopping;

    public RecordRun(String bootstrap, List<String> topics, String groupId, int records, Consumer<String> progress) {
        this.bootstrap = bootstrap;
        this.topics = List.copyOf(topics);
        this.groupId = groupId;
        this.records = records;
        this.progress = progress;
    }

    /**
     * Runs it once.
     *
     * @throws ExecutionException when a client fails
     * @throws TimeoutException when records are missing for too long
     */
    public Outcome execute(WhileConnected whileConnected)
            throws InterruptedException, ExecutionException, TimeoutException {
        try (var threads = Executors.newThreadPerTaskExecutor(
                Thread.ofPlatform().daemon().name("demo-", 0).factory())) {
            List<Future<?>> members = java.util.stream.IntStream.range(0, MEMBERS)
                    .<Future<?>>mapToObj(member -> threads.submit(() -> consume(member)))
                    .toList();
            try {
                produce();
                awaitAll(members);
                whileConnected.run();
            } finally {
                stopping = true;
            }
            for (Future<?> member : members) {
                member.get();
            }
        }
        int distinct;
        synchronized (seen) {
            distinct = seen.cardinality();
        }
        return new Outcome(acknowledged.get(), distinct, acknowledged.get() - distinct, consumed.get() - distinct);
    }

    private void produce() throws ExecutionException {
        try (var producer = new KafkaProducer<String, String>(properties(Map.of(
                ProducerConfig.ACKS_CONFIG, "all",
                ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, "true",
                ProducerConfig.LINGER_MS_CONFIG, "5",
                ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, StringSerializer.class.getName(),
                ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, StringSerializer.class.getName())))) {
            for (int number = 0; number < records && sendFailure.get() == null; number++) {
                String topic = topics.get(number % topics.size());
                String key = "key-" + number % KEYS;
                producer.send(new ProducerRecord<>(topic, key, String.valueOf(number)), (metadata, failure) -> {
                    if (failure == null) {
                        acknowledged.incrementAndGet();
                    } else {
                        sendFailure.compareAndSet(null, failure);
                    }
                });
                if ((number + 1) % Math.max(1, records / REPORTS) == 0) {
                    progress.accept("sent " + (number + 1) + ", acknowledged " + acknowledged.get() + ", consumed "
                            + consumed.get());
                }
            }
            producer.flush();
        }
        Throwable failure = sendFailure.get();
        if (failure != null) {
            throw new ExecutionException("a record was not accepted: " + failure.getMessage(), null);
        }
        progress.accept("all " + acknowledged.get() + " records acknowledged by all in-sync replicas");
    }

    private void awaitAll(List<Future<?>> members) throws InterruptedException, ExecutionException, TimeoutException {
        long deadlineNs = System.nanoTime() + ALL_CONSUMED_WITHIN.toNanos();
        checkComplete();
        while (!complete.await(1, TimeUnit.SECONDS)) {
            for (Future<?> member : members) {
                if (member.isDone()) {
                    member.get();
                }
            }
            if (System.nanoTime() > deadlineNs) {
                throw new TimeoutException("consumed " + consumed.get() + " of " + acknowledged.get()
                        + " records within " + ALL_CONSUMED_WITHIN.toSeconds() + " s");
            }
            checkComplete();
        }
        progress.accept("all records consumed and their offsets committed");
    }

    private void checkComplete() {
        synchronized (seen) {
            if (seen.cardinality() >= records) {
                complete.countDown();
            }
        }
    }

    private void consume(int member) {
        try (var consumer = new KafkaConsumer<String, String>(properties(Map.of(
                ConsumerConfig.GROUP_ID_CONFIG,
                groupId,
                ConsumerConfig.CLIENT_ID_CONFIG,
                "demo-member-" + member,
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                "earliest",
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                "false",
                ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG,
                StringDeserializer.class.getName(),
                ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG,
                StringDeserializer.class.getName())))) {
            // A partition that moves to the other member is handed over with its position, so that nothing comes twice.
            consumer.subscribe(topics, new HandOver(consumer));
            while (!stopping) {
                var batch = consumer.poll(POLL);
                for (ConsumerRecord<String, String> each : batch) {
                    account(each.value());
                }
                if (!batch.isEmpty()) {
                    consumer.commitSync();
                    checkComplete();
                }
            }
        }
    }

    private void account(String value) {
        int number = Integer.parseInt(value);
        synchronized (seen) {
            seen.set(number);
        }
        consumed.incrementAndGet();
    }

    private Properties properties(Map<String, String> own) {
        var properties = new Properties();
        properties.setProperty("bootstrap.servers", bootstrap);
        properties.putAll(own);
        return properties;
    }
}
