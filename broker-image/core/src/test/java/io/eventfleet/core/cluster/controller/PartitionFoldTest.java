// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.cluster.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventfleet.core.cluster.PartitionLine;
import io.eventfleet.core.cluster.ReplicaMoves;
import io.eventfleet.core.cluster.message.Verdict;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The fold of one partition line, rule by rule. */
class PartitionFoldTest {

    private static PartitionFold.Members up(Integer... ids) {
        return members(Set.of(), ids);
    }

    /** @param returning registered with an intact disk, not unfenced yet */
    private static PartitionFold.Members members(Set<Integer> returning, Integer... ids) {
        var set = Set.of(ids);
        return new PartitionFold.Members() {
            @Override
            public boolean inSync(int brokerId) {
                return set.contains(brokerId);
            }

            @Override
            public boolean electable(int brokerId) {
                return set.contains(brokerId);
            }

            @Override
            public boolean returning(int brokerId) {
                return returning.contains(brokerId);
            }

            @Override
            public boolean retired(int brokerId) {
                return false;
            }

            @Override
            public boolean present(int brokerId) {
                return true;
            }
        };
    }

    private static PartitionLine line(int leader, List<Integer> isr, List<Integer> elr) {
        return new PartitionLine(
                0, leader, 5, 8, List.of(1, 2, 3), isr, elr, List.of(), ReplicaMoves.NONE, 1, -1, List.of());
    }

    @Test
    void leavesASettledLineAlone() {
        var settled = line(1, List.of(1, 2), List.of());

        assertThat(PartitionFold.settle(settled, 2, up(1, 2))).isSameAs(settled);
    }

    @Test
    void electsTheNextInSyncReplicaAndBumpsBothEpochs() {
        var next = PartitionFold.settle(line(1, List.of(1, 2, 3), List.of()), 1, up(2, 3));

        assertThat(next.leader()).isEqualTo(2);
        assertThat(next.isr()).containsExactly(2, 3);
        assertThat(next.leaderEpoch()).isEqualTo(6);
        assertThat(next.partitionEpoch()).isEqualTo(9);
    }

    @Test
    void thoseFencedTogetherEnterTheElrTogether() {
        var next = PartitionFold.settle(line(1, List.of(1, 2, 3), List.of()), 2, up(3));

        assertThat(next.isr()).containsExactly(3);
        assertThat(next.elr()).containsExactly(1, 2);
    }

    @Test
    void clearsTheElrAfterTheElectionNotBefore() {
        var next = PartitionFold.settle(line(-1, List.of(), List.of(1, 2)), 1, up(1));

        assertThat(next.leader()).isEqualTo(1);
        assertThat(next.isr()).containsExactly(1);
        assertThat(next.elr()).isEmpty();
    }

    @Test
    void aNewIncarnationNeverKeepsTheLeaderEpoch() {
        var registered = PartitionFold.register(line(1, List.of(1), List.of()), 1, Verdict.INTACT, 1, up());
        var elected = PartitionFold.settle(registered, 1, up(1));

        assertThat(registered.leader()).isEqualTo(PartitionLine.NO_LEADER);
        assertThat(registered.leaderEpoch()).isGreaterThan(5);
        assertThat(registered.elr()).containsExactly(1);
        assertThat(elected.leader()).isEqualTo(1);
        assertThat(elected.leaderEpoch()).isGreaterThan(5);
    }

    @Test
    void aLostDiskLeavesTheOnlyCopyOffline() {
        var registered = PartitionFold.register(line(1, List.of(1), List.of()), 1, Verdict.LOST, 1, up());

        assertThat(PartitionFold.settle(registered, 1, up(1)).leader()).isEqualTo(PartitionLine.NO_LEADER);
        assertThat(registered.elr()).isEmpty();
    }

