// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.bench.system;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * The jars of an Apache Kafka, run with the JVM options of its own start script.
 *
 * @param lib folder with the jars of Kafka and nothing else
 * @param version as the jars say
 */
record KafkaInstallation(Path lib, String version) {
    private static final Duration FORMAT_LIMIT = Duration.ofSeconds(60);
    private static final int ID_BYTES = 16;
    // bin/kafka-server-start.sh and bin/kafka-run-class.sh
    private static final List<String> JVM_OPTIONS = List.of(
            "-Xmx1G",
            "-Xms1G",
            "-server",
            "-XX:+UseG1GC",
            "-XX:MaxGCPauseMillis=20",
            "-XX:InitiatingHeapOccupancyPercent=35",
            "-XX:+ExplicitGCInvokesConcurrent",
            "-Djava.awt.headless=true");

    /** @throws IOException if the folder does not hold a Kafka */
    static KafkaInstallation in(Path lib) throws IOException {
        String prefix = "kafka_2.13-";
        try (Stream<Path> jars = Files.list(lib)) {
            String version = jars.map(jar -> jar.getFileName().toString())
                    .filter(name -> name.startsWith(prefix) && name.endsWith(".jar"))
                    .map(name -> name.substring(prefix.length(), name.length() - ".jar".length()))
                    .findFirst()
                    .orElseThrow(() -> new IOException("no Apache Kafka in " + lib));
            return new KafkaInstallation(lib.toAbsolutePath(), version);
        }
    }

    /** Formats the data folder that a configuration names, by Kafka's own tool. */
    void format(String clusterId, Path config, Path log) throws IOException {
        ChildProcess.run(
                java(List.of("kafka.tools.StorageTool", "format", "-t", clusterId, "-c", config.toString())),
                Map.of(),
                log,
                FORMAT_LIMIT);
    }

    /** Starts a broker. */
    ChildProcess start(Path config, Path log) throws IOException {
        return ChildProcess.start(java(List.of("kafka.Kafka", config.toString())), Map.of(), log);
    }

    private List<String> java(List<String> mainAndArguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(JVM_OPTIONS);
        command.addAll(List.of("-cp", lib + "/*"));
        command.addAll(mainAndArguments);
        return command;
    }

    /** A cluster id that nobody has. */
    static String randomId() {
        UUID id = UUID.randomUUID();
        ByteBuffer bytes = ByteBuffer.allocate(ID_BYTES)
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits());
        String text = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.array());
        return text.startsWith("-") ? randomId() : text; // the tool would take it for an option
    }
}
