// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.torture.workload;

import io.eventfleet.local.torture.history.Event.Mode;
import io.eventfleet.local.torture.history.History;
import io.eventfleet.local.torture.history.Key;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicExistsException;
import org.jspecify.annotations.Nullable;

/** All clients of a run. New topics are created while it goes on. */
public final class Workload {
    private static final int WRITERS = 2;
    private static final int ASSIGNED_READERS = 2;
    private static final int GROUP_MEMBERS = 2;
    private static final int PARTITIONS = 2;
    private static final int TOPICS_AT_FIRST = 2;
    private static final int MOST_TOPICS = 6;
    private static final short REPLICAS = 3;
    private static final Map<String, String> TOPIC_SETTINGS = Map.of("min.insync.replicas", "2");
    private static final long BETWEEN_TOPICS_MS = 30_000;
    private static final int CREATE_LIMIT_MS = 15_000;
    private static final Duration FINAL_POLL = Duration.ofMillis(300);

    private final String bootstrap;
    private final History history;
    private final Keys keys = new Keys();
    private final AtomicInteger sessions = new AtomicInteger();
    private final List<Writer> writers = new ArrayList<>();
    private final List<Reader> readers = new ArrayList<>();
    private final EndObserver observer;
    private final List<Thread> writing = new ArrayList<>();
    private final List<Thread> reading = new ArrayList<>();
    private @Nullable Thread topics;
    private volatile boolean stopping;

    /** Prepares the clients; the same seed makes the same choices, as far as threads allow. */
    public Workload(String bootstrap, History history, long seed) {
        this.bootstrap = bootstrap;
        this.history = history;
        SplittableRandom random = new SplittableRandom(seed);
        AtomicInteger producers = new AtomicInteger();
        for (int number = 0; number < WRITERS; number++) {
            writers.add(new Writer(bootstrap, keys, history, random.split(), producers));
        }
        for (int number = 0; number < ASSIGNED_READERS + GROUP_MEMBERS; number++) {
            Mode mode = number < ASSIGNED_READERS ? Mode.ASSIGN : Mode.SUBSCRIBE;
            readers.add(new Reader(bootstrap, mode, keys, history, random.split(), sessions));
        }
        this.observer = new EndObserver(bootstrap, keys, history);
    }

    /** Creates the first topics and starts every client. */
    public void start() throws InterruptedException, ExecutionException, TimeoutException {
        for (int number = 0; number < TOPICS_AT_FIRST; number++) {
            createTopic(number);
        }
        writers.forEach(writer -> writing.add(thread("torture-writer", writer)));
        topics = thread("torture-topics", this::createTopics);
        readers.forEach(reader -> reading.add(thread("torture-reader", reader)));
        reading.add(thread("torture-ends", observer));
    }

    private static Thread thread(String name, Runnable work) {
        return Thread.ofPlatform().daemon().name(name).start(work);
    }

    private void createTopics() {
        int number = TOPICS_AT_FIRST;
        try {
            while (!stopping && number < MOST_TOPICS) {
                TimeUnit.MILLISECONDS.sleep(BETWEEN_TOPICS_MS);
                try {
                    createTopic(number);
                    number++;
                } catch (ExecutionException | TimeoutException _) {
                    // Bad times for administration; the same topic is tried again.
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void createTopic(int number) throws InterruptedException, ExecutionException, TimeoutException {
        String topic = "torture-" + number;
        try (Admin admin = Admin.create(Map.of(
                "bootstrap.servers",
                bootstrap,
                "default.api.timeout.ms",
                CREATE_LIMIT_MS,
                "request.timeout.ms",
                CREATE_LIMIT_MS))) {
            admin.createTopics(List.of(new NewTopic(topic, PARTITIONS, REPLICAS).configs(TOPIC_SETTINGS)))
                    .all()
                    .get(CREATE_LIMIT_MS, TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            // An earlier attempt whose answer was lost has done it.
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw e;
            }
        }
        for (int partition = 0; partition < PARTITIONS; partition++) {
            keys.add(new Key(topic, partition));
        }
    }

    /** Stops writing; each record gets its outcome. */
    public void stopWriting() throws InterruptedException {
        stopping = true;
        writers.forEach(Writer::stop);
        if (topics != null) {
            topics.interrupt();
            topics.join();
        }
        for (Thread thread : writing) {
            thread.join();
        }
    }

    /** Stops the readers of the run. */
    public void stopReading() throws InterruptedException {
        readers.forEach(Reader::stop);
        observer.stop();
        for (Thread thread : reading) {
            thread.join();
        }
    }

    /**
     * Reads every partition once more from its start to its end, with a consumer that knows nothing.
     *
     * @return false when the end was not reached in time; what was read is noted
     */
    public boolean readEverything(Duration atMost) {
        int session = sessions.getAndIncrement();
        Map<TopicPartition, Key> partitions = keys.all().stream()
                .collect(Collectors.toMap(key -> new TopicPartition(key.topic(), key.partition()), key -> key));
        long deadline = System.nanoTime() + atMost.toNanos();
        try (KafkaConsumer<String, String> consumer = Reader.consumer(bootstrap, Mode.ASSIGN)) {
            consumer.assign(partitions.keySet());
            consumer.seekToBeginning(partitions.keySet());
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions.keySet(), atMost);
            while (System.nanoTime() < deadline) {
                Reader.note(consumer.poll(FINAL_POLL), session, Mode.ASSIGN, keys, history);
                if (ends.entrySet().stream().allMatch(end -> consumer.position(end.getKey()) >= end.getValue())) {
                    return true;
                }
            }
        } catch (KafkaException _) {
            return false;
        }
        return false;
    }

    /** Every partition that was written to. */
    public List<Key> keys() {
        return List.copyOf(keys.all());
    }
}
