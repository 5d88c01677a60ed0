// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventfleet.storage.StallWatch.Verdict;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class StallWatchTest {

    private static final Duration HALF_SECOND = Duration.ofMillis(500);

    private final StallWatch watch =
            new StallWatch(new StallWatch.Limits(Duration.ofSeconds(5), Duration.ofSeconds(10), HALF_SECOND));
    private long nowNs = 1_000_000_000_000L;
    private long done;

    private Verdict after(Duration passed, boolean pending) {
        nowNs += passed.toNanos();
        return watch.sample(nowNs, new StallWatch.Work(pending, done));
    }

    /** Samples at the usual distance; the last verdict. */
    private Verdict wait(Duration passed, boolean pending) {
        Verdict verdict = Verdict.MOVING;
        for (Duration left = passed; left.isPositive(); left = left.minus(HALF_SECOND)) {
            verdict = after(HALF_SECOND, pending);
        }
        return verdict;
    }

    @Test
    void complainsAfterFiveSecondsAndGivesUpAfterTen() {
        after(HALF_SECOND, true);
        assertThat(wait(Duration.ofMillis(4500), true)).isEqualTo(Verdict.MOVING);
        assertThat(wait(HALF_SECOND, true)).isEqualTo(Verdict.STALLED);
        assertThat(wait(Duration.ofMillis(4500), true)).isEqualTo(Verdict.STALLED);
        assertThat(wait(HALF_SECOND, true)).isEqualTo(Verdict.STUCK);
    }

    @Test
    void isContentWithAnyProgress() {
        after(HALF_SECOND, true);
        for (int i = 0; i < 20; i++) {
            assertThat(wait(Duration.ofMillis(4500), true)).isEqualTo(Verdict.MOVING);
            done++;
            assertThat(after(HALF_SECOND, true)).isEqualTo(Verdict.MOVING);
        }
        assertThat(wait(Duration.ofSeconds(5), true)).isEqualTo(Verdict.STALLED);
        done++;
        assertThat(after(HALF_SECOND, true)).isEqualTo(Verdict.MOVING);
    }

    @Test
    void demandsNothingWithoutWork() {
        assertThat(wait(Duration.ofHours(1), false)).isEqualTo(Verdict.MOVING);
        assertThat(after(HALF_SECOND, true)).as("work has just come").isEqualTo(Verdict.MOVING);
        assertThat(wait(Duration.ofMillis(4500), true)).isEqualTo(Verdict.MOVING);
    }

    @Test
    void doesNotBlameTheDiskForAProcessThatWasStopped() {
        after(HALF_SECOND, true);
        assertThat(after(Duration.ofMinutes(10), true)).isEqualTo(Verdict.MOVING);
        done++;
        assertThat(after(HALF_SECOND, true)).isEqualTo(Verdict.MOVING);
    }
}
