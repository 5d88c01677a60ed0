// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.cluster.controller;

import static io.eventfleet.core.cluster.controller.ActingTerm.MS;
import static org.assertj.core.api.Assertions.assertThat;

import io.eventfleet.core.cluster.BrokerEntry;
import io.eventfleet.core.cluster.image.BrokerInfo.BrokerState;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When a preferred leader gets its leaderships back. */
class PreferredLeadersTest {

    private static final long SECOND = 1_000 * MS;

    private final ActingTerm cluster =
            new ActingTerm(ActingTerm.line(1, List.of(0, 1, 2), List.of(0, 1, 2), List.of()), 2, 3);
    private final PreferredLeaders preferred = new PreferredLeaders(cluster.term, cluster.shardChanges);

    private int leaderAt(long seconds) {
        cluster.at(seconds * SECOND);
        preferred.tick(seconds * SECOND);
        cluster.at(seconds * SECOND + SECOND / 2);
        return cluster.line().leader();
    }

    private void restart(int id, long epoch) {
        cluster.term
                .registry()
                .enqueue(registry -> registry.with(withEpoch(registry.broker(id).orElseThrow(), epoch)));
        cluster.cell().enqueue(shard -> shard.withStamp(id, epoch));
    }

    private static BrokerEntry withEpoch(BrokerEntry entry, long epoch) {
        return new BrokerEntry(
                entry.id(),
                epoch,
                epoch,
                entry.incarnation(),
                entry.podUid(),
                entry.dirIds(),
                entry.volumeId(),
                BrokerState.UNFENCED,
                entry.internal(),
                entry.listeners(),
                entry.rack(),
                entry.extra());
    }

    @Test
    void afterTenSecondsInSync() {
        assertThat(leaderAt(1)).isEqualTo(1);
        assertThat(leaderAt(10)).isEqualTo(1);
        assertThat(leaderAt(11)).isZero();
        assertThat(cluster.line().leaderEpoch()).isEqualTo(6);
    }

    @Test
    void theTimeBeginsAnewWithEveryRestart() {
        assertThat(leaderAt(1)).isEqualTo(1);
        restart(0, 20);
        assertThat(leaderAt(9)).isEqualTo(1);
        assertThat(leaderAt(18)).isEqualTo(1);
        assertThat(leaderAt(19)).isZero();
    }

    @Test
    void laterWhereTheBrokerKeepsRestarting() {
        assertThat(leaderAt(1)).isEqualTo(1);
        for (int restart = 1; restart <= 5; restart++) {
            restart(0, 20 + restart);
            assertThat(leaderAt(1 + restart)).isEqualTo(1);
        }

        assertThat(leaderAt(6 + 10 + 7)).isEqualTo(1);
        assertThat(leaderAt(6 + 10 + 8)).isZero();
    }

    @Test
    void neverToABrokerThatIsNotThereOrIsAboutToStop() {
        cluster.absent.add(0);
        assertThat(leaderAt(1)).isEqualTo(1);
        assertThat(leaderAt(30)).isEqualTo(1);
        cluster.absent.clear();
        cluster.state(0, BrokerState.SHUTTING_DOWN);
        assertThat(leaderAt(31)).isEqualTo(1);
        assertThat(leaderAt(60)).isEqualTo(1);
    }

    @Test
    void nothingMovesWhileTheStoreIsAway() {
        cluster.term.setReadOnly(true);
        assertThat(preferred.deadline()).isEqualTo(Long.MAX_VALUE);
        assertThat(leaderAt(1)).isEqualTo(1);
        assertThat(leaderAt(30)).isEqualTo(1);
    }
}
