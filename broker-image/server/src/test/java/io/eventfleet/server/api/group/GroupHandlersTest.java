// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.api.group;

import static io.eventfleet.server.api.ApiCalls.call;
import static org.assertj.core.api.Assertions.assertThat;

import io.eventfleet.coordinator.OffsetsTopic;
import io.eventfleet.server.api.ApiHandler;
import io.eventfleet.server.api.AuthorizedOperations;
import io.eventfleet.server.api.ClusterFixture;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.message.ConsumerGroupDescribeRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.DeleteGroupsRequestData;
import org.apache.kafka.common.message.DescribeGroupsRequestData;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.LeaveGroupRequestData;
import org.apache.kafka.common.message.LeaveGroupRequestData.MemberIdentity;
import org.apache.kafka.common.message.ListGroupsRequestData;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What differs between the versions of the APIs of members and of groups. */
class GroupHandlersTest {
    private final FakeGroups groups = new FakeGroups();

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4, 6, 7, 9})
    void joins(int version) throws Exception {
        var response = call(
                new JoinGroupHandler(groups),
                version,
                new JoinGroupRequestData()
                        .setGroupId("g")
                        .setMemberId("m")
                        .setProtocolType("consumer")
                        .setSessionTimeoutMs(6_000)
                        .setRebalanceTimeoutMs(version == 0 ? -1 : 9_000));

        assertThat(response.memberId()).isEqualTo("m");
        assertThat(response.protocolName()).isEqualTo(version < 7 ? "" : null);
        assertThat(((JoinGroupRequestData) groups.asked().getFirst()).rebalanceTimeoutMs())
                .as("version 0 has no timeout of its own")
                .isEqualTo(version == 0 ? 6_000 : 9_000);
    }

    @Test
    void syncsOnlyWithAProtocolFromVersionFiveOn() throws Exception {
        var sync = new SyncGroupHandler(groups);
        var request = new SyncGroupRequestData().setGroupId("g").setMemberId("m");

        assertThat(Errors.forCode(call(sync, 5, request.duplicate()).errorCode()))
                .isEqualTo(Errors.INCONSISTENT_GROUP_PROTOCOL);
        assertThat(Errors.forCode(call(sync, 4, request.duplicate()).errorCode()))
                .isEqualTo(Errors.NONE);
        assertThat(Errors.forCode(call(
                                sync,
                                5,
                                request.duplicate().setProtocolType("consumer").setProtocolName("range"))
                        .errorCode()))
                .isEqualTo(Errors.NONE);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3, 4})
    void passesHeartbeatsOn(int version) throws Exception {
        groups.failWith(Errors.REBALANCE_IN_PROGRESS);

        var response = call(new HeartbeatHandler(groups), version, new HeartbeatRequestData().setGroupId("g"));

        assertThat(Errors.forCode(response.errorCode())).isEqualTo(Errors.REBALANCE_IN_PROGRESS);
    }

    @Test
    void answersOneLeavingMemberAsTheWholeBeforeVersionThree() throws Exception {
        groups.failWith(Errors.UNKNOWN_MEMBER_ID);
        var leave = new LeaveGroupHandler(groups);

        var old = call(leave, 2, new LeaveGroupRequestData().setGroupId("g").setMemberId("m"));
        var batch = call(
                leave,
                3,
                new LeaveGroupRequestData()
                        .setGroupId("g")
                        .setMembers(
                                List.of(new MemberIdentity().setMemberId("a"), new MemberIdentity().setMemberId("b"))));

        assertThat(Errors.forCode(old.errorCode())).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
        assertThat(Errors.forCode(batch.errorCode())).isEqualTo(Errors.NONE);
        assertThat(batch.members())
                .extracting(member -> member.memberId() + " " + Errors.forCode(member.errorCode()))
                .containsExactly("a UNKNOWN_MEMBER_ID", "b UNKNOWN_MEMBER_ID");
    }

    @Test
    void tellsOperationsWhenAsked() throws Exception {
        var classic = new DescribeGroupsHandler(groups);
        var modern = new ConsumerGroupDescribeHandler(groups);

        var asked = call(
                classic,
                5,
                new DescribeGroupsRequestData().setGroups(List.of("g", "g")).setIncludeAuthorizedOperations(true));
        var notAsked = call(classic, 0, new DescribeGroupsRequestData().setGroups(List.of("g")));
        var consumer = call(
                modern,
                1,
                new ConsumerGroupDescribeRequestData().setGroupIds(List.of("g")).setIncludeAuthorizedOperations(true));

        assertThat(asked.groups()).hasSize(1);
        assertThat(asked.groups().getFirst().authorizedOperations()).isEqualTo(AuthorizedOperations.ALL_ON_GROUP);
        assertThat(notAsked.groups().getFirst().authorizedOperations()).isEqualTo(AuthorizedOperations.NOT_ASKED);
        assertThat(consumer.groups().getFirst().authorizedOperations()).isEqualTo(AuthorizedOperations.ALL_ON_GROUP);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3, 4, 5})
    void listsGroups(int version) throws Exception {
        var response = call(new ListGroupsHandler(groups), version, new ListGroupsRequestData());

        assertThat(response.groups()).extracting(group -> group.groupId()).containsExactly("g");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2, 3})
    void deletesEachGroupOnce(int version) throws Exception {
        var response = call(
                new DeleteGroupsHandler(groups),
                version,
                new DeleteGroupsRequestData().setGroupsNames(List.of("g", "g", "h")));

        assertThat(response.results()).extracting(result -> result.groupId()).containsExactly("g", "h");
        assertThat(groups.asked()).containsExactly(List.of("g", "h"));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void passesConsumerGroupHeartbeatsOn(int version) throws Exception {
        var response = call(
                new ConsumerGroupHeartbeatHandler(groups),
                version,
                new ConsumerGroupHeartbeatRequestData().setGroupId("g").setMemberId("m"));

        assertThat(response.memberEpoch()).isEqualTo(1);
    }

    @Test
    void offersTheConsumerProtocolOnlyWhenConfigured() {
        var cluster = ClusterFixture.ofBrokers(1);
        var topic = new OffsetsTopic(cluster, cluster, 1, 1);

        assertThat(GroupApis.handlers(groups, topic, cluster, Set.of("classic")))
                .extracting(ApiHandler::key)
                .contains(ApiKeys.JOIN_GROUP)
                .doesNotContain(ApiKeys.CONSUMER_GROUP_HEARTBEAT, ApiKeys.CONSUMER_GROUP_DESCRIBE);
        assertThat(GroupApis.handlers(groups, topic, cluster, Set.of("classic", "consumer")))
                .extracting(ApiHandler::key)
                .contains(ApiKeys.CONSUMER_GROUP_HEARTBEAT, ApiKeys.CONSUMER_GROUP_DESCRIBE);
    }
}
