// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.bench.result;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ComparisonTableTest {
    private static final Metric THROUGHPUT = Metric.higher("produce", "1 KiB", "MB/s");
    private static final Metric MEMORY = Metric.lower("start", "idle", "MiB");

    @Test
    void drawsMediansSpreadAndRatiosInAlignedColumns() {
        Results results = new Results(List.of("Kafka", "Buffered"));
        List.of(90.0, 100.0, 110.0).forEach(value -> results.add("Kafka", THROUGHPUT, value));
        List.of(150.0, 150.0, 150.0).forEach(value -> results.add("Buffered", THROUGHPUT, value));

        assertThat(ComparisonTable.of(results)).isEqualTo("""
                        | suite   | measure | unit | better | Kafka    | Buffered | Buffered / Kafka |
                        | ------- | ------- | ---- | ------ | -------- | -------- | ---------------- |
                        | produce | 1 KiB   | MB/s | higher | 100 ±10% | 150 ±0%  | 1.50             |
                        """);
    }

    @Test
    void leavesOutWhatWasNotMeasured() {
        Results results = new Results(List.of("Kafka", "Buffered"));
        results.add("Buffered", MEMORY, 64);

        assertThat(ComparisonTable.of(results).lines().skip(2))
                .containsExactly("| start | idle    | MiB  | lower  | -     | 64.0 ±0% | -                |");
    }

    @Test
    void writesNumbersWithTheDigitsThatMatter() {
        assertThat(List.of(
                        ComparisonTable.number(0.256),
                        ComparisonTable.number(12.34),
                        ComparisonTable.number(713.4),
                        ComparisonTable.number(1_234_567)))
                .containsExactly("0.26", "12.3", "713", "1,234,567");
    }
}
