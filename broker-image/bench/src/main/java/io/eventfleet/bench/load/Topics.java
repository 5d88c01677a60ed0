// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.bench.load;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.LeaderNotAvailableException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Creates the topics that a load works on. */
public final class Topics {
    private static final long LIMIT_S = 60;
    private static final Duration BETWEEN_QUESTIONS = Duration.ofMillis(50);

    private Topics() {}

    /**
     * Creates a topic with one replica and waits until every partition has a leader that answers. A load that begins earlier would measure
     * retries, and an idempotent producer whose first batch is refused while the second is taken does not recover at all.
     *
     * @throws LoadException if the broker refuses or does not answer in time
     */
    public static void create(String bootstrap, String topic, int partitions) {
        create(bootstrap, topic, partitions, (short) 1, 1);
    }

    /**
     * Creates a topic with so many replicas, of which some must be in sync, and waits as above. Other brokers than the one that answers may
     * take a while to know the topic, as Kafka's documentation of {@link Admin#createTopics} says.
     */
    public static void create(String bootstrap, String topic, int partitions, short replicas, int minInSync) {
        try (Admin admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap))) {
            NewTopic wanted = new NewTopic(topic, partitions, replicas)
                    .configs(Map.of("min.insync.replicas", Integer.toString(minInSync)));
            admin.createTopics(List.of(wanted)).all().get(LIMIT_S, TimeUnit.SECONDS);
            long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_S);
            while (!answers(admin, topic, partitions)) {
                if (System.nanoTime() - deadlineNs > 0) {
                    throw new LoadException("not every partition of " + topic + " has a leader that answers");
                }
                LockSupport.parkNanos(BETWEEN_QUESTIONS.toNanos());
            }
        } catch (ExecutionException | TimeoutException e) {
            throw new LoadException("cannot create topic " + topic, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LoadException("interrupted while creating topic " + topic, e);
        }
    }

    /** False while somebody does not know the topic yet. */
    private static boolean answers(Admin admin, String topic, int partitions)
            throws ExecutionException, InterruptedException, TimeoutException {
        Map<TopicPartition, OffsetSpec> ends = IntStream.range(0, partitions)
                .boxed()
                .collect(Collectors.toMap(
                        partition -> new TopicPartition(topic, partition), partition -> OffsetSpec.latest()));
        try {
            admin.listOffsets(ends).all().get(LIMIT_S, TimeUnit.SECONDS);
            return true;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException
                    || e.getCause() instanceof LeaderNotAvailableException) {
                return false;
            }
            throw e;
        }
    }
}
