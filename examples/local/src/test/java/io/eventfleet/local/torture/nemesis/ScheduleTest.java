// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.torture.nemesis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventfleet.local.torture.nemesis.Schedule.Period;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ScheduleTest {
    private static final Set<FaultKind> ALL = EnumSet.allOf(FaultKind.class);

    @Test
    void theSameSeedGivesTheSameSchedule() {
        Duration hour = Duration.ofHours(1);

        assertThat(Schedule.of(7, hour, ALL, 1)).isEqualTo(Schedule.of(7, hour, ALL, 1));
        assertThat(Schedule.of(7, hour, ALL, 1)).isNotEqualTo(Schedule.of(8, hour, ALL, 1));
    }

    @Test
    void periodsFillTheTimeAndAQuarterIsQuiet() {
        List<Period> periods = Schedule.of(1, Duration.ofHours(100), ALL, 1).periods();

        assertThat(periods.stream().map(Period::length).reduce(Duration.ZERO, Duration::plus))
                .isEqualTo(Duration.ofHours(100));
        assertThat(periods.subList(0, periods.size() - 1))
                .extracting(Period::length)
                .allMatch(length -> length.toSeconds() >= 20 && length.toSeconds() <= 60);
        double quiet =
                periods.stream().filter(period -> period.faults().isEmpty()).count() / (double) periods.size();
        assertThat(quiet).isBetween(0.22, 0.28);
        assertThat(periods.stream().flatMap(period -> period.faults().stream()).map(PlannedFault::kind))
                .containsAll(ALL);
    }

    @Test
    void noFaultComesTwiceInOnePeriod() {
        assertThat(Schedule.of(3, Duration.ofHours(10), ALL, 1).periods())
                .allSatisfy(period -> assertThat(period.faults().stream().map(PlannedFault::kind))
                        .doesNotHaveDuplicates()
                        .hasSizeLessThanOrEqualTo(3));
    }

    @Test
    void aScaleShortensThePeriods() {
        assertThat(Schedule.of(3, Duration.ofMinutes(1), ALL, 0.1).periods())
                .hasSizeGreaterThanOrEqualTo(10)
                .allMatch(period -> period.length().toMillis() <= 6_000);
    }

    @Test
    void choosesVictimsThatDiffer() {
        List<Integer> brokers = List.of(0, 1, 2);
        for (int draw = 0; draw < 100; draw++) {
            PlannedFault fault = new PlannedFault(FaultKind.CUT_PEERS, draw, 0.5);
            assertThat(fault.chooseAnother(brokers)).isNotEqualTo(fault.choose(brokers));
        }
    }

    @Test
    void refusesNoFaultsAndNoTime() {
        assertThatThrownBy(() -> Schedule.of(1, Duration.ofMinutes(1), Set.of(), 1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Schedule.of(1, Duration.ofMinutes(1), ALL, 0))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void namesWhatThereIsWhenANameIsWrong() {
        assertThat(FaultKind.of("kill-broker")).isEqualTo(FaultKind.KILL_BROKER);
        assertThatThrownBy(() -> FaultKind.of("kill-all-humans"))
                .hasMessageContaining("kill-all-humans")
                .hasMessageContaining("wipe-volume");
    }
}
