// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where things are in a built repository.
 *
 * @param root its top folder
 */
record Layout(Path root) {

    /** The script that starts a fleet. */
    Path launcher() {
        return root.resolve("eventfleet");
    }

    /** The jars of Apache Kafka. */
    Path kafkaLib() {
        return root.resolve("broker-image/bench/kafka/target/lib");
    }

    /** Data and logs of the systems while they run. */
    Path work() {
        return root.resolve("target/bench/work");
    }

    /** What a run leaves behind. */
    Path results() {
        return root.resolve("target/bench/results.json");
    }

    /**
     * Checks that the repository is built.
     *
     * @throws IOException with one line that says what is missing and what to do
     */
    void check() throws IOException {
        if (!Files.isExecutable(launcher())) {
            throw new IOException(
                    "no eventfleet launcher in " + root.toAbsolutePath() + "; name the repository by --home");
        }
        if (!Files.isDirectory(kafkaLib())) {
            throw new IOException("no Apache Kafka in " + kafkaLib() + "; run ./mvnw package -DskipTests first");
        }
    }
}