    @Test
    void theOnlyReplicaComesBackUncleanAndSaysSo() {
        var only = new PartitionLine(
                0, 1, 5, 8, List.of(1), List.of(1), List.of(), List.of(), ReplicaMoves.NONE, 1, -1, List.of());

        var registered = PartitionFold.register(only, 1, Verdict.UNCLEAN, 1, up());
        var elected = PartitionFold.settle(registered, 1, up(1));

        assertThat(registered.lastKnownElr()).containsExactly(1);
        assertThat(elected.leader()).isEqualTo(1);
        assertThat(elected.uncleanEpoch()).isEqualTo(elected.leaderEpoch());
    }

    @Test
    void aChangedMinIsrIsOneWriteWithTheRuleForTheElr() {
        var next = PartitionFold.touch(line(1, List.of(1), List.of(2)), 1, up(1));

        assertThat(next.elr()).isEmpty();
        assertThat(next.partitionEpoch()).isEqualTo(9);
        assertThat(next.leaderEpoch()).isEqualTo(5);
    }

    @Test
    void aFullRestartBringsBackTheWholeIsr() {
        var all = line(1, List.of(1, 2, 3), List.of());

        var first = PartitionFold.register(all, 2, Verdict.INTACT, 1, members(Set.of(2), 3));
        assertThat(first.isr()).containsExactly(3);

        var nobody = PartitionFold.register(all, 1, Verdict.INTACT, 1, members(Set.of(1, 2, 3)));
        var second = PartitionFold.register(nobody, 2, Verdict.INTACT, 1, members(Set.of(1, 2, 3)));
        var led = PartitionFold.settle(second, 1, members(Set.of(2, 3), 1));

        assertThat(nobody.leader()).isEqualTo(PartitionLine.NO_LEADER);
        assertThat(nobody.leaderEpoch()).isEqualTo(6);
        assertThat(second).isSameAs(nobody);
        assertThat(led.isr()).containsExactly(1, 2, 3);
        assertThat(led.leader()).isEqualTo(1);
    }

    @Test
    void anEligibleReplicaDoesNotWaitForInSyncOnesThatAreNotBack() {
        var waiting = line(-1, List.of(1), List.of(2));

        var led = PartitionFold.settle(waiting, 2, members(Set.of(1), 2));

        assertThat(led.leader()).isEqualTo(2);
        assertThat(led.isr()).containsExactly(2);
        assertThat(led.elr()).containsExactly(1);
    }

    @Test
    void aReplicaThatRejoinsIsNotEligibleBesides() {
        var next = PartitionFold.alter(line(1, List.of(1), List.of(2, 3)), Set.of(1, 2), 3, up(1, 2, 3));

        assertThat(next.isr()).containsExactly(1, 2);
        assertThat(next.elr()).containsExactly(3);
        assertThat(next.leaderEpoch()).isEqualTo(5);
    }

    @Test
    void aReassignmentBeginsWithoutTouchingTheIsr() {
        var moving = PartitionFold.reassign(line(1, List.of(1, 2, 3), List.of()), List.of(4, 2), 2, up(1, 2, 3, 4));

        assertThat(moving.replicas()).containsExactly(4, 2, 1, 3);
        assertThat(moving.moves().adding()).containsExactly(4);
        assertThat(moving.moves().removing()).containsExactly(1, 3);
        assertThat(moving.isr()).containsExactly(1, 2, 3);
        assertThat(moving.leader()).isEqualTo(1);
        assertThat(moving.leaderEpoch()).isEqualTo(5);
        assertThat(moving.partitionEpoch()).isEqualTo(9);
        assertThat(PartitionFold.settle(moving, 1, up(1, 2, 3, 4))).isSameAs(moving);
    }

    @Test
    void itFinishesInTheWriteThatBringsTheLastReplicaInSync() {
        var moving = PartitionFold.reassign(line(1, List.of(1, 2, 3), List.of()), List.of(4, 2), 2, up(1, 2, 3, 4));

        var done = PartitionFold.alter(moving, Set.of(1, 2, 3, 4), 2, up(1, 2, 3, 4));

        assertThat(done.replicas()).containsExactly(4, 2);
        assertThat(done.isr()).containsExactlyInAnyOrder(4, 2);
        assertThat(done.leader()).isEqualTo(4);
        assertThat(done.leaderEpoch()).isEqualTo(6);
        assertThat(done.moves().running()).isFalse();
        assertThat(done.moves().dropped()).isEqualTo(Map.of(1, 10, 3, 10));
    }

