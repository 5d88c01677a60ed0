// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.replication;

import static io.eventfleet.core.replication.Leading.MAX_LAG;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Rules 19, 21 and 22: who is in sync, and what is proposed. */
class InSyncReplicasTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    @Test
    void belowMinIsrWhoHasEverythingIsProposedAtOnce() {
        var leading = Leading.of(2, 0);
        leading.fetch(1, 100);
        assertThat(leading.proposed()).containsExactly(Set.of(0, 1));
        assertThat(leading.lastAttempt().proposal().isr()).isEqualTo(Map.of(0, 10L, 1, 11L));
        assertThat(leading.lastAttempt().proposal().leaderEpoch()).isEqualTo(Leading.EPOCH);
        assertThat(leading.lastAttempt().proposal().partitionEpoch()).isEqualTo(7);
        assertThat(leading.leader().maximalIsr()).containsExactly(0, 1);
    }

    @Test
    void whoLacksSomethingBelowTheEpochStartIsNotProposed() {
        var leading = Leading.of(2, 0);
        leading.fetch(1, 99);
        assertThat(leading.highWatermark()).isEqualTo(50);
        assertThat(leading.proposed()).isEmpty();
        var careless = Leading.without(ReplicationGuard.JOIN_AT_EPOCH_START, 2, 0);
        careless.fetch(1, 99);
        assertThat(careless.proposed()).isNotEmpty();
    }

    @Test
    void whoLacksSomethingCommittedIsNotProposed() {
        var leading = Leading.of(2, 0, 1);
        leading.append(120);
        leading.fetch(1, 120);
        assertThat(leading.highWatermark()).isEqualTo(120);
        leading.isr(0).peer(1, 11, false).push();
        leading.fetch(2, 119);
        assertThat(leading.proposed()).isEmpty();
        leading.fetch(2, 120);
        assertThat(leading.proposed()).containsExactly(Set.of(0, 2));

        var careless = Leading.without(ReplicationGuard.JOIN_AT_HIGH_WATERMARK, 2, 0, 1);
        careless.append(120);
        careless.fetch(1, 120);
        careless.isr(0).peer(1, 11, false).push();
        careless.fetch(2, 119);
        assertThat(careless.proposed()).containsExactly(Set.of(0, 2));
    }

    @Test
    void whoIsFencedStoppingUnknownOrAnotherIncarnationIsNotProposed() {
        var fenced = Leading.of(2, 0);
        fenced.peer(1, 11, false).pushSameLine();
        fenced.fetch(1, 100);
        assertThat(fenced.proposed()).isEmpty();

        var unknown = Leading.of(2, 0);
        unknown.fetch(new ReplicaFetch(1, 21, Leading.EPOCH, 100, 0));
        assertThat(unknown.proposed()).isEmpty();
        unknown.peer(1, 21, true).pushSameLine();
        assertThat(unknown.proposed()).containsExactly(Set.of(0, 1));
        assertThat(unknown.lastAttempt().proposal().isr()).containsEntry(1, 21L);
    }

    @Test
    void nobodyIsProposedWhileTheControllerCannotWrite() {
        var leading = Leading.of(2, 0);
        leading.leader().controllerWritable(false);
        leading.fetch(1, 100);
        assertThat(leading.proposed()).isEmpty();
        leading.leader().controllerWritable(true);
        leading.pass(Duration.ofMillis(10));
        assertThat(leading.proposed()).containsExactly(Set.of(0, 1));
    }

    @Test
    void aProposedMemberHoldsUpTheHighWatermarkUntilItIsGrantedOrRefused() {
        var leading = Leading.of(1, 0);
        leading.fetch(1, 100);
        leading.pass(SECOND);
        leading.fetch(1, 100);
        assertThat(leading.proposed()).containsExactly(Set.of(0, 1));
        leading.peer(1, 11, false).pushSameLine();
        leading.append(120);
        assertThat(leading.highWatermark()).isEqualTo(100);
        leading.refuse(IsrRefusal.OUTDATED);
        assertThat(leading.highWatermark()).isEqualTo(100);
        assertThat(leading.leader().pending()).isPresent();
        leading.refuse(IsrRefusal.INELIGIBLE_REPLICA);
        assertThat(leading.leader().pending()).isEmpty();
        assertThat(leading.highWatermark()).isEqualTo(120);
    }

    @Test
    void newerMetadataSettlesAProposalAndTheSameMetadataDoesNot() {
        var leading = Leading.of(2, 0);
        leading.fetch(1, 100);
        leading.pushSameLine();
        assertThat(leading.leader().pending()).isPresent();
        leading.isr(0, 1).push();
        assertThat(leading.leader().pending()).isEmpty();
        assertThat(leading.leader().maximalIsr()).containsExactly(0, 1);
        assertThat(leading.highWatermark()).isEqualTo(100);
    }

    @Test
    void aRefusalOfAnEarlierProposalChangesNothing() {
        var leading = Leading.of(2, 0);
        leading.fetch(1, 100);
        var first = leading.lastAttempt();
        leading.refuse(IsrRefusal.INELIGIBLE_REPLICA);
        leading.pass(SECOND);
        leading.fetch(1, 100);
        assertThat(leading.lastAttempt().proposal()).isEqualTo(first.proposal());
        leading.refuse(first.number(), IsrRefusal.INELIGIBLE_REPLICA);
        assertThat(leading.leader().pending()).isPresent();
    }

    @Test
    void pausesAfterARefusal() {
        var leading = Leading.of(2, 0);
        leading.fetch(1, 100);
        leading.refuse(IsrRefusal.INELIGIBLE_REPLICA);
        leading.pass(SECOND.minusNanos(1));
        leading.fetch(1, 100);
        assertThat(leading.proposed()).hasSize(1);
        leading.pass(Duration.ofNanos(1));
        assertThat(leading.proposed()).hasSize(2);
    }

    @Test
    void oneProposalAtATimeAndOneKindOfChange() {
        var leading = Leading.of(2, 0, 1);
        leading.fetch(1, 100);
        leading.pass(MAX_LAG);
        leading.append(120);
        leading.fetch(2, 120);
        leading.pass(SECOND);
        leading.fetch(2, 120);
        // 1 lags and 2 could join: the shrink goes first, and alone.
        assertThat(leading.proposed()).containsExactly(Set.of(0));
        assertThat(leading.leader().maximalIsr()).containsExactly(0, 1);
        leading.fetch(2, 120);
        assertThat(leading.proposed()).hasSize(1);
        leading.isr(0).push();
        leading.fetch(2, 120);
        assertThat(leading.proposed()).containsExactly(Set.of(0), Set.of(0, 2));
    }

    @Test
    void aMemberHasTheLagTimeFromTheBeginningOfTheEpoch() {
        var leading = Leading.of(1, 0, 1);
        assertThat(leading.leader().nextDeadline(leading.now())).isEqualTo(leading.now() + MAX_LAG.toNanos() + 1);
        leading.pass(MAX_LAG);
        assertThat(leading.proposed()).isEmpty();
        leading.pass(Duration.ofNanos(1));
        assertThat(leading.proposed()).containsExactly(Set.of(0));
        // Until it is granted, the member counts.
        assertThat(leading.highWatermark()).isEqualTo(50);
        leading.isr(0).push();
        assertThat(leading.highWatermark()).isEqualTo(100);
    }

    @Test
    void caughtUpIsWhoHasWhatTheLeaderHadAtTheFetchBefore() {
        var leading = Leading.of(1, 0, 1);
        leading.fetch(1, 100);
        for (int end = 110; end <= 400; end += 10) {
            leading.append(end);
            leading.pass(SECOND);
            leading.fetch(1, end - 10);
        }
        // Always a little behind, never out.
        assertThat(leading.proposed()).isEmpty();
        for (int i = 0; i < 12; i++) {
            leading.append(410 + 10 * i);
            leading.pass(SECOND);
            leading.fetch(1, 400);
        }
        assertThat(leading.proposed()).containsExactly(Set.of(0));
    }

    @Test
    void anIdlePartitionShrinksOnlyWhenThereIsSomethingToLag() {
        var leading = Leading.of(1, 0, 1);
        leading.fetch(1, 100);
        leading.pass(MAX_LAG.multipliedBy(10));
        assertThat(leading.proposed()).isEmpty();
        assertThat(leading.leader().nextDeadline(leading.now())).isEqualTo(Long.MAX_VALUE);
        leading.append(101);
        assertThat(leading.proposed()).containsExactly(Set.of(0));
    }

    @Test
    void aMemberThatLostCommittedRecordsIsOutAtOnce() {
        var leading = Leading.of(1, 0, 1);
        leading.fetch(1, 100);
        leading.fetch(1, 80);
        assertThat(leading.proposed()).containsExactly(Set.of(0));
    }

    @Test
    void whereMinIsrIsMetAReplicaJoinsAfterASecond() {
        var leading = Leading.of(1, 0);
        leading.fetch(1, 100);
        leading.pass(SECOND.minusNanos(1));
        leading.fetch(1, 100);
        assertThat(leading.proposed()).isEmpty();
        leading.pass(Duration.ofNanos(1));
        assertThat(leading.proposed()).containsExactly(Set.of(0, 1));
    }

    @Test
    void aReplicaThatFellSilentIsNotProposed() {
        var leading = Leading.of(1, 0);
        leading.fetch(1, 100);
        leading.pass(SECOND.plusNanos(1));
        assertThat(leading.proposed()).isEmpty();
    }

    @Test
    void whoFlapsWaitsLonger() {
        var leading = Leading.of(1, 0, 1);
        leading.fetch(1, 100);
        leading.isr(0).push();
        leading.isr(0, 1).push();
        leading.isr(0).push();
        leading.fetch(1, 100);
        for (int second = 0; second < 9; second++) {
            leading.pass(SECOND);
            leading.fetch(1, 100);
            assertThat(leading.proposed()).isEmpty();
        }
        leading.pass(SECOND);
        leading.fetch(1, 100);
        assertThat(leading.proposed()).containsExactly(Set.of(0, 1));
    }

    @Test
    void flappingNeverHoldsUpMinIsr() {
        var leading = Leading.of(2, 0, 1);
        leading.fetch(1, 100);
        leading.isr(0).push();
        leading.isr(0, 1).push();
        leading.isr(0).push();
        assertThat(leading.lastAttempt().proposal().partitionEpoch()).isEqualTo(10);
        assertThat(leading.lastAttempt().proposal().isr()).containsOnlyKeys(0, 1);
    }

    @Test
    void underLoadTheHighWatermarkWaitsSoThatAReplicaCanJoin() {
        var leading = Leading.of(1, 0, 2);
        leading.fetch(2, 100);
        leading.fetch(1, 100);
        leading.append(120);
        leading.fetch(2, 120);
        leading.pass(Duration.ofMillis(500));
        leading.fetch(1, 110);
        leading.append(140);
        leading.fetch(2, 140);
        leading.pass(Duration.ofMillis(500));
        leading.fetch(1, 120);
        assertThat(leading.proposed()).containsExactly(Set.of(0, 1, 2));
    }

    @Test
    void whoFallsBehindBeginsItsSecondAnew() {
        var leading = Leading.of(1, 0);
        leading.fetch(1, 100);
        leading.leader().controllerWritable(false);
        leading.append(120);
        assertThat(leading.highWatermark()).isEqualTo(120);
        leading.pass(Duration.ofMillis(500));
        leading.fetch(1, 110);
        leading.leader().controllerWritable(true);
        leading.pass(Duration.ofMillis(500));
        leading.fetch(1, 120);
        assertThat(leading.proposed()).isEmpty();
        leading.pass(SECOND);
        leading.fetch(1, 120);
        assertThat(leading.proposed()).containsExactly(Set.of(0, 1));
    }
}
