// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.cluster.controller;

import static io.eventfleet.core.cluster.controller.ActingTerm.MS;
import static io.eventfleet.core.cluster.controller.ActingTerm.PARTITION;
import static org.assertj.core.api.Assertions.assertThat;

import io.eventfleet.core.cluster.TopicState;
import io.eventfleet.core.cluster.image.BrokerInfo.BrokerState;
import io.eventfleet.core.cluster.message.Message;
import io.eventfleet.core.cluster.store.Outcome;
import io.eventfleet.core.cluster.store.StoreEffect;
import io.eventfleet.core.replication.IsrProposal;
import io.eventfleet.core.replication.IsrRefusal;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Rule 9, and what becomes of a proposal on its way into the store. */
class IsrChangesTest {

    private static final List<Integer> ALL = List.of(0, 1, 2);

    private ActingTerm cluster = new ActingTerm(ActingTerm.line(0, ALL, List.of(0, 1), List.of()), 2, 4);
    private IsrChanges changes = new IsrChanges(cluster.term, cluster.shardChanges);
    private long nextNumber = 1;

    private void inSync(Integer... isr) {
        cluster = new ActingTerm(ActingTerm.line(0, ALL, List.of(isr), List.of()), 2, 4);
        changes = new IsrChanges(cluster.term, cluster.shardChanges);
    }

    private static IsrProposal proposal(int leaderEpoch, int partitionEpoch, Integer... isr) {
        var members = new TreeMap<Integer, Long>();
        for (int id : isr) {
            members.put(id, 10L + id);
        }
        return new IsrProposal(PARTITION, leaderEpoch, partitionEpoch, members);
    }

    private void propose(int sender, IsrProposal proposal) {
        var entry = cluster.entry(sender);
        var numbered = new Message.NumberedProposal(nextNumber++, proposal);
        changes.onRequest(entry, new Message.AlterPartitions(entry.epoch(), List.of(numbered)));
    }

    private IsrRefusal refusal(long nanos) {
        cluster.effects.clear();
        cluster.at(nanos);
        changes.answer();
        return cluster.lastSent(Message.AlterPartitionsReply.class)
                .flatMap(reply -> reply.refused().values().stream().findFirst())
                .orElse(null);
    }

    @Test
    void addsAReplicaThatCaughtUp() {
        propose(0, proposal(5, 8, 0, 1, 2));

        assertThat(refusal(500 * MS)).isNull();
        assertThat(cluster.line().isr()).containsExactly(0, 1, 2);
        assertThat(cluster.line().partitionEpoch()).isEqualTo(9);
        assertThat(cluster.line().leaderEpoch()).isEqualTo(5);
    }

    @Test
    void lettingOneGoBelowTheMinIsrKeepsItEligible() {
        propose(0, proposal(5, 8, 0));

        assertThat(refusal(10 * MS)).isNull();
        assertThat(cluster.line().isr()).containsExactly(0);
        assertThat(cluster.line().elr()).containsExactly(1);
    }

    @Test
    void shrinksAndRepairsAreWrittenAtOnceOtherExpansionsWait() {
        propose(0, proposal(5, 8, 0, 1, 2));
        cluster.at(499 * MS);
        assertThat(cluster.writes()).isZero();
        assertThat(cluster.term.deadline()).isEqualTo(500 * MS);
        cluster.at(500 * MS);
        assertThat(cluster.writes()).isEqualTo(1);

        inSync(0);
        propose(0, proposal(5, 8, 0, 1));
        cluster.at(10 * MS);
        assertThat(cluster.writes()).isEqualTo(1);
    }

    @Test
    void nothingIsAnsweredBeforeTheWriteIsDurable() {
        cluster.state(2, BrokerState.FENCED);
        cluster.storeAnswers(false);
        propose(0, proposal(5, 8, 0, 1, 2));
        assertThat(refusal(500 * MS)).isNull();
        var put = (StoreEffect.Put) cluster.effects.getLast();

        cluster.answer(put, Outcome.OK);
        changes.answer();

        assertThat(cluster.lastSent(Message.AlterPartitionsReply.class)).isPresent();
    }

    @Test
    void aLateCopyOfARefusedProposalIsNeverGranted() {
        cluster.state(2, BrokerState.FENCED);
        propose(0, proposal(5, 8, 0, 1, 2));
        assertThat(refusal(500 * MS)).isEqualTo(IsrRefusal.INELIGIBLE_REPLICA);
        cluster.state(2, BrokerState.UNFENCED);

        propose(0, proposal(5, 8, 0, 1, 2));

        assertThat(refusal(5_000 * MS)).isEqualTo(IsrRefusal.OUTDATED);
        assertThat(cluster.line().isr()).containsExactly(0, 1);
    }

    @Test
    void refusalsCostAtMostOneWriteASecond() {
        cluster.state(2, BrokerState.FENCED);
        propose(0, proposal(5, 8, 0, 1, 2));
        assertThat(refusal(500 * MS)).isEqualTo(IsrRefusal.INELIGIBLE_REPLICA);

        propose(0, proposal(5, 9, 0, 1, 2));
        assertThat(refusal(1_400 * MS)).isNull();
        assertThat(cluster.writes()).isZero();

        cluster.at(1_500 * MS);
        propose(0, proposal(5, 9, 0, 1, 2));
        assertThat(refusal(3_000 * MS)).isEqualTo(IsrRefusal.INELIGIBLE_REPLICA);
    }

