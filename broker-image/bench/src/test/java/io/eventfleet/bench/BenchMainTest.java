// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class BenchMainTest {
    @TempDir
    Path home;

    private final StringWriter errors = new StringWriter();

    @Test
    void saysWhatIsMissingInOneLine() {
        assertThat(bench("--home", home.toString())).isEqualTo(1);
        assertThat(errors.toString())
                .startsWith("bench: no eventfleet launcher in ")
                .hasLineCount(1);
    }

    @Test
    void namesTheSuitesThatThereAre() throws IOException {
        assertThat(home.resolve("eventfleet").toFile().createNewFile()).isTrue();
        assertThat(home.resolve("eventfleet").toFile().setExecutable(true)).isTrue();
        Files.createDirectories(home.resolve("broker-image/bench/kafka/target/lib"));
        Files.createFile(home.resolve("broker-image/bench/kafka/target/lib/kafka_2.13-9.9.9.jar"));

        assertThat(bench("--home", home.toString(), "prodcue")).isEqualTo(2);
        assertThat(errors)
                .hasToString(
                        "bench: no suite named prodcue; there are: start, produce, consume, and failover, which runs"
                                + " alone\n");
    }

    private int bench(String... arguments) {
        return new CommandLine(new BenchMain())
                .setErr(new PrintWriter(errors))
                .setOut(new PrintWriter(new StringWriter()))
                .execute(arguments);
    }
}
