// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.cluster.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventfleet.config.BrokerConfig;
import io.eventfleet.core.KafkaError;
import io.eventfleet.core.admin.ClusterAdmin.NewTopic;
import io.eventfleet.core.admin.ClusterAdmin.ProducerIdBlock;
import io.eventfleet.core.admin.ClusterAdmin.Result;
import io.eventfleet.core.admin.ReplicaAdmin;
import io.eventfleet.core.admin.TopicResources;
import io.eventfleet.core.cluster.image.ClusterImage;
import io.eventfleet.core.cluster.image.ClusterImages;
import io.eventfleet.core.cluster.image.PartitionInfo;
import io.eventfleet.core.cluster.image.TopicInfo;
import io.eventfleet.core.cluster.image.TopicInfo.TopicState;
import io.eventfleet.core.replication.IsrGateway;
import io.eventfleet.server.cluster.NodeServices;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TopicAdminTest {
    private static final Duration LONG = Duration.ofSeconds(10);
    private static final Duration SHORT = Duration.ofMillis(50);
    private static final UUID ID = UUID.fromString("0a000000-0000-4000-8000-000000000001");

    private final FakeResources resources = new FakeResources();
    private final FakeNode node = new FakeNode();
    private final TopicAdmin admin = new TopicAdmin(resources, node, BrokerConfig.parse(new Properties(), Map.of()));

    @Test
    void answersWhenEveryPartitionHasALeader() throws Exception {
        var answer = admin.createTopic(newTopic("t", 2, 1), false, LONG).toCompletableFuture();

        node.show(topic("t", Map.of(), 1, PartitionInfo.NO_LEADER));
        assertThat(answer).isNotDone();
        node.show(topic("t", Map.of(), 1, 2));

        assertThat(get(answer)).isEqualTo(Result.ok(ID));
        assertThat(resources.declared("t").partitions()).isEqualTo(2);
    }

    @Test
    void fillsInTheDefaultsOfTheCluster() throws Exception {
        get(admin.createTopic(newTopic("t", -1, -1), false, SHORT));

        assertThat(resources.declared("t").partitions()).isEqualTo(1);
        assertThat(resources.declared("t").replicationFactor()).isEqualTo(1);
    }

    @Test
    void doesNotWaitLongerThanItWasAskedTo() throws Exception {
        var result = get(admin.createTopic(newTopic("t", 1, 1), false, SHORT));

        assertThat(result.error()).isEqualTo(KafkaError.REQUEST_TIMED_OUT);
        assertThat(resources.declared("t")).isNotNull();
    }

    @Test
    void refusesATopicThatExists() throws Exception {
        node.show(topic("known", Map.of(), 0));
        resources.put("elsewhere", 1, Map.of());

        assertThat(get(admin.createTopic(newTopic("known", 1, 1), false, LONG)).error())
                .isEqualTo(KafkaError.TOPIC_ALREADY_EXISTS);
        assertThat(get(admin.createTopic(newTopic("elsewhere", 1, 1), false, LONG))
                        .error())
                .isEqualTo(KafkaError.TOPIC_ALREADY_EXISTS);
    }

    @Test
    void writesNothingWhenItOnlyValidates() throws Exception {
        assertThat(get(admin.createTopic(newTopic("t", 1, 1), true, LONG)).error())
                .isEqualTo(KafkaError.NONE);

        assertThat(resources.stored).isNull();
    }

    @Test
    void leavesInternalTopicsToTheController() throws Exception {
        var internal = new NewTopic("__consumer_offsets", 4, 1, Map.of(), List.of(), true);
        var answer = admin.createTopic(internal, false, LONG).toCompletableFuture();

        assertThat(node.internalTopics).containsExactly("__consumer_offsets");
        assertThat(resources.stored).isNull();
        node.show(topic("__consumer_offsets", Map.of(), 0));
        assertThat(get(answer).error()).isEqualTo(KafkaError.NONE);
    }

    @Test
    void createsTheTopicOfTheGroupsAsInternalWhoeverAsks() throws Exception {
        var answer = admin.createTopic(newTopic("__consumer_offsets", -1, 3), false, LONG)
                .toCompletableFuture();

        assertThat(node.internalTopics).containsExactly("__consumer_offsets");
        assertThat(resources.stored).isNull();
        node.show(topic("__consumer_offsets", Map.of(), 0));
        assertThat(get(answer).error()).isEqualTo(KafkaError.NONE);
    }

    @Test
    void tellsWhatTheStoreRefuses() throws Exception {
        resources.next(new TopicResources.Written.Refused("too many objects"));

        assertThat(get(admin.createTopic(newTopic("t", 1, 1), false, LONG)))
                .isEqualTo(Result.failed(KafkaError.POLICY_VIOLATION, "too many objects"));
    }

    @Test
    void aWriteWithoutAnAnswerIsJudgedByTheImage() throws Exception {
        resources.next(new TopicResources.Written.Unknown("timed out"));
        var answer = admin.createTopic(newTopic("t", 1, 1), false, LONG).toCompletableFuture();

        node.show(topic("t", Map.of(), 0));

        assertThat(get(answer).error()).isEqualTo(KafkaError.NONE);
    }

    @Test
    void deletesAndWaitsUntilTheNameIsFree() throws Exception {
        resources.put("t", 1, Map.of());
        node.show(topic("t", Map.of(), 0));

        var answer = admin.deleteTopic(ID, LONG).toCompletableFuture();
        assertThat(resources.dataDelayMs).isEqualTo(60_000);
        node.show();
        resources.stored = null;

        assertThat(get(answer)).isEqualTo(Result.ok(ID));
    }

    @Test
    void doesNotDeleteWhatItDoesNotKnow() throws Exception {
        assertThat(get(admin.deleteTopic(ID, LONG)).error()).isEqualTo(KafkaError.UNKNOWN_TOPIC_ID);
    }

    @Test
    void growsATopicAlsoWhenOthersWriteAtTheSameTime() throws Exception {
        resources.put("t", 1, Map.of());
        node.show(topic("t", Map.of(), 0));
        resources.next(new TopicResources.Written.Conflict());

        var answer = admin.createPartitions("t", 2, List.of(), false, LONG).toCompletableFuture();
        node.show(topic("t", Map.of(), 0, 1));

        assertThat(get(answer).error()).isEqualTo(KafkaError.NONE);
        assertThat(resources.declared("t").partitions()).isEqualTo(2);
    }

    @Test
    void declaresTheBrokersOfAddedPartitionsBehindThoseOfTheOthers() throws Exception {
        resources.put("t", 1, Map.of());
        node.show(topic("t", Map.of(), 0));

        var answer = admin.createPartitions("t", 3, List.of(List.of(2, 1), List.of(1, 2)), false, LONG)
                .toCompletableFuture();
        node.show(topic("t", Map.of(), 0, 2, 1));

        assertThat(get(answer).error()).isEqualTo(KafkaError.NONE);
        assertThat(resources.declared("t").assignment()).containsExactly(List.of(0), List.of(2, 1), List.of(1, 2));
    }

    @Test
    void declaresAnotherNumberOfReplicas() throws Exception {
        resources.put("t", 2, Map.of("retention.ms", "1"));
        resources.next(new TopicResources.Written.Conflict());

        assertThat(get(admin.changeReplicationFactor("t", 3, LONG)).error()).isEqualTo(KafkaError.NONE);

        assertThat(resources.declared("t").replicationFactor()).isEqualTo(3);
        assertThat(resources.declared("t").partitions()).isEqualTo(2);
        assertThat(resources.declared("t").config()).isEqualTo(Map.of("retention.ms", "1"));
        assertThat(get(admin.changeReplicationFactor("unknown", 3, LONG)).error())
                .isEqualTo(KafkaError.UNKNOWN_TOPIC_OR_PARTITION);
    }

    @Test
    void doesNotShrinkATopic() throws Exception {
        node.show(topic("t", Map.of(), 0, 1));

        assertThat(get(admin.createPartitions("t", 2, List.of(), false, LONG)).error())
                .isEqualTo(KafkaError.INVALID_PARTITIONS);
        assertThat(get(admin.createPartitions("unknown", 2, List.of(), false, LONG))
                        .error())
                .isEqualTo(KafkaError.UNKNOWN_TOPIC_OR_PARTITION);
    }

    @Test
    void setsAndUnsetsSingleSettings() throws Exception {
        var before = Map.of("retention.ms", "1", "retention.bytes", "5");
        resources.put("t", 1, before);
        node.show(topic("t", before, 0));

        var changes = Map.of("retention.ms", Optional.of("7"), "retention.bytes", Optional.<String>empty());
        var answer = admin.alterTopicConfig("t", changes, false, false).toCompletableFuture();
        node.show(topic("t", Map.of("retention.ms", "7"), 0));

        assertThat(get(answer).error()).isEqualTo(KafkaError.NONE);
        assertThat(resources.declared("t").config()).isEqualTo(Map.of("retention.ms", "7"));
    }

    @Test
    void replacesAllSettings() throws Exception {
        resources.put("t", 1, Map.of("retention.ms", "1"));
        node.show(topic("t", Map.of("retention.ms", "1"), 0));

        var answer = admin.alterTopicConfig("t", Map.of("retention.bytes", Optional.of("9")), true, false)
                .toCompletableFuture();
        node.show(topic("t", Map.of("retention.bytes", "9"), 0));

        assertThat(get(answer).error()).isEqualTo(KafkaError.NONE);
        assertThat(resources.declared("t").config()).isEqualTo(Map.of("retention.bytes", "9"));
    }

    @Test
    void refusesASettingThatMakesNoSense() throws Exception {
        node.show(topic("t", Map.of(), 0));

        var result = get(admin.alterTopicConfig("t", Map.of("retention.ms", Optional.of("soon")), false, false));

        assertThat(result.error()).isEqualTo(KafkaError.INVALID_CONFIG);
    }

    private static NewTopic newTopic(String name, int partitions, int replicas) {
        return new NewTopic(name, partitions, replicas, Map.of(), List.of(), false);
    }

    private static TopicInfo topic(String name, Map<String, String> config, int... leaders) {
        var partitions = new ArrayList<PartitionInfo>();
        for (int leader : leaders) {
            partitions.add(PartitionInfo.of(partitions.size(), leader, 0, 0, 1, List.of(0), List.of(0)));
        }
        return new TopicInfo(ID, name, TopicState.OPEN, config, 1, name.startsWith("__"), partitions);
    }

    private static Result get(CompletionStage<Result> answer) throws Exception {
        return answer.toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    /** An image that the test sets, told on the test's thread. */
    private static final class FakeNode implements NodeServices, ClusterImages {
        private final List<Listener> listeners = new ArrayList<>();
        private final List<String> internalTopics = new ArrayList<>();
        private ClusterImage image = ClusterImage.empty("c1");

        void show(TopicInfo... topics) {
            var previous = image;
            image = ClusterImage.of("c1", 0, Map.of(), List.of(topics));
            listeners.forEach(listener -> listener.onImage(previous, image));
        }

        @Override
        public ClusterImages images() {
            return this;
        }

        @Override
        public ClusterImage current() {
            return image;
        }

        @Override
        public void subscribe(Listener listener) {
            listeners.add(listener);
            listener.onImage(image, image);
        }

        @Override
        public ReplicaAdmin replicaAdmin() {
            throw new UnsupportedOperationException();
        }

        @Override
        public IsrGateway isrGateway() {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletionStage<ProducerIdBlock> allocateProducerIds(Duration limit) {
            return CompletableFuture.completedStage(new ProducerIdBlock(0, 1));
        }

        @Override
        public void wantInternalTopic(String topicName) {
            internalTopics.add(topicName);
        }
    }

    /** One resource, with the next outcome on request. */
    private static final class FakeResources implements TopicResources {
        private final Deque<Written> outcomes = new ArrayDeque<>();
        private volatile @Nullable Stored stored;
        private volatile long dataDelayMs = -1;

        void put(String topic, int partitions, Map<String, String> config) {
            var declaration = new Declaration(topic, partitions, 1, config, List.of());
            stored = new Stored(topic, "uid", "1", false, declaration);
        }

        void next(Written outcome) {
            outcomes.add(outcome);
        }

        Declaration declared(String topic) {
            var present = stored;
            assertThat(present).isNotNull();
            assertThat(present.declaration().topicName()).isEqualTo(topic);
            return present.declaration();
        }

        @Override
        public CompletionStage<Lookup> find(String topicName) {
            var present = stored;
            return CompletableFuture.completedStage(
                    present != null && present.declaration().topicName().equals(topicName)
                            ? new Lookup.Found(present)
                            : new Lookup.Absent());
        }

        @Override
        public CompletionStage<Written> create(Declaration declaration) {
            return write(() -> {
                if (stored != null) {
                    return new Written.Conflict();
                }
                stored = new Stored(declaration.topicName(), "uid", "1", false, declaration);
                return new Written.Ok();
            });
        }

        @Override
        public CompletionStage<Written> update(Stored read, Declaration declaration) {
            return write(() -> {
                stored = new Stored(read.objectName(), "uid", "2", false, declaration);
                return new Written.Ok();
            });
        }

        @Override
        public CompletionStage<Written> delete(Stored read, long delayMs) {
            return write(() -> {
                dataDelayMs = delayMs;
                stored = new Stored(read.objectName(), "uid", "2", true, read.declaration());
                return new Written.Ok();
            });
        }

        private CompletionStage<Written> write(java.util.function.Supplier<Written> write) {
            var forced = outcomes.poll();
            return CompletableFuture.completedStage(forced == null ? write.get() : forced);
        }
    }
}
