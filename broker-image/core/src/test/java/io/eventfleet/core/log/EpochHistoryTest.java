// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventfleet.core.log.EpochHistory.EpochStart;
import io.eventfleet.core.log.PartitionLog.EpochEnd;
import java.util.List;
import org.junit.jupiter.api.Test;

class EpochHistoryTest {

    private final EpochHistory history =
            EpochHistory.EMPTY.with(2, 10).with(5, 20).with(7, 30);

    @Test
    void findsTheEpochOfAnOffset() {
        assertThat(history.epochOf(9)).isEqualTo(-1);
        assertThat(history.epochOf(10)).isEqualTo(2);
        assertThat(history.epochOf(29)).isEqualTo(5);
        assertThat(history.epochOf(1000)).isEqualTo(7);
    }

    @Test
    void findsWhereEpochsEnded() {
        assertThat(history.endOffsetFor(7, 99)).isEqualTo(new EpochEnd(7, 99));
        assertThat(history.endOffsetFor(6, 99)).isEqualTo(new EpochEnd(5, 30));
        assertThat(history.endOffsetFor(5, 99)).isEqualTo(new EpochEnd(5, 30));
        assertThat(history.endOffsetFor(2, 99)).isEqualTo(new EpochEnd(2, 20));
        assertThat(history.endOffsetFor(1, 99)).as("below all").isEqualTo(new EpochEnd(1, 10));
        assertThat(history.endOffsetFor(8, 99)).as("above all").isEqualTo(new EpochEnd(-1, -1));
        assertThat(history.endOffsetFor(-1, 99)).isEqualTo(new EpochEnd(-1, -1));
        assertThat(EpochHistory.EMPTY.endOffsetFor(0, 0)).isEqualTo(new EpochEnd(-1, -1));
    }

    @Test
    void forgetsEpochsThatWroteNothing() {
        assertThat(history.with(9, 30).starts())
                .containsExactly(new EpochStart(2, 10), new EpochStart(5, 20), new EpochStart(9, 30));
        assertThat(history.with(7, 50)).isEqualTo(history);
    }

    @Test
    void startsWithTheLog() {
        assertThat(history.startingAt(5)).isEqualTo(history);
        assertThat(history.startingAt(10)).isEqualTo(history);
        assertThat(history.startingAt(25).starts()).containsExactly(new EpochStart(5, 25), new EpochStart(7, 30));
        assertThat(history.startingAt(40).starts()).containsExactly(new EpochStart(7, 40));
    }

    @Test
    void neverGoesBack() {
        assertThatThrownBy(() -> history.with(6, 40)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new EpochHistory(List.of(new EpochStart(1, 5), new EpochStart(2, 5))))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
