// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.bench.result;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

class SummaryTest {
    @Test
    void takesTheMiddleOfAnOddNumberOfSamples() {
        assertThat(Summary.of(List.of(9.0, 1.0, 5.0))).isEqualTo(new Summary(3, 5.0, 1.0, 9.0));
    }

    @Test
    void takesTheMeanOfTheMiddleTwoOfAnEvenNumber() {
        assertThat(Summary.of(List.of(4.0, 1.0, 2.0, 100.0)).median()).isEqualTo(3.0);
    }

    @Test
    void isNotMovedByOneOutlier() {
        assertThat(Summary.of(List.of(10.0, 11.0, 9_000.0)).median()).isEqualTo(11.0);
    }

    @Test
    void givesTheSpreadInPerCentOfTheMedian() {
        assertThat(Summary.of(List.of(90.0, 100.0, 120.0)).spreadPercent()).isEqualTo(30.0);
    }

    @Test
    void dividesByTheBaseline() {
        Summary own = Summary.of(List.of(30.0));
        assertThat(own.ratioTo(Summary.of(List.of(20.0)))).isEqualTo(1.5);
        assertThat(own.ratioTo(Summary.of(List.of(0.0)))).isNaN();
    }

    @Test
    void refusesToSummariseNothing() {
        assertThatIllegalArgumentException().isThrownBy(() -> Summary.of(List.of()));
    }
}
