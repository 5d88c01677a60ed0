// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.coordinator;

import static org.awaitility.Awaitility.await;

import io.eventfleet.core.cluster.image.BrokerInfo;
import io.eventfleet.core.cluster.image.ClusterImage;
import io.eventfleet.core.cluster.image.Endpoint;
import io.eventfleet.core.cluster.image.PartitionInfo;
import io.eventfleet.core.cluster.image.TopicInfo;
import io.eventfleet.core.cluster.image.TopicInfo.TopicState;
import io.eventfleet.core.log.LedPartition;
import io.eventfleet.core.log.TopicPartitionId;
import io.eventfleet.protocol.Ids;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopics;
import org.apache.kafka.common.network.ClientInformation;
import org.apache.kafka.common.network.ListenerName;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.RequestContext;
import org.apache.kafka.common.requests.RequestHeader;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.apache.kafka.common.utils.Time;

/** Hosts over shared logs, and the words in which tests talk about them. */
final class HostedGroups implements AutoCloseable {
    static final int OFFSETS_PARTITIONS = 4;
    static final String TOPIC = "orders";
    static final UUID TOPIC_ID = new UUID(1, 1);
    static final long NONE = -1;

    private static final UUID OFFSETS_ID = new UUID(9, 9);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final ExecutorService replication = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("replication").factory());
    private final List<MemoryLog> logs = IntStream.range(0, OFFSETS_PARTITIONS)
            .mapToObj(partition -> new MemoryLog(new TopicPartitionId(OFFSETS_ID, partition), replication))
            .toList();
    private final Map<GroupCoordinatorHost, List<LedPartition>> handles = new HashMap<>();
    private final List<GroupCoordinatorHost> hosts = new ArrayList<>();

    /** A host that leads nothing yet and knows one topic of three partitions. */
    GroupCoordinatorHost host(int brokerId) {
        var host = new GroupCoordinatorHost(
                new GroupHostSettings(brokerId, 1 << 20, Map.of("group.initial.rebalance.delay.ms", "0")), Time.SYSTEM);
        hosts.add(host);
        host.onImage(image(topic(TOPIC, TOPIC_ID, TopicState.OPEN, 3)));
        return host;
    }

    /** A host that leads every partition under this epoch. */
    GroupCoordinatorHost leader(int brokerId, int leaderEpoch) {
        var host = host(brokerId);
        lead(host, leaderEpoch);
        return host;
    }

    void lead(GroupCoordinatorHost host, int leaderEpoch) {
        logs.forEach(log -> {
            var led = log.lead(leaderEpoch);
            handles.computeIfAbsent(host, none -> new ArrayList<>()).add(led);
            host.elected(led);
        });
    }

    /** Tells the host that everything it ever led is over. */
    void resign(GroupCoordinatorHost host) {
        handles.getOrDefault(host, List.of()).forEach(host::resigned);
    }

    /** The log that a group is on. */
    MemoryLog logOf(String groupId) {
        return logs.get(OffsetsTopic.partitionFor(groupId, OFFSETS_PARTITIONS));
    }

    static ClusterImage image(TopicInfo... topics) {
        var all = new ArrayList<>(Arrays.asList(topics));
        all.add(topic(OffsetsTopic.NAME, OFFSETS_ID, TopicState.OPEN, OFFSETS_PARTITIONS));
        var broker = new BrokerInfo(
                1,
                1,
                new UUID(0, 1),
                Map.of("plain", new Endpoint("localhost", 9092)),
                new Endpoint("localhost", 9093),
                "rack-a",
                BrokerInfo.BrokerState.UNFENCED);
        return ClusterImage.of("test", 1, Map.of(1, broker), all);
    }

    static TopicInfo topic(String name, UUID id, TopicState state, int partitions) {
        return new TopicInfo(
                id,
                name,
                state,
                Map.of(),
                1,
                name.equals(OffsetsTopic.NAME),
                IntStream.range(0, partitions)
                        .mapToObj(partition -> PartitionInfo.of(partition, 1, 1, 1, 1, List.of(1), List.of(1)))
                        .toList());
    }

    static RequestContext caller(ApiKeys key) {
        return new RequestContext(
                new RequestHeader(key, key.latestVersion(), "test", 1),
                "connection",
                InetAddress.getLoopbackAddress(),
                KafkaPrincipal.ANONYMOUS,
                new ListenerName("plain"),
                SecurityProtocol.PLAINTEXT,
                ClientInformation.EMPTY,
                false);
    }

    static <T> T answer(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    /** Asks again while the coordinator is starting or loading, as clients do. */
    static <T> T settled(Supplier<CompletionStage<T>> ask, ToIntFunction<T> errorOf) {
        return await().atMost(PATIENCE).pollInterval(Duration.ofMillis(10)).until(() -> answer(ask.get()), response -> {
            var error = Errors.forCode((short) errorOf.applyAsInt(response));
            return error != Errors.COORDINATOR_LOAD_IN_PROGRESS
                    && error != Errors.COORDINATOR_NOT_AVAILABLE
                    && error != Errors.NOT_COORDINATOR;
        });
    }

    static OffsetCommitRequestData commitOf(String groupId, int partition, long offset) {
        return new OffsetCommitRequestData()
                .setGroupId(groupId)
                .setGenerationIdOrMemberEpoch(-1)
                .setTopics(List.of(new OffsetCommitRequestTopic()
                        .setName(TOPIC)
                        .setTopicId(Ids.toKafka(TOPIC_ID))
                        .setPartitions(List.of(new OffsetCommitRequestPartition()
                                .setPartitionIndex(partition)
                                .setCommittedOffset(offset)
                                .setCommittedMetadata("m")))));
    }

    static Errors commit(GroupCoordinatorHost host, String groupId, int partition, long offset) {
        var response = settled(
                () -> host.commitOffsets(caller(ApiKeys.OFFSET_COMMIT), commitOf(groupId, partition, offset)),
                answer -> answer.topics().getFirst().partitions().getFirst().errorCode());
        return Errors.forCode(
                response.topics().getFirst().partitions().getFirst().errorCode());
    }

    static long committed(GroupCoordinatorHost host, String groupId, int partition) {
        var response = settled(
                () -> host.fetchOffsets(
                        caller(ApiKeys.OFFSET_FETCH),
                        new OffsetFetchRequestGroup()
                                .setGroupId(groupId)
                                .setTopics(List.of(new OffsetFetchRequestTopics()
                                        .setName(TOPIC)
                                        .setPartitionIndexes(List.of(partition)))),
                        false),
                answer -> answer.errorCode());
        return response.topics().getFirst().partitions().getFirst().committedOffset();
    }

    @Override
    public void close() {
        hosts.forEach(GroupCoordinatorHost::close);
        replication.shutdownNow();
    }
}