    @Test
    void losingAReplicaBumpsTheLeaderEpochThoughTheLeaderStays() {
        var done = PartitionFold.reassign(line(1, List.of(1, 2, 3), List.of()), List.of(1, 2), 2, up(1, 2, 3));

        assertThat(done.leader()).isEqualTo(1);
        assertThat(done.leaderEpoch()).isEqualTo(6);
        assertThat(done.moves().dropped()).containsOnlyKeys(3);
    }

    @Test
    void itDoesNotFinishWithFewerInSyncThanTheTargetNeeds() {
        var moving = PartitionFold.reassign(line(1, List.of(1, 3), List.of()), List.of(1, 2), 2, up(1, 3));
        assertThat(moving.replicas()).containsExactly(1, 2, 3);
        assertThat(moving.moves().removing()).containsExactly(3);

        var dead = PartitionFold.settle(moving, 2, up(1));
        assertThat(dead.moves().running()).isTrue();
        assertThat(dead.elr()).containsExactly(3);

        var caughtUp = PartitionFold.alter(dead, Set.of(1, 2), 2, up(1, 2));
        assertThat(caughtUp.replicas()).containsExactly(1, 2);
        assertThat(caughtUp.elr()).isEmpty();
    }

    @Test
    void itDoesNotFinishIntoReplicasOfWhichNoneMayLead() {
        var moving = PartitionFold.reassign(line(1, List.of(1, 2), List.of()), List.of(4), 1, up(1, 2, 4));
        var stopping = new PartitionFold.Members() {
            @Override
            public boolean inSync(int brokerId) {
                return true;
            }

            @Override
            public boolean returning(int brokerId) {
                return false;
            }

            @Override
            public boolean electable(int brokerId) {
                return brokerId != 4;
            }

            @Override
            public boolean present(int brokerId) {
                return true;
            }

            @Override
            public boolean retired(int brokerId) {
                return false;
            }
        };

        var waits = PartitionFold.alter(moving, Set.of(1, 2, 4), 1, stopping);

        assertThat(waits.moves().running()).isTrue();
        assertThat(PartitionFold.settle(waits, 1, up(1, 2, 4)).replicas()).containsExactly(4);
    }

    @Test
    void aGrowingPartitionNeedsNoMoreThanItHad() {
        var one = new PartitionLine(
                0, 1, 5, 8, List.of(1), List.of(1), List.of(), List.of(), ReplicaMoves.NONE, 1, -1, List.of());

        var growing = PartitionFold.reassign(one, List.of(1, 2, 3), 2, up(1, 2, 3));
        assertThat(growing.effectiveMinIsr(2)).isEqualTo(1);
        var halfGrown = PartitionFold.alter(growing, Set.of(1, 2), 2, up(1, 2, 3));
        assertThat(PartitionFold.alter(halfGrown, Set.of(1), 2, up(1, 2, 3)).elr())
                .isEmpty();

        var grown = PartitionFold.alter(growing, Set.of(1, 2, 3), 2, up(1, 2, 3));
        assertThat(grown.moves().running()).isFalse();
        assertThat(grown.leaderEpoch()).isEqualTo(5);
        assertThat(grown.effectiveMinIsr(2)).isEqualTo(2);
    }

    @Test
    void cancellingLeavesWhatWasAddedBehind() {
        var moving = PartitionFold.reassign(line(1, List.of(1, 2, 3), List.of()), List.of(4, 2), 2, up(1, 2, 3, 4));

        var cancelled = PartitionFold.reassign(moving, List.of(1, 2, 3), 2, up(1, 2, 3, 4));

        assertThat(cancelled.replicas()).containsExactly(1, 2, 3);
        assertThat(cancelled.moves().running()).isFalse();
        assertThat(cancelled.moves().dropped()).containsOnlyKeys(4);
        assertThat(cancelled.leaderEpoch()).isEqualTo(6);
    }

