// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.api.metadata;

import static io.eventfleet.server.api.ApiCalls.call;
import static org.assertj.core.api.Assertions.assertThat;

import io.eventfleet.core.cluster.image.PartitionInfo;
import io.eventfleet.server.api.ClusterFixture;
import java.util.List;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataRequestData.MetadataRequestTopic;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponsePartition;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What clients are told of leaders and replicas while brokers are down. */
class ReplicasShownTest {
    private final ClusterFixture cluster = ClusterFixture.ofBrokers(3);

    @BeforeEach
    void oneBrokerIsDown() {
        cluster.withPartitions(
                "orders",
                PartitionInfo.of(0, 1, 4, 9, 2, List.of(3, 1, 2), List.of(1, 2)),
                new PartitionInfo(
                        1,
                        PartitionInfo.NO_LEADER,
                        5,
                        10,
                        2,
                        List.of(3),
                        List.of(),
                        List.of(3),
                        List.of(),
                        List.of(),
                        -1),
                PartitionInfo.of(2, 3, 6, 11, 1, List.of(3, 2), List.of(3)));
        cluster.fence(3);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 5, 9, 13})
    void replicasOnFencedBrokersAreOffline(int version) throws Exception {
        var led = partition(version, 0);

        assertThat(Errors.forCode(led.errorCode())).isEqualTo(Errors.NONE);
        assertThat(led.leaderId()).isEqualTo(1);
        assertThat(led.replicaNodes()).containsExactly(3, 1, 2);
        assertThat(led.isrNodes()).containsExactly(1, 2);
        assertThat(led.offlineReplicas()).isEqualTo(version >= 5 ? List.of(3) : List.of());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 6, 13})
    void partitionWithoutALeaderSaysSo(int version) throws Exception {
        var leaderless = partition(version, 1);

        assertThat(Errors.forCode(leaderless.errorCode())).isEqualTo(Errors.LEADER_NOT_AVAILABLE);
        assertThat(leaderless.leaderId()).isEqualTo(-1);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 6, 13})
    void leaderThatIsFencedIsNone(int version) throws Exception {
        var leaderless = partition(version, 2);

        assertThat(Errors.forCode(leaderless.errorCode())).isEqualTo(Errors.LEADER_NOT_AVAILABLE);
        assertThat(leaderless.leaderId()).isEqualTo(-1);
    }

    @Test
    void oldestVersionLeavesOfflineReplicasOut() throws Exception {
        var led = partition(0, 0);

        assertThat(Errors.forCode(led.errorCode())).isEqualTo(Errors.REPLICA_NOT_AVAILABLE);
        assertThat(led.leaderId()).isEqualTo(1);
        assertThat(led.replicaNodes()).containsExactly(1, 2);
    }

    @Test
    void descriptionNamesEligibleAndOfflineReplicas() throws Exception {
        var topic = call(
                        new DescribeTopicPartitionsHandler(cluster),
                        0,
                        new DescribeTopicPartitionsRequestData().setResponsePartitionLimit(10))
                .topics()
                .find("orders");

        var led = topic.partitions().getFirst();
        assertThat(led.isrNodes()).containsExactly(1, 2);
        assertThat(led.offlineReplicas()).containsExactly(3);
        var leaderless = topic.partitions().get(1);
        assertThat(Errors.forCode(leaderless.errorCode())).isEqualTo(Errors.LEADER_NOT_AVAILABLE);
        assertThat(leaderless.isrNodes()).isEmpty();
        assertThat(leaderless.eligibleLeaderReplicas()).containsExactly(3);
        assertThat(leaderless.offlineReplicas()).containsExactly(3);
    }

    private MetadataResponsePartition partition(int version, int index) throws Exception {
        var request = new MetadataRequestData()
                .setTopics(List.of(new MetadataRequestTopic().setName("orders")))
                .setAllowAutoTopicCreation(version < 4);
        var response = call(new MetadataHandler(cluster, new TopicAutoCreation(cluster, false)), version, request);
        return response.topics().find("orders").partitions().get(index);
    }
}