    @Test
    void refusesMembersThatMayNotJoin() {
        cluster.state(2, BrokerState.SHUTTING_DOWN);
        propose(0, proposal(5, 8, 0, 1, 2));
        assertThat(refusal(500 * MS)).isEqualTo(IsrRefusal.INELIGIBLE_REPLICA);

        cluster.at(4_000 * MS);
        propose(0, proposal(5, 9, 0, 1, 3));
        assertThat(refusal(5_000 * MS)).isEqualTo(IsrRefusal.INELIGIBLE_REPLICA);

        cluster.at(8_000 * MS);
        propose(0, proposal(5, 10, 1));
        assertThat(refusal(9_000 * MS)).isEqualTo(IsrRefusal.INELIGIBLE_REPLICA);
        assertThat(cluster.line().isr()).containsExactly(0, 1);
    }

    @Test
    void refusesAMemberOfAnotherIncarnationThanShardAndRegistrySay() {
        var old = new TreeMap<>(Map.of(0, 10L, 1, 11L, 2, 11L));
        propose(0, new IsrProposal(PARTITION, 5, 8, old));
        assertThat(refusal(500 * MS)).isEqualTo(IsrRefusal.INELIGIBLE_REPLICA);

        cluster.cell().enqueue(shard -> shard.withStamp(2, 13));
        cluster.at(2_000 * MS);
        propose(0, proposal(5, 9, 0, 1, 2));
        assertThat(refusal(5_000 * MS)).isEqualTo(IsrRefusal.INELIGIBLE_REPLICA);

        cluster.at(8_000 * MS);
        var stamped = new TreeMap<>(Map.of(0, 10L, 1, 11L, 2, 13L));
        propose(0, new IsrProposal(PARTITION, 5, 10, stamped));
        assertThat(refusal(9_000 * MS)).isEqualTo(IsrRefusal.INELIGIBLE_REPLICA);
    }

    @Test
    void aMemberThatIsAboutToStopDoesNotKeepAnotherFromBeingLetGo() {
        inSync(0, 1, 2);
        cluster.state(1, BrokerState.SHUTTING_DOWN);

        propose(0, proposal(5, 8, 0, 1));

        assertThat(refusal(10 * MS)).isNull();
        assertThat(cluster.line().isr()).containsExactly(0, 1);
    }

    @Test
    void whoDoesNotLeadOrKnowsAnOlderLineIsOutdated() {
        propose(1, proposal(5, 8, 0, 1, 2));
        assertThat(refusal(500 * MS)).isEqualTo(IsrRefusal.OUTDATED);
        propose(0, proposal(4, 8, 0, 1, 2));
        assertThat(refusal(1_000 * MS)).isEqualTo(IsrRefusal.OUTDATED);
        propose(0, proposal(5, 7, 0, 1, 2));
        assertThat(refusal(1_500 * MS)).isEqualTo(IsrRefusal.OUTDATED);
        assertThat(cluster.line().partitionEpoch()).isEqualTo(8);
    }

    @Test
    void aDeletedTopicChangesNoMore() {
        cluster.topicIs(TopicState.TOMBSTONE);

        propose(0, proposal(5, 8, 0, 1, 2));

        assertThat(refusal(500 * MS)).isEqualTo(IsrRefusal.OUTDATED);
    }

    @Test
    void aLeaderThatKnowsMoreThanTheStoreIsNotAnswered() {
        propose(0, proposal(5, 9, 0, 1, 2));

        assertThat(refusal(500 * MS)).isNull();
        cluster.at(501 * MS);
        assertThat(cluster.effects).anyMatch(StoreEffect.Get.class::isInstance);
    }

    @Test
    void copiesOfOneProposalAreOneCommand() {
        cluster.storeAnswers(false);
        var entry = cluster.entry(0);
        var numbered = new Message.NumberedProposal(7, proposal(5, 8, 0, 1, 2));
        for (int copy = 0; copy < 3; copy++) {
            changes.onRequest(entry, new Message.AlterPartitions(entry.epoch(), List.of(numbered)));
        }
        cluster.at(500 * MS);
        cluster.answer((StoreEffect.Put) cluster.effects.getLast(), Outcome.OK);
        changes.answer();

        assertThat(cluster.lastSent(Message.AlterPartitionsReply.class)).isEmpty();
        assertThat(cluster.line().isr()).containsExactly(0, 1, 2);
    }

    @Test
    void anotherEpochThanTheRegisteredOneIsNotHeard() {
        var numbered = new Message.NumberedProposal(1, proposal(5, 8, 0, 1, 2));
        changes.onRequest(cluster.entry(0), new Message.AlterPartitions(9, List.of(numbered)));

        assertThat(refusal(500 * MS)).isNull();
        assertThat(cluster.line().isr()).containsExactly(0, 1);
    }
}
