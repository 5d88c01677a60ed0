// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.replication;

import static io.eventfleet.core.replication.Leading.MAX_LAG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventfleet.core.replication.LeaderReplica.LogPosition;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Rules 20, 24 and 35: what is committed. */
class HighWatermarkTest {

    @Test
    void aloneTheLeaderCommitsWhatIsDurable() {
        var leading = Leading.of(1, new LogPosition(50, 100, 110, 100), 0);
        assertThat(leading.highWatermark()).isEqualTo(100);
        leading.append(120);
        assertThat(leading.highWatermark()).isEqualTo(120);
    }

    @Test
    void whatIsWrittenAndNotDurableIsNotCommitted() {
        var leading = Leading.of(1, 0);
        leading.leader().written(leading.now(), 120);
        assertThat(leading.highWatermark()).isEqualTo(100);
        leading.leader().durable(leading.now(), 110);
        assertThat(leading.highWatermark()).isEqualTo(110);
    }

    @Test
    void everyMemberMustHaveFetchedInThisEpoch() {
        var leading = Leading.of(1, 0, 1, 2);
        assertThat(leading.highWatermark()).isEqualTo(50);
        leading.fetch(1, 100);
        assertThat(leading.highWatermark()).isEqualTo(50);
        leading.fetch(2, 90);
        assertThat(leading.highWatermark()).isEqualTo(90);
        leading.fetch(2, 100);
        assertThat(leading.highWatermark()).isEqualTo(100);
    }

    @Test
    void nothingIsCommittedWithFewerMembersThanMinIsr() {
        var leading = Leading.of(2, 0);
        leading.append(120);
        assertThat(leading.highWatermark()).isEqualTo(50);
        leading.minIsr(1).push();
        assertThat(leading.highWatermark()).isEqualTo(120);
    }

    @Test
    void fallsNeverWhateverAFollowerSays() {
        var leading = Leading.of(2, 0, 1);
        leading.fetch(1, 100);
        leading.fetch(1, 60);
        assertThat(leading.highWatermark()).isEqualTo(100);
    }

    @Test
    void tellsWhenItHasPassedTheEpochStart() {
        var leading = Leading.of(2, 0, 1);
        assertThat(leading.leader().hasCommittedEpochStart()).isFalse();
        leading.fetch(1, 99);
        assertThat(leading.leader().hasCommittedEpochStart()).isFalse();
        leading.fetch(1, 100);
        assertThat(leading.leader().hasCommittedEpochStart()).isTrue();
    }

    @Test
    void whatAnotherIncarnationFetchedDoesNotCount() {
        var leading = Leading.of(2, 0, 1);
        leading.fetch(1, 80);
        leading.peer(1, 21, true).pushSameLine();
        leading.append(120);
        assertThat(leading.highWatermark()).isEqualTo(80);
        assertThat(leading.fetch(1, 120)).isEqualTo(FollowerFetch.STALE_BROKER_EPOCH);
        assertThat(leading.highWatermark()).isEqualTo(80);
        assertThat(leading.fetch(new ReplicaFetch(1, 21, Leading.EPOCH, 100, 0)))
                .isEqualTo(FollowerFetch.ACCEPTED);
        assertThat(leading.highWatermark()).isEqualTo(100);
    }

    @Test
    void whatAnotherIncarnationFetchedIsForgottenAsSoonAsTheNextOneIsRegistered() {
        var leading = Leading.of(2, 0, 1, 2);
        leading.fetch(1, 100);
        leading.peer(1, 21, true).pushSameLine();
        leading.fetch(2, 100);
        assertThat(leading.highWatermark()).isEqualTo(50);
    }

    @Test
    void anIncarnationThatIsNotKnownYetReplacesTheOlderOne() {
        var leading = Leading.of(2, 0, 1);
        leading.fetch(new ReplicaFetch(1, 21, Leading.EPOCH, 90, 0));
        assertThat(leading.highWatermark()).isEqualTo(90);
        assertThat(leading.fetch(1, 100)).isEqualTo(FollowerFetch.STALE_BROKER_EPOCH);
        assertThat(leading.highWatermark()).isEqualTo(90);
    }

    @Test
    void fetchesOfOtherEpochsAndOfStrangersChangeNothing() {
        var leading = Leading.of(2, 0, 1);
        assertThat(leading.fetch(new ReplicaFetch(1, 11, Leading.EPOCH - 1, 100, 0)))
                .isEqualTo(FollowerFetch.FENCED_LEADER_EPOCH);
        assertThat(leading.fetch(new ReplicaFetch(1, 11, Leading.EPOCH + 1, 100, 0)))
                .isEqualTo(FollowerFetch.UNKNOWN_LEADER_EPOCH);
        assertThat(leading.fetch(new ReplicaFetch(7, 17, Leading.EPOCH, 100, 0)))
                .isEqualTo(FollowerFetch.NOT_A_REPLICA);
        assertThat(leading.fetch(new ReplicaFetch(0, 10, Leading.EPOCH, 100, 0)))
                .isEqualTo(FollowerFetch.NOT_A_REPLICA);
        assertThatThrownBy(() -> leading.fetch(1, 101)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> leading.fetch(1, -1)).isInstanceOf(IllegalArgumentException.class);
        assertThat(leading.highWatermark()).isEqualTo(50);
        assertThat(leading.leader().follower(1).orElseThrow().offset()).isEqualTo(-1);
    }

