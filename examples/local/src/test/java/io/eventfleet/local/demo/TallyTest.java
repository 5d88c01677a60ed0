// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.demo;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class TallyTest {
    private static final TopicPartition ONE = new TopicPartition("a", 0);
    private static final TopicPartition OTHER = new TopicPartition("a", 1);

    private final Tally tally = new Tally(10);

    @Test
    void countsEachNumberOnce() {
        tally.add(3, ONE, 0);
        tally.add(4, OTHER, 0);

        assertThat(tally.distinct()).isEqualTo(2);
        assertThat(tally.duplicated()).isZero();
        assertThat(tally.redelivered()).isZero();
    }

    @Test
    void aNumberAtASecondPlaceIsADuplicate() {
        tally.add(3, ONE, 0);
        tally.add(3, ONE, 1);
        tally.add(3, OTHER, 0);

        assertThat(tally.distinct()).isEqualTo(1);
        assertThat(tally.duplicated()).isEqualTo(2);
    }

    @Test
    void theSameRecordAgainIsNone() {
        tally.add(3, ONE, 7);
        tally.add(3, ONE, 7);

        assertThat(tally.duplicated()).isZero();
        assertThat(tally.redelivered()).isEqualTo(1);
    }
}
