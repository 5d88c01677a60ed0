// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.bench.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.eventfleet.bench.load.ConsumeLoad;
import io.eventfleet.bench.load.ProduceLoad;
import io.eventfleet.bench.load.Topics;
import io.eventfleet.bench.load.Transfer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KafkaSystemIT {
    private static final Path LIB = Path.of("kafka/target/lib");

    @TempDir
    Path folder;

    @Test
    void startsAKafkaThatTakesAndGivesRecordsAndLeavesNothingRunning() throws IOException {
        BrokerProcess broker;
        try (RunningSystem kafka = new KafkaSystem(LIB, Map.of()).start(folder)) {
            broker = kafka.broker();
            Topics.create(kafka.bootstrap(), "tiny", 2);
            Transfer written =
                    new ProduceLoad("tiny", 2, 1_000, "lz4").run(kafka.bootstrap(), 2_000_000, Duration.ofSeconds(30));
            Transfer read = new ConsumeLoad("tiny", 2).run(kafka.bootstrap(), written.records());

            assertThat(written.records()).isEqualTo(2_000);
            assertThat(read.bytes()).isEqualTo(2_000_000);
            assertThat(kafka.startUp()).isPositive().isLessThanOrEqualTo(broker.age());
            assertThat(ListeningProcess.on(port(kafka))).contains(broker);
        }
        assertThat(ProcessHandle.of(broker.pid())).isEmpty();
    }

    @Test
    void refusesAFolderWithoutKafka() {
        assertThatIOException()
                .isThrownBy(() -> new KafkaSystem(folder, Map.of()))
                .withMessageContaining("no Apache Kafka in");
    }

    private static int port(RunningSystem system) {
        return Integer.parseInt(system.bootstrap().substring(system.bootstrap().indexOf(':') + 1));
    }
}