    @Test
    void waitsForAReplicaThatIsAboutToJoinUntilItLags() {
        var leading = Leading.of(1, 0);
        leading.fetch(1, 100);
        leading.append(120);
        assertThat(leading.highWatermark()).isEqualTo(100);
        assertThat(leading.leader().nextDeadline(leading.now())).isEqualTo(leading.now() + MAX_LAG.toNanos() + 1);
        leading.pass(MAX_LAG.plusNanos(1));
        assertThat(leading.highWatermark()).isEqualTo(120);
        assertThat(leading.leader().nextDeadline(leading.now())).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void doesNotWaitForWhoCannotJoin() {
        for (var cannotJoin : new Runnable[] {
            () -> {
                var fencedOrStopping = caughtUpOutside();
                fencedOrStopping.peer(1, 11, false).pushSameLine();
                fencedOrStopping.append(120);
                assertThat(fencedOrStopping.highWatermark()).isEqualTo(120);
            },
            () -> {
                var anotherIncarnation = caughtUpOutside();
                anotherIncarnation.peer(1, 21, true).pushSameLine();
                anotherIncarnation.append(120);
                assertThat(anotherIncarnation.highWatermark()).isEqualTo(120);
            },
            () -> {
                var readOnlyController = caughtUpOutside();
                readOnlyController.leader().controllerWritable(false);
                readOnlyController.append(120);
                assertThat(readOnlyController.highWatermark()).isEqualTo(120);
            }
        }) {
            cannotJoin.run();
        }
    }

    private static Leading caughtUpOutside() {
        var leading = Leading.of(1, 0);
        leading.fetch(1, 100);
        return leading;
    }

    @Test
    void aReplicaThatIsNoneAnyMoreIsForgotten() {
        var leading = Leading.of(1, 0, 1);
        leading.fetch(1, 100);
        leading.isr(0).replicas(0, 2).push();
        leading.append(120);
        assertThat(leading.highWatermark()).isEqualTo(120);
        leading.isr(0, 1).replicas(0, 1, 2).push();
        leading.append(130);
        assertThat(leading.highWatermark()).isEqualTo(120);
        assertThat(leading.leader().follower(1).orElseThrow().offset()).isEqualTo(-1);
    }

    @Test
    void anotherEpochIsAnotherLeader() {
        var leading = Leading.of(1, 0);
        var next = new LeaderAssignment(
                0,
                10,
                Leading.EPOCH + 1,
                9,
                1,
                leading.assignment().replicas(),
                leading.assignment().isr(),
                leading.assignment().peers());
        assertThatThrownBy(() -> leading.leader().assigned(leading.now(), next))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void everyGuardKeepsSomethingFromBeingCommitted() {
        var early = Leading.without(ReplicationGuard.DURABLE_END, 1, 0);
        early.leader().written(early.now(), 120);
        assertThat(early.highWatermark()).isEqualTo(120);

        var few = Leading.without(ReplicationGuard.MIN_ISR, 2, 0);
        few.append(120);
        assertThat(few.highWatermark()).isEqualTo(120);

        var older = Leading.without(ReplicationGuard.FETCHED_IN_EPOCH, 2, 0, 1);
        older.fetch(new ReplicaFetch(1, 11, Leading.EPOCH - 1, 100, 0));
        assertThat(older.highWatermark()).isEqualTo(100);

        var zombie = Leading.without(ReplicationGuard.BROKER_EPOCH, 2, 0, 1);
        zombie.peer(1, 21, true).pushSameLine();
        zombie.fetch(1, 100);
        assertThat(zombie.highWatermark()).isEqualTo(100);

        var hasty = Leading.without(ReplicationGuard.MAXIMAL_ISR, 2, 0);
        hasty.isr(0, 1).minIsr(2).push();
        hasty.fetch(1, 100);
        hasty.fetch(2, 100);
        hasty.pass(Duration.ofSeconds(1));
        hasty.fetch(2, 100);
        assertThat(hasty.leader().maximalIsr()).contains(2);
        hasty.peer(2, 12, false).pushSameLine();
        hasty.append(120);
        hasty.fetch(1, 120);
        assertThat(hasty.highWatermark()).isEqualTo(120);
    }
}