    @Test
    void aNewerTargetReplacesAnUnfinishedOne() {
        var moving = PartitionFold.reassign(line(1, List.of(1, 2, 3), List.of()), List.of(4, 2), 2, up(1, 2, 3, 4, 5));

        var again = PartitionFold.reassign(moving, List.of(5, 2), 2, up(1, 2, 3, 4, 5));

        assertThat(again.moves().adding()).containsExactly(5);
        assertThat(again.moves().removing()).containsExactly(4, 1, 3);
        var done = PartitionFold.alter(again, Set.of(1, 2, 3, 5), 2, up(1, 2, 3, 4, 5));
        assertThat(done.replicas()).containsExactly(5, 2);
        assertThat(done.moves().dropped()).containsOnlyKeys(1, 3, 4);
    }

    @Test
    void anotherOrderIsAnotherPreferredLeaderAndNothingElse() {
        var next = PartitionFold.reassign(line(1, List.of(1), List.of(2)), List.of(3, 1, 2), 2, up(1));

        assertThat(next.replicas()).containsExactly(3, 1, 2);
        assertThat(next.leader()).isEqualTo(1);
        assertThat(next.leaderEpoch()).isEqualTo(5);
        assertThat(next.moves()).isEqualTo(ReplicaMoves.NONE);
    }

    @Test
    void aDroppedReplicaIsForgottenWhenItsDataIsGone() {
        var dropped = PartitionFold.reassign(line(1, List.of(1, 2, 3), List.of()), List.of(1, 2), 2, up(1, 2, 3));

        assertThat(PartitionFold.confirmDropped(dropped, 3, 8)).isSameAs(dropped);
        assertThat(PartitionFold.confirmDropped(dropped, 3, 9).moves()).isEqualTo(ReplicaMoves.NONE);
        assertThat(PartitionFold.register(dropped, 3, Verdict.LOST, 2, up(1, 2)).moves())
                .isEqualTo(ReplicaMoves.NONE);
        assertThat(PartitionFold.register(dropped, 3, Verdict.INTACT, 2, up(1, 2))
                        .moves()
                        .dropped())
                .containsOnlyKeys(3);
    }

    @Test
    void anUncleanElectionLeavesOneReplicaAndSaysSo() {
        var offline = PartitionFold.settle(line(1, List.of(1), List.of()), 1, up(2, 3));
        assertThat(offline.leader()).isEqualTo(PartitionLine.NO_LEADER);

        var next = PartitionFold.electUnclean(offline, 2, up(2, 3));

        assertThat(next.leader()).isEqualTo(2);
        assertThat(next.isr()).containsExactly(2);
        assertThat(next.elr()).isEmpty();
        assertThat(next.uncleanEpoch()).isEqualTo(next.leaderEpoch());
        assertThat(PartitionFold.electUnclean(next, 2, up(2, 3))).isSameAs(next);
        var halfAlive = PartitionFold.electUnclean(line(-1, List.of(1), List.of()), 2, up(2, 3));
        assertThat(halfAlive.isr()).containsExactly(2);
        assertThat(halfAlive.elr()).isEmpty();
        assertThat(PartitionFold.electUnclean(offline, 1, up())).isSameAs(offline);
    }

    @Test
    void prefersTheFirstReplicaOnlyInSync() {
        assertThat(PartitionFold.prefer(line(2, List.of(2, 3), List.of()), 1, up(1, 2, 3))
                        .leader())
                .isEqualTo(2);

        var next = PartitionFold.prefer(line(2, List.of(2, 1), List.of()), 1, up(1, 2, 3));
        assertThat(next.leader()).isEqualTo(1);
        assertThat(next.leaderEpoch()).isEqualTo(6);
    }
}
