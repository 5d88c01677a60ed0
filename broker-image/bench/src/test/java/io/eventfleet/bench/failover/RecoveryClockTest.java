// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.bench.failover;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RecoveryClockTest {
    private final RecoveryClock clock = new RecoveryClock(2);

    @Test
    void runsUntilTheLastPartitionAcknowledges() {
        clock.start(100);
        clock.acknowledged(0, 110, 150);
        clock.acknowledged(0, 160, 900);
        assertThat(clock.elapsed()).isEmpty();
        assertThat(clock.missing()).isEqualTo(1);

        clock.acknowledged(1, 120, 400);
        assertThat(clock.elapsed()).contains(Duration.ofNanos(300));
    }

    @Test
    void doesNotCountWhatWasSentBeforeTheDeath() {
        clock.start(100);
        clock.acknowledged(0, 99, 150);

        assertThat(clock.missing()).isEqualTo(2);
    }

    @Test
    void beginsAgain() {
        clock.start(100);
        clock.acknowledged(0, 110, 150);
        clock.start(1_000);

        assertThat(clock.missing()).isEqualTo(2);
    }

    @Test
    void sendsToManyPartitionsLessOften() {
        assertThat(SteadyLoad.resolution(12)).isEqualTo(Duration.ofMillis(10));
        assertThat(SteadyLoad.resolution(1_000)).isEqualTo(Duration.ofMillis(200));
    }

    @Test
    void killsTheControllerAnotherLeaderOrBoth() {
        assertThat(Death.LEADER.victims(1, 2)).containsExactly(2);
        assertThat(Death.CONTROLLER.victims(1, 2)).containsExactly(1);
        assertThat(Death.BOTH.victims(1, 2)).containsExactly(1, 2);
    }
}
