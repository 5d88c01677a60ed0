// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.bench.result;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultsTest {
    private static final Metric CPU = Metric.lower("produce", "broker CPU", "s/GB");

    @TempDir
    Path folder;

    @Test
    void keepsTheSamplesOfEachSystemApart() {
        Results results = new Results(List.of("Kafka", "Buffered"));
        results.add("Kafka", CPU, 3);
        results.add("Buffered", CPU, 2);
        results.add("Kafka", CPU, 5);

        assertThat(results.samples("Kafka", CPU)).containsExactly(3.0, 5.0);
        assertThat(results.ratio("Buffered", CPU)).contains(0.5);
        assertThat(results.ratio("Kafka", CPU)).contains(1.0);
    }

    @Test
    void hasNoRatioWithoutABaseline() {
        Results results = new Results(List.of("Kafka", "Buffered"));
        results.add("Buffered", CPU, 2);

        assertThat(results.ratio("Buffered", CPU)).isEmpty();
    }

    @Test
    void refusesASampleOfAnUnknownSystem() {
        Results results = new Results(List.of("Kafka"));

        assertThatIllegalArgumentException().isThrownBy(() -> results.add("Kafak", CPU, 1));
    }

    @Test
    void writesEverySampleToTheFile() throws IOException {
        Results results = new Results(List.of("Kafka", "Buffered"));
        results.add("Kafka", CPU, 4);
        results.add("Buffered", CPU, 1);
        results.add("Buffered", CPU, 3);
        Path file = folder.resolve("new/results.json");

        ResultsFile.write(file, results, Map.of("rounds", "2"));

        JsonNode json = new ObjectMapper().readTree(file.toFile());
        assertThat(json.at("/facts/rounds").asText()).isEqualTo("2");
        assertThat(json.at("/baseline").asText()).isEqualTo("Kafka");
        assertThat(json.at("/metrics/0/unit").asText()).isEqualTo("s/GB");
        JsonNode buffered = json.at("/metrics/0/systems/Buffered");
        assertThat(buffered.at("/samples").toString()).isEqualTo("[1.0,3.0]");
        assertThat(buffered.at("/median").asDouble()).isEqualTo(2.0);
        assertThat(buffered.at("/ratioToBaseline").asDouble()).isEqualTo(0.5);
    }
}
