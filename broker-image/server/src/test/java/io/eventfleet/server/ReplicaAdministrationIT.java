// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventfleet.core.KafkaError;
import io.eventfleet.core.cluster.image.Endpoint;
import io.eventfleet.core.cluster.image.PartitionInfo;
import io.eventfleet.server.api.ClusterFixture;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitionReassignment;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.ElectionType;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidReplicaAssignmentException;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.errors.NoReassignmentInProgressException;
import org.apache.kafka.common.errors.PreferredLeaderNotAvailableException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The unmodified admin client, asking for other replicas and leaders; the controller behind the port is a fake. */
class ReplicaAdministrationIT {
    private static final TopicPartition AT_REST = new TopicPartition("orders", 0);
    private static final TopicPartition MOVING = new TopicPartition("orders", 1);

    @TempDir
    Path data;

    private final ClusterFixture cluster = ClusterFixture.ofBrokers(3);
    private OneBroker broker;
    private Admin admin;

    @BeforeEach
    void start() throws Exception {
        broker = new OneBroker(
                data,
                new OneBroker.Surroundings(
                        1, cluster, cluster, port -> cluster.advertise(1, new Endpoint("127.0.0.1", port))),
                Map.of());
        cluster.withPartitions(
                "orders",
                PartitionInfo.of(0, 2, 1, 1, 2, List.of(1, 2), List.of(2)),
                new PartitionInfo(
                        1, 2, 1, 1, 2, List.of(2, 1, 3), List.of(2, 1), List.of(), List.of(3), List.of(1), -1));
        admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap()));
    }

    @AfterEach
    void stop() {
        admin.close();
        broker.close();
    }

    @Test
    void listsReassignments() throws Exception {
        var all = answer(admin.listPartitionReassignments().reassignments());

        assertThat(all).containsOnlyKeys(MOVING);
        assertThat(all.get(MOVING).replicas()).containsExactly(2, 1, 3);
        assertThat(all.get(MOVING).addingReplicas()).containsExactly(3);
        assertThat(all.get(MOVING).removingReplicas()).containsExactly(1);
        assertThat(answer(admin.listPartitionReassignments(Set.of(AT_REST)).reassignments()))
                .isEmpty();
    }

    @Test
    void reassignsAndCancels() throws Exception {
        answer(admin.alterPartitionReassignments(Map.of(
                        AT_REST, Optional.of(new NewPartitionReassignment(List.of(3, 2))), MOVING, Optional.empty()))
                .all());

        assertThat(broker.replicas.asked()).containsExactly("reassign {0=[3, 2], 1=[]}");
        assertThatThrownBy(() -> answer(admin.alterPartitionReassignments(Map.of(AT_REST, Optional.empty()))
                        .all()))
                .hasCauseInstanceOf(NoReassignmentInProgressException.class);
        assertThatThrownBy(() -> answer(admin.alterPartitionReassignments(
                                Map.of(AT_REST, Optional.of(new NewPartitionReassignment(List.of(1, 9)))))
                        .all()))
                .hasCauseInstanceOf(InvalidReplicaAssignmentException.class);
        assertThatThrownBy(() -> answer(admin.alterPartitionReassignments(
                                Map.of(AT_REST, Optional.of(new NewPartitionReassignment(List.of(1)))))
                        .all()))
                .hasCauseInstanceOf(InvalidReplicationFactorException.class);
    }

    @Test
    void electsPreferredLeaders() throws Exception {
        broker.replicas.answer(0, KafkaError.PREFERRED_LEADER_NOT_AVAILABLE, "broker 1 is not in sync");

        var results = answer(admin.electLeaders(ElectionType.PREFERRED, Set.of(AT_REST, MOVING))
                .partitions());

        assertThat(results.get(MOVING)).isEmpty();
        assertThat(results.get(AT_REST)).hasValueSatisfying(error -> assertThat(error)
                .isInstanceOf(PreferredLeaderNotAvailableException.class)
                .hasMessage("broker 1 is not in sync"));
        answer(admin.electLeaders(ElectionType.UNCLEAN, null).partitions());
        assertThat(broker.replicas.asked()).containsExactly("elect PREFERRED [0, 1]");
    }

    @Test
    void choosesTheBrokersOfNewPartitions() throws Exception {
        answer(admin.createTopics(List.of(new NewTopic("placed", Map.of(0, List.of(1, 2), 1, List.of(3, 1)))))
                .all());
        answer(admin.createPartitions(Map.of("orders", NewPartitions.increaseTo(3, List.of(List.of(3, 1)))))
                .all());

        assertThat(cluster.asked())
                .containsExactly("create placed -1 -1 {} [[1, 2], [3, 1]]", "grow orders 3 [[3, 1]]");
    }

    @Test
    void describesReplicasOfBrokersThatAreDown() throws Exception {
        cluster.fence(3);

        var described =
                answer(admin.describeTopics(List.of("orders")).allTopicNames()).get("orders");

        var moving = described.partitions().get(1);
        assertThat(moving.leader().id()).isEqualTo(2);
        assertThat(moving.replicas()).extracting(Node::id).containsExactly(2, 1, 3);
        assertThat(moving.isr()).extracting(Node::id).containsExactly(2, 1);
    }

    private static <T> T answer(KafkaFuture<T> future) throws Exception {
        return future.get(10, TimeUnit.SECONDS);
    }
}
