// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.cluster.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventfleet.core.cluster.PartitionLine;
import io.eventfleet.core.cluster.ReplicaMoves;
import io.eventfleet.core.cluster.message.Verdict;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The fold of one partition line, rule by rule. */
class PartitionFoldTest {

    private static PartitionFold.Members up(Integer... ids) {
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
                return false;
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
}
