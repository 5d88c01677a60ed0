// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.coordinator;

import static io.eventfleet.coordinator.HostedGroups.TOPIC;
import static io.eventfleet.coordinator.HostedGroups.TOPIC_ID;
import static io.eventfleet.coordinator.HostedGroups.answer;
import static io.eventfleet.coordinator.HostedGroups.caller;
import static io.eventfleet.coordinator.HostedGroups.commit;
import static io.eventfleet.coordinator.HostedGroups.committed;
import static io.eventfleet.coordinator.HostedGroups.image;
import static io.eventfleet.coordinator.HostedGroups.settled;
import static io.eventfleet.coordinator.HostedGroups.topic;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.eventfleet.core.cluster.image.ClusterImage;
import io.eventfleet.core.cluster.image.TopicInfo.TopicState;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Subscription;
import org.apache.kafka.clients.consumer.internals.ConsumerProtocol;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocol;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocolCollection;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.LeaveGroupRequestData;
import org.apache.kafka.common.message.ListGroupsRequestData;
import org.apache.kafka.common.message.ListGroupsResponseData;
import org.apache.kafka.common.message.OffsetDeleteRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupRequestData.SyncGroupRequestAssignment;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.utils.Time;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The hosted coordinator over logs whose high watermark trails. */
class GroupCoordinatorHostTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final HostedGroups groups = new HostedGroups();

    @AfterEach
    void close() {
        groups.close();
    }

    @Test
    void answersNotAvailableUntilTheTopicExists() throws Exception {
        var notAvailable = Errors.COORDINATOR_NOT_AVAILABLE.code();
        var context = caller(ApiKeys.OFFSET_COMMIT);
        try (var host = new GroupCoordinatorHost(new GroupHostSettings(1, 1 << 20, Map.of()), Time.SYSTEM)) {
            host.onImage(ClusterImage.empty("test"));

            assertThat(host.partitionCount()).isEmpty();
            assertThat(host.metrics()).isEmpty();
            assertThat(errorOfCommit(host, "g").code()).isEqualTo(notAvailable);
            assertThat(answer(host.joinGroup(context, new JoinGroupRequestData().setMemberId("m")))
                            .errorCode())
                    .isEqualTo(notAvailable);
            assertThat(answer(host.syncGroup(context, new SyncGroupRequestData()))
                            .errorCode())
                    .isEqualTo(notAvailable);
            assertThat(answer(host.heartbeat(context, new HeartbeatRequestData()))
                            .errorCode())
                    .isEqualTo(notAvailable);
            assertThat(answer(host.leaveGroup(context, new LeaveGroupRequestData()))
                            .errorCode())
                    .isEqualTo(notAvailable);
            assertThat(answer(host.consumerGroupHeartbeat(context, new ConsumerGroupHeartbeatRequestData()))
                            .errorCode())
                    .isEqualTo(notAvailable);
            assertThat(answer(host.listGroups(context, new ListGroupsRequestData())))
                    .isEqualTo(new ListGroupsResponseData());
            assertThat(answer(host.deleteOffsets(context, new OffsetDeleteRequestData()))
                            .errorCode())
                    .isEqualTo(notAvailable);
            assertThat(answer(host.fetchOffsets(context, new OffsetFetchRequestGroup().setGroupId("g"), true))
                            .errorCode())
                    .isEqualTo(notAvailable);
            assertThat(answer(host.describeGroups(context, List.of("g", "h"))))
                    .extracting(group -> group.errorCode())
                    .containsExactly(notAvailable, notAvailable);
            assertThat(answer(host.consumerGroupDescribe(context, List.of("g"))))
                    .extracting(group -> group.errorCode())
                    .containsExactly(notAvailable);
            assertThat(answer(host.deleteGroups(context, List.of("g")))
                            .find("g")
                            .errorCode())
                    .isEqualTo(notAvailable);
        }
    }

    @Test
    void listsNoGroupsOnlyWhereThereIsNoTopicForThem() throws Exception {
        var list = new ListGroupsRequestData();
        var context = caller(ApiKeys.LIST_GROUPS);

        assertThat(answer(new UnavailableGroups(() -> true).listGroups(context, list))
                        .errorCode())
                .isEqualTo(Errors.COORDINATOR_NOT_AVAILABLE.code());
        assertThat(answer(new UnavailableGroups(() -> false).listGroups(context, list))
                        .errorCode())
                .isEqualTo(Errors.NONE.code());
    }

    @Test
    void tellsAStoppingProcessFromADefect() {
        var stopping = new ExceptionInInitializerError(new IllegalStateException("Shutdown in progress"));
        var defect = new ExceptionInInitializerError(new IllegalStateException("other"));

        assertThat(GroupCoordinatorHost.isShutdownInProgress(stopping)).isTrue();
        assertThat(GroupCoordinatorHost.isShutdownInProgress(defect)).isFalse();
    }

    @Test
    void electionsBeforeTheTopicIsKnownAreKept() {
        var host = new GroupCoordinatorHost(new GroupHostSettings(1, 1 << 20, Map.of()), Time.SYSTEM);
        try (host) {
            groups.lead(host, 1);
            host.onImage(image(topic(TOPIC, TOPIC_ID, TopicState.OPEN, 3)));

            assertThat(commit(host, "early", 0, 5)).isEqualTo(Errors.NONE);
        }
    }

    @Test
    void runsAClassicGroup() throws Exception {
        var host = groups.leader(1, 1);

        var member = joinClassic(host, "classic");
        var synced = syncClassic(host, "classic", member, new byte[] {9, 9});

        assertThat(synced).isEqualTo(new byte[] {9, 9});
        assertThat(heartbeatClassic(host, "classic", member)).isEqualTo(Errors.NONE);
        assertThat(commit(host, "simple", 1, 42)).isEqualTo(Errors.NONE);
        assertThat(committed(host, "simple", 1)).isEqualTo(42);
        assertThat(committed(host, "simple", 2)).isEqualTo(HostedGroups.NONE);
        assertThat(answer(host.listGroups(caller(ApiKeys.LIST_GROUPS), new ListGroupsRequestData()))
                        .groups())
                .extracting(group -> group.groupId())
                .containsExactlyInAnyOrder("classic", "simple");
    }

    @Test
    void runsAConsumerProtocolGroupAndNoticesNewPartitions() throws Exception {
        var host = groups.leader(1, 1);
        var member = UUID.randomUUID().toString();

        var epoch = assigned(host, "modern", member, joinModern(host, "modern", member), 3);
        host.onImage(image(topic(TOPIC, TOPIC_ID, TopicState.OPEN, 4)));
        assigned(host, "modern", member, epoch, 4);

        var described = answer(host.consumerGroupDescribe(caller(ApiKeys.CONSUMER_GROUP_DESCRIBE), List.of("modern")));
        assertThat(described.getFirst().members()).hasSize(1);
    }

    @Test
    void holdsAnswersUntilTheHighWatermarkPassesTheirRecords() throws Exception {
        var host = groups.leader(1, 1);
        assertThat(commit(host, "held", 0, 1)).isEqualTo(Errors.NONE);
        var release = groups.logOf("held").stallReplication();
        var before = groups.logOf("held").logEndOffset();

        var pending = host.commitOffsets(caller(ApiKeys.OFFSET_COMMIT), HostedGroups.commitOf("held", 0, 2))
                .toCompletableFuture();
        await().atMost(PATIENCE).until(() -> groups.logOf("held").logEndOffset() > before);

        assertThat(pending).isNotDone();
        assertThat(committed(host, "held", 0)).isEqualTo(1);
        release.run();
        assertThat(answer(pending).topics().getFirst().partitions().getFirst().errorCode())
                .isEqualTo(Errors.NONE.code());
        assertThat(committed(host, "held", 0)).isEqualTo(2);
    }

    @Test
    void keepsGroupsWhenTheCoordinatorMoves() throws Exception {
        var first = groups.leader(1, 1);
        var classic = joinClassic(first, "classic");
        syncClassic(first, "classic", classic, new byte[] {1});
        var memberId = UUID.randomUUID().toString();
        var epoch = assigned(first, "modern", memberId, joinModern(first, "modern", memberId), 3);
        assertThat(commit(first, "simple", 1, 42)).isEqualTo(Errors.NONE);

        var second = groups.leader(2, 2);
        groups.resign(first);

        assertThat(committed(second, "simple", 1)).isEqualTo(42);
        assertThat(heartbeatClassic(second, "classic", classic)).isEqualTo(Errors.NONE);
        assertThat(heartbeatModern(second, "modern", memberId, epoch).memberEpoch())
                .isEqualTo(epoch);
        await().atMost(PATIENCE)
                .until(() -> answer(first.heartbeat(caller(ApiKeys.HEARTBEAT), classicHeartbeat("classic", classic)))
                                .errorCode()
                        == Errors.NOT_COORDINATOR.code());
    }

    @Test
    void refusesAppendsOfAStaleEpoch() throws Exception {
        var first = groups.leader(1, 1);
        assertThat(commit(first, "fenced", 0, 10)).isEqualTo(Errors.NONE);
        var end = groups.logOf("fenced").logEndOffset();

        // The first host has not heard yet that another one leads.
        var second = groups.leader(2, 2);
        var late = answer(first.commitOffsets(caller(ApiKeys.OFFSET_COMMIT), HostedGroups.commitOf("fenced", 0, 11)));

        assertThat(late.topics().getFirst().partitions().getFirst().errorCode())
                .isEqualTo(Errors.NOT_COORDINATOR.code());
        assertThat(groups.logOf("fenced").logEndOffset()).isEqualTo(end);
        assertThat(committed(second, "fenced", 0)).isEqualTo(10);
    }

    @Test
    void readsWhatAnotherLeaderWroteInBetween() {
        var first = groups.leader(1, 1);
        assertThat(commit(first, "returning", 0, 10)).isEqualTo(Errors.NONE);
        var second = groups.leader(2, 2);
        assertThat(commit(second, "returning", 0, 20)).isEqualTo(Errors.NONE);

        // The resignation in between was never seen: states of the cluster coalesce.
        groups.lead(first, 3);

        await().atMost(PATIENCE).until(() -> committed(first, "returning", 0) == 20);
        assertThat(commit(first, "returning", 0, 30)).isEqualTo(Errors.NONE);
        assertThat(committed(first, "returning", 0)).isEqualTo(30);
    }

    @Test
    void leadsAgainUnderTheSameEpoch() {
        var host = groups.leader(1, 1);
        assertThat(commit(host, "again", 0, 10)).isEqualTo(Errors.NONE);
        groups.resign(host);
        await().atMost(PATIENCE).until(() -> errorOfCommit(host, "again") == Errors.NOT_COORDINATOR);

        groups.lead(host, 1);

        assertThat(committed(host, "again", 0)).isEqualTo(10);
        assertThat(commit(host, "again", 0, 11)).isEqualTo(Errors.NONE);
    }

    @Test
    void ignoresABeginningThatIsToldAfterItsEnd() throws Exception {
        var host = groups.host(1);
        var led = groups.logOf("late").lead(1);
        var other = groups.logOf("other").lead(1);

        host.resigned(led);
        host.elected(led);
        host.elected(other);

        assertThat(commit(host, "other", 0, 1)).isEqualTo(Errors.NONE);
        assertThat(errorOfCommit(host, "late")).isEqualTo(Errors.NOT_COORDINATOR);
    }

    @Test
    void keepsTheNewLeadershipWhenTheOldOneEndsLate() {
        var host = groups.host(1);
        var old = groups.logOf("overlap").lead(1);
        host.elected(old);
        assertThat(commit(host, "overlap", 0, 1)).isEqualTo(Errors.NONE);

        host.elected(groups.logOf("overlap").lead(2));
        host.resigned(old);

        assertThat(commit(host, "overlap", 0, 2)).isEqualTo(Errors.NONE);
        assertThat(committed(host, "overlap", 0)).isEqualTo(2);
    }

    @Test
    void answersNothingBeforeTheHighWatermarkPassesTheLoadedRecords() throws Exception {
        var first = groups.leader(1, 1);
        assertThat(commit(first, "loading", 0, 1)).isEqualTo(Errors.NONE);
        var release = groups.logOf("loading").stallReplication();
        var before = groups.logOf("loading").logEndOffset();
        first.commitOffsets(caller(ApiKeys.OFFSET_COMMIT), HostedGroups.commitOf("loading", 0, 2));
        await().atMost(PATIENCE).until(() -> groups.logOf("loading").logEndOffset() > before);

        var second = groups.leader(2, 2);
        await().atMost(PATIENCE).until(() -> errorOfCommit(second, "loading") == Errors.COORDINATOR_LOAD_IN_PROGRESS);
        assertThat(groups.logOf("loading").highWatermark()).isEqualTo(before);
        release.run();

        assertThat(committed(second, "loading", 0)).isEqualTo(2);
    }

    @Test
    void keepsOffsetsOfADeletedTopicWhileItCanBeRestored() {
        var host = groups.leader(1, 1);
        assertThat(commit(host, "undo", 0, 7)).isEqualTo(Errors.NONE);

        host.onImage(image(topic(TOPIC, TOPIC_ID, TopicState.TOMBSTONE, 3)));
        host.onImage(
                image(topic(TOPIC, TOPIC_ID, TopicState.OPEN, 3), topic("other", new UUID(2, 2), TopicState.OPEN, 1)));
        assertThat(committed(host, "undo", 0)).isEqualTo(7);

        host.onImage(image(topic(TOPIC, TOPIC_ID, TopicState.PURGING, 3)));
        await().atMost(PATIENCE).until(() -> committed(host, "undo", 0) == HostedGroups.NONE);
    }

    @Test
    void reportsNumbersAndEndsItsThreads() {
        var host = groups.leader(1, 1);
        assertThat(commit(host, "measured", 0, 7)).isEqualTo(Errors.NONE);

        await().atMost(PATIENCE).untilAsserted(() -> assertThat(host.metrics())
                .anySatisfy(metric -> assertThat(metric.name()).isEqualTo("offset-commit-count")));
        host.close();

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet())
                        .noneMatch(thread -> thread.getName().startsWith("group-coordinator") && !thread.isDaemon()));
        assertThat(errorOfCommit(host, "measured")).isEqualTo(Errors.COORDINATOR_NOT_AVAILABLE);
    }

    private static Errors errorOfCommit(GroupCoordinatorHost host, String groupId) {
        try {
            var response =
                    answer(host.commitOffsets(caller(ApiKeys.OFFSET_COMMIT), HostedGroups.commitOf(groupId, 0, 9)));
            return Errors.forCode(
                    response.topics().getFirst().partitions().getFirst().errorCode());
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static JoinGroupResponseData joinClassic(GroupCoordinatorHost host, String groupId) throws Exception {
        var protocols = new JoinGroupRequestProtocolCollection(
                List.of(new JoinGroupRequestProtocol().setName("range").setMetadata(subscription()))
                        .iterator());
        var join = new JoinGroupRequestData()
                .setGroupId(groupId)
                .setMemberId("")
                .setProtocolType("consumer")
                .setSessionTimeoutMs(10_000)
                .setRebalanceTimeoutMs(10_000)
                .setProtocols(protocols);
        var named = settled(() -> host.joinGroup(caller(ApiKeys.JOIN_GROUP), join), JoinGroupResponseData::errorCode);
        assertThat(named.errorCode()).isEqualTo(Errors.MEMBER_ID_REQUIRED.code());
        var joined = answer(host.joinGroup(caller(ApiKeys.JOIN_GROUP), join.setMemberId(named.memberId())));
        assertThat(joined.errorCode()).isEqualTo(Errors.NONE.code());
        return joined;
    }

    private static byte[] subscription() {
        var bytes = ConsumerProtocol.serializeSubscription(new Subscription(List.of(TOPIC)));
        var copy = new byte[bytes.remaining()];
        bytes.get(copy);
        return copy;
    }

    private static byte[] syncClassic(
            GroupCoordinatorHost host, String groupId, JoinGroupResponseData member, byte[] assignment)
            throws Exception {
        var synced = answer(host.syncGroup(
                caller(ApiKeys.SYNC_GROUP),
                new SyncGroupRequestData()
                        .setGroupId(groupId)
                        .setMemberId(member.memberId())
                        .setGenerationId(member.generationId())
                        .setProtocolType("consumer")
                        .setProtocolName("range")
                        .setAssignments(List.of(new SyncGroupRequestAssignment()
                                .setMemberId(member.memberId())
                                .setAssignment(assignment)))));
        assertThat(synced.errorCode()).isEqualTo(Errors.NONE.code());
        return synced.assignment();
    }

    private static HeartbeatRequestData classicHeartbeat(String groupId, JoinGroupResponseData member) {
        return new HeartbeatRequestData()
                .setGroupId(groupId)
                .setMemberId(member.memberId())
                .setGenerationId(member.generationId());
    }

    private static Errors heartbeatClassic(GroupCoordinatorHost host, String groupId, JoinGroupResponseData member) {
        return Errors.forCode(settled(
                        () -> host.heartbeat(caller(ApiKeys.HEARTBEAT), classicHeartbeat(groupId, member)),
                        response -> response.errorCode())
                .errorCode());
    }

    private static int joinModern(GroupCoordinatorHost host, String groupId, String memberId) {
        var joined = settled(
                () -> host.consumerGroupHeartbeat(
                        caller(ApiKeys.CONSUMER_GROUP_HEARTBEAT),
                        new ConsumerGroupHeartbeatRequestData()
                                .setGroupId(groupId)
                                .setMemberId(memberId)
                                .setMemberEpoch(0)
                                .setRebalanceTimeoutMs(5_000)
                                .setSubscribedTopicNames(List.of(TOPIC))
                                .setTopicPartitions(List.of())),
                ConsumerGroupHeartbeatResponseData::errorCode);
        assertThat(joined.errorCode()).isEqualTo(Errors.NONE.code());
        return joined.memberEpoch();
    }

    private static ConsumerGroupHeartbeatResponseData heartbeatModern(
            GroupCoordinatorHost host, String groupId, String memberId, int epoch) {
        return settled(
                () -> host.consumerGroupHeartbeat(
                        caller(ApiKeys.CONSUMER_GROUP_HEARTBEAT),
                        new ConsumerGroupHeartbeatRequestData()
                                .setGroupId(groupId)
                                .setMemberId(memberId)
                                .setMemberEpoch(epoch)
                                .setTopicPartitions(null)),
                ConsumerGroupHeartbeatResponseData::errorCode);
    }

    /** Sends heartbeats until the member has this many partitions; yields its epoch. */
    private static int assigned(GroupCoordinatorHost host, String groupId, String memberId, int epoch, int partitions) {
        var current = new int[] {epoch};
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(20)).until(() -> {
            var response = answer(host.consumerGroupHeartbeat(
                    caller(ApiKeys.CONSUMER_GROUP_HEARTBEAT),
                    new ConsumerGroupHeartbeatRequestData()
                            .setGroupId(groupId)
                            .setMemberId(memberId)
                            .setMemberEpoch(current[0])
                            .setRebalanceTimeoutMs(5_000)
                            .setSubscribedTopicNames(List.of(TOPIC))
                            .setTopicPartitions(List.of())));
            current[0] = response.memberEpoch();
            return response.assignment() != null
                    && !response.assignment().topicPartitions().isEmpty()
                    && response.assignment()
                                    .topicPartitions()
                                    .getFirst()
                                    .partitions()
                                    .size()
                            == partitions;
        });
        return current[0];
    }
}
