// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.cluster.controller;

import static io.eventfleet.core.cluster.controller.ActingTerm.MS;
import static io.eventfleet.core.cluster.controller.ActingTerm.PARTITION;
import static org.assertj.core.api.Assertions.assertThat;

import io.eventfleet.core.KafkaError;
import io.eventfleet.core.admin.ReplicaAdmin.Election;
import io.eventfleet.core.cluster.TopicState;
import io.eventfleet.core.cluster.image.BrokerInfo.BrokerState;
import io.eventfleet.core.cluster.message.Message;
import io.eventfleet.core.cluster.message.ReplicaTarget;
import io.eventfleet.core.log.TopicPartitionId;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What administrators are told, and what comes of it. */
class ReplicaChangesTest {

    private static final List<Integer> ALL = List.of(0, 1, 2);

    private final Set<Integer> registering = new HashSet<>();
    private final ActingTerm cluster = new ActingTerm(ActingTerm.line(1, ALL, List.of(1, 2), List.of()), 2, 5);
    private final ReplicaChanges changes =
            new ReplicaChanges(cluster.term, cluster.shardChanges, registering::contains);
    private long now;
    private long nextRequest = 1;

    private KafkaError outcome() {
        now += 10 * MS;
        cluster.at(now);
        return cluster.lastSent(Message.ReplicaChangeReply.class)
                .map(reply -> reply.outcomes().getFirst().error())
                .orElse(null);
    }

    private KafkaError reassign(Integer... target) {
        cluster.effects.clear();
        changes.onReassign(
                cluster.entry(3),
                new Message.ReassignRequest(nextRequest++, List.of(new ReplicaTarget(PARTITION, List.of(target)))));
        return outcome();
    }

    private KafkaError elect(Election election) {
        cluster.effects.clear();
        changes.onElect(cluster.entry(3), new Message.ElectRequest(nextRequest++, election, List.of(PARTITION)));
        return outcome();
    }

    @Test
    void beginsAndCancels() {
        assertThat(reassign(3, 1, 2)).isEqualTo(KafkaError.NONE);
        assertThat(cluster.line().moves().adding()).containsExactly(3);
        assertThat(cluster.line().moves().removing()).containsExactly(0);

        assertThat(reassign()).isEqualTo(KafkaError.NONE);
        assertThat(cluster.line().replicas()).containsExactlyInAnyOrder(0, 1, 2);
        assertThat(cluster.line().moves().dropped()).containsOnlyKeys(3);

        assertThat(reassign()).isEqualTo(KafkaError.NO_REASSIGNMENT_IN_PROGRESS);
    }

    @Test
    void refusesTargetsThatCannotBe() {
        assertThat(reassign(1, 1)).isEqualTo(KafkaError.INVALID_REPLICA_ASSIGNMENT);
        assertThat(reassign(1, 9)).isEqualTo(KafkaError.INVALID_REPLICA_ASSIGNMENT);
        cluster.state(4, BrokerState.RETIRED);
        assertThat(reassign(1, 4)).isEqualTo(KafkaError.INVALID_REPLICA_ASSIGNMENT);
        assertThat(reassign(0, 1, 2, 3, 4, 5, 6, 7)).isEqualTo(KafkaError.INVALID_REPLICA_ASSIGNMENT);
        assertThat(cluster.line().partitionEpoch()).isEqualTo(8);
    }

    @Test
    void knowsNoPartitionsOfTopicsThatAreNotOpen() {
        changes.onReassign(
                cluster.entry(3),
                new Message.ReassignRequest(
                        90, List.of(new ReplicaTarget(new TopicPartitionId(ActingTerm.TOPIC, 7), List.of(1)))));
        assertThat(outcome()).isEqualTo(KafkaError.UNKNOWN_TOPIC_OR_PARTITION);

        cluster.topicIs(TopicState.TOMBSTONE);
        assertThat(reassign(3)).isEqualTo(KafkaError.UNKNOWN_TOPIC_OR_PARTITION);
    }

