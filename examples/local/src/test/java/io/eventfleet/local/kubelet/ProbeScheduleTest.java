// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.kubelet;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventfleet.local.kubelet.ProbeSchedule.Verdict;
import io.fabric8.kubernetes.api.model.ProbeBuilder;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ProbeScheduleTest {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    @Test
    void startsAfterTheDelayAndRepeatsByThePeriod() {
        var schedule = new ProbeSchedule(
                new ProbeBuilder()
                        .withInitialDelaySeconds(3)
                        .withPeriodSeconds(2)
                        .build(),
                0);

        assertThat(schedule.isDue(2 * SECOND)).isFalse();
        assertThat(schedule.isDue(3 * SECOND)).isTrue();
        schedule.record(true, 3 * SECOND);
        assertThat(schedule.isDue(4 * SECOND)).isFalse();
        assertThat(schedule.isDue(5 * SECOND)).isTrue();
    }

    @Test
    void failsOnlyAfterEnoughFailuresInARow() {
        var schedule =
                new ProbeSchedule(new ProbeBuilder().withFailureThreshold(2).build(), 0);

        assertThat(schedule.record(false, 0)).isEqualTo(Verdict.UNDECIDED);
        assertThat(schedule.record(true, 0)).isEqualTo(Verdict.PASSED);
        assertThat(schedule.record(false, 0)).isEqualTo(Verdict.UNDECIDED);
        assertThat(schedule.record(false, 0)).isEqualTo(Verdict.FAILED);
    }

    @Test
    void passesOnlyAfterEnoughSuccessesInARow() {
        var schedule =
                new ProbeSchedule(new ProbeBuilder().withSuccessThreshold(2).build(), 0);

        assertThat(schedule.record(true, 0)).isEqualTo(Verdict.UNDECIDED);
        assertThat(schedule.record(true, 0)).isEqualTo(Verdict.PASSED);
    }

    @Test
    void waitsLongerAfterEachCrashAndForgivesALongRun() {
        var backOff = new BackOff();

        assertThat(backOff.afterRun(Duration.ZERO)).isZero();
        assertThat(backOff.afterRun(Duration.ZERO)).isEqualTo(BackOff.FIRST);
        assertThat(backOff.afterRun(Duration.ZERO)).isEqualTo(BackOff.FIRST.multipliedBy(2));
        for (int i = 0; i < 30; i++) {
            backOff.afterRun(Duration.ZERO);
        }
        assertThat(backOff.afterRun(Duration.ZERO)).isEqualTo(BackOff.LONGEST);
        assertThat(backOff.afterRun(BackOff.FORGIVEN_AFTER)).isZero();
    }
}
