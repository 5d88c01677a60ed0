// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.demo;

import java.time.Duration;
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
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Produces records that carry their number, consumes them in a group of two members at the same time, lets somebody break something half
 * way, and counts what was lost or stored twice.
 */
public final class RecordRun {
    private static final int MEMBERS = 2;
    private static final int KEYS = 1_000;
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration ALL_CONSUMED_WITHIN = Duration.ofMinutes(3);
    private static final int REPORTS = 5;

    /**
     * What became of the records.
     *
     * @param failoverMs from the death of a broker until every partition that it led acknowledged again; -1 when one never did
     */
    public record Outcome(int produced, int consumed, int lost, int duplicated, long failoverMs) {
        /** True when every record that was acknowledged is there exactly once, and the partitions came back. */
        public boolean isPerfect() {
            return lost == 0 && duplicated == 0 && consumed == produced && failoverMs >= 0;
        }
    }

    /** Called when half of the records have been sent, while more are under way: kills a broker and starts the clock. */
    public interface HalfWay {
        void run(FailoverClock clock) throws InterruptedException, ExecutionException;
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
    private final Tally tally;
    private final FailoverClock failover = new FailoverClock();
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
        this.tally = new Tally(records);
    }

    /**
     * Runs it once.
     *
     * @throws ExecutionException when a client fails
     * @throws TimeoutException when records are missing for too long
     */
    public Outcome execute(HalfWay halfWay, WhileConnected whileConnected)
            throws InterruptedException, ExecutionException, TimeoutException {
        try (var threads = Executors.newThreadPerTaskExecutor(
                Thread.ofPlatform().daemon().name("demo-", 0).factory())) {
            List<Future<?>> members = java.util.stream.IntStream.range(0, MEMBERS)
                    .<Future<?>>mapToObj(member -> threads.submit(() -> consume(member)))
                    .toList();
            try {
                produce(halfWay);
                awaitAll(members);
                whileConnected.run();
            } finally {
                stopping = true;
            }
            for (Future<?> member : members) {
                member.get();
            }
        }
        if (tally.redelivered() > 0) {
            progress.accept(tally.redelivered() + " records came again after a member lost its partitions");
        }
        int distinct = tally.distinct();
        return new Outcome(
                acknowledged.get(),
                distinct,
                acknowledged.get() - distinct,
                tally.duplicated(),
                failover.elapsedMs().orElse(-1));
    }

    private void produce(HalfWay halfWay) throws ExecutionException, InterruptedException {
        try (var producer = new KafkaProducer<String, String>(properties(Map.of(
                ProducerConfig.ACKS_CONFIG, "all",
                ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, "true",
                ProducerConfig.LINGER_MS_CONFIG, "5",
                ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, StringSerializer.class.getName(),
                ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, StringSerializer.class.getName())))) {
            for (int number = 0; number < records && sendFailure.get() == null; number++) {
                if (number == records / 2) {
                    halfWay.run(failover);
                }
                String topic = topics.get(number % topics.size());
                long sentNs = System.nanoTime();
                String key = "key-" + number % KEYS;
                producer.send(new ProducerRecord<>(topic, key, String.valueOf(number)), (metadata, failure) -> {
                    if (failure == null) {
                        acknowledged.incrementAndGet();
                        failover.acknowledged(new TopicPartition(metadata.topic(), metadata.partition()), sentNs);
                    } else {
                        sendFailure.compareAndSet(null, failure);
                    }
                });
                if ((number + 1) % Math.max(1, records / REPORTS) == 0) {
                    progress.accept("sent " + (number + 1) + ", acknowledged " + acknowledged.get() + ", consumed "
                            + tally.distinct());
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
                throw new TimeoutException("consumed " + tally.distinct() + " of " + acknowledged.get()
                        + " records within " + ALL_CONSUMED_WITHIN.toSeconds() + " s");
            }
            checkComplete();
        }
        progress.accept("all records consumed and their offsets committed");
    }

    private void checkComplete() {
        if (tally.distinct() >= records) {
            complete.countDown();
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
            // A partition that moves to the other member is handed over with its position, so that nothing is read
            // twice.
            consumer.subscribe(topics, new HandOver(consumer));
            while (!stopping) {
                var batch = consumer.poll(POLL);
                for (ConsumerRecord<String, String> each : batch) {
                    tally.add(
                            Integer.parseInt(each.value()),
                            new TopicPartition(each.topic(), each.partition()),
                            each.offset());
                }
                if (!batch.isEmpty()) {
                    HandOver.commit(consumer);
                    checkComplete();
                }
            }
        }
    }

    private Properties properties(Map<String, String> own) {
        var properties = new Properties();
        properties.setProperty("bootstrap.servers", bootstrap);
        properties.putAll(own);
        return properties;
    }
}
