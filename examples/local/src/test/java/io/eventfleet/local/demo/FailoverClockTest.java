// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class FailoverClockTest {
    private static final TopicPartition ONE = new TopicPartition("a", 0);
    private static final TopicPartition OTHER = new TopicPartition("a", 1);

    private final FailoverClock clock = new FailoverClock();

    @Test
    void runsUntilTheLastPartitionIsBack() {
        clock.start(Set.of(ONE, OTHER));
        clock.acknowledged(ONE, System.nanoTime());
        assertThat(clock.elapsedMs()).isEmpty();

        clock.acknowledged(OTHER, System.nanoTime());
        assertThat(clock.elapsedMs().orElseThrow()).isBetween(0L, 60_000L);
    }

    @Test
    void doesNotCountWhatWasSentBefore() {
        long before = System.nanoTime();
        clock.start(Set.of(ONE));
        clock.acknowledged(ONE, before - 1);

        assertThat(clock.elapsedMs()).isEmpty();
    }

    @Test
    void saysNothingWhenNothingDied() {
        clock.acknowledged(ONE, System.nanoTime());

        assertThat(clock.elapsedMs()).isEmpty();
    }
}