    @Test
    void vouchesForTheBrokerThatItAdds() {
        cluster.cell().enqueue(shard -> shard.withStamp(3, 4));

        assertThat(reassign(3, 1, 2)).isEqualTo(KafkaError.NONE);

        assertThat(cluster.cell().durable().brokerEpochs()).containsEntry(3, 13L);
    }

    @Test
    void waitsForABrokerThatRegisters() {
        registering.add(3);
        assertThat(reassign(3, 1, 2)).isNull();
        assertThat(cluster.line().moves().running()).isFalse();

        registering.clear();
        nextRequest--;
        assertThat(reassign(3, 1, 2)).isEqualTo(KafkaError.NONE);
    }

    @Test
    void waitsForABrokerToDeleteWhatItHeldBefore() {
        assertThat(reassign(1, 2)).isEqualTo(KafkaError.NONE);
        int droppedIn = cluster.line().partitionEpoch();
        assertThat(cluster.line().moves().dropped()).containsEntry(0, droppedIn);

        assertThat(reassign(0, 1, 2)).isNull();
        assertThat(cluster.line().replicas()).containsExactly(1, 2);

        changes.onReplicaDropped(cluster.entry(0), new Message.ReplicaDropped(10, PARTITION, droppedIn));
        outcome();
        nextRequest--;
        assertThat(reassign(0, 1, 2)).isEqualTo(KafkaError.NONE);
        assertThat(cluster.line().moves().adding()).containsExactly(0);
    }

    @Test
    void answersACopyOfARequestLikeTheRequest() {
        assertThat(reassign(3, 1, 2)).isEqualTo(KafkaError.NONE);
        assertThat(reassign()).isEqualTo(KafkaError.NONE);

        nextRequest--;
        assertThat(reassign()).isEqualTo(KafkaError.NONE);
    }

    @Test
    void answersWhenEveryPartitionHasAnOutcome() {
        var unknown = new TopicPartitionId(ActingTerm.TOPIC, 7);
        registering.add(3);
        var request = new Message.ReassignRequest(
                50, List.of(new ReplicaTarget(unknown, List.of(1)), new ReplicaTarget(PARTITION, List.of(3, 1, 2))));
        changes.onReassign(cluster.entry(3), request);
        assertThat(outcome()).isNull();

        registering.clear();
        changes.onReassign(cluster.entry(3), request);
        outcome();

        assertThat(cluster.lastSent(Message.ReplicaChangeReply.class)
                        .orElseThrow()
                        .outcomes())
                .hasSize(2);
    }

    @Test
    void electsThePreferredLeader() {
        assertThat(elect(Election.PREFERRED)).isEqualTo(KafkaError.PREFERRED_LEADER_NOT_AVAILABLE);
        assertThat(reassign(2, 1, 0)).isEqualTo(KafkaError.NONE);
        assertThat(cluster.line().leader()).isEqualTo(1);

        assertThat(elect(Election.PREFERRED)).isEqualTo(KafkaError.NONE);
        assertThat(cluster.line().leader()).isEqualTo(2);
        assertThat(elect(Election.PREFERRED)).isEqualTo(KafkaError.ELECTION_NOT_NEEDED);
    }

    @Test
    void electsUncleanlyOnlyWhereNobodyLeads() {
        assertThat(elect(Election.UNCLEAN)).isEqualTo(KafkaError.ELECTION_NOT_NEEDED);
        cluster.state(1, BrokerState.FENCED);
        cluster.state(2, BrokerState.FENCED);
        cluster.shardChanges.settleAll();
        cluster.at(now);

        assertThat(elect(Election.UNCLEAN)).isEqualTo(KafkaError.NONE);
        assertThat(cluster.line().leader()).isZero();
        assertThat(cluster.line().isr()).containsExactly(0);
        assertThat(cluster.line().uncleanEpoch()).isEqualTo(cluster.line().leaderEpoch());
    }

    @Test
    void electsNobodyWhereNobodyLives() {
        for (int id : ALL) {
            cluster.state(id, BrokerState.FENCED);
        }
        cluster.shardChanges.settleAll();
        cluster.at(now);

        assertThat(elect(Election.UNCLEAN)).isEqualTo(KafkaError.ELIGIBLE_LEADERS_NOT_AVAILABLE);
    }
}
