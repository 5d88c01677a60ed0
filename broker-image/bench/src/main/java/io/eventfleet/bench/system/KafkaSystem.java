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
 * Apache Kafka as one combined broker and controller (KRaft), formatted afresh by its own tool, with the JVM options of its own start
 * script and the single-node settings of its own {@code server.properties}; everything else is its default.
 */
public final class KafkaSystem implements SystemUnderTest {
    private static final Duration FORMAT_LIMIT = Duration.ofSeconds(60);
    private static final Duration START_LIMIT = Duration.ofSeconds(90);
    private static final int PORTS = 2;
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

    private final Path lib;
    private final String version;
    private final Map<String, String> overrides;

    /**
     * Describes a Kafka whose jars lie in a folder.
     *
     * @param lib folder with the jars of Kafka and nothing else
     * @param overrides settings of the broker beyond its defaults, empty for the plain comparison
     * @throws IOException if the folder does not hold a Kafka
     */
    public KafkaSystem(Path lib, Map<String, String> overrides) throws IOException {
        this.lib = lib.toAbsolutePath();
        this.version = version(lib);
        this.overrides = Map.copyOf(overrides);
    }

    @Override
    public String name() {
        return "Kafka";
    }

    @Override
    public String describe() {
        String settings = overrides.isEmpty() ? "its own defaults" : "its own defaults and " + overrides;
        return "Apache Kafka " + version + ", one combined KRaft node, 1 GiB heap, " + settings;
    }

    @Override
    public RunningSystem start(Path folder) throws IOException {
        int port = LoopbackPorts.free(PORTS);
        Path config = folder.resolve("server.properties");
        Files.write(config, properties(port, folder.resolve("data")));
        ChildProcess.run(
                java(List.of("kafka.tools.StorageTool", "format", "-t", randomId(), "-c", config.toString())),
                Map.of(),
                folder.resolve("format.log"),
                FORMAT_LIMIT);
        ChildProcess process = ChildProcess.start(
                java(List.of("kafka.Kafka", config.toString())), Map.of(), folder.resolve("kafka.log"));
        try {
            MetadataProbe.await(port, Deadline.after(START_LIMIT), process::isAlive);
            return new Running(process, "127.0.0.1:" + port, process.broker().age());
        } catch (IOException e) {
            process.close();
            throw new IOException(process.failure(String.valueOf(e.getMessage())), e);
        }
    }

    private List<String> properties(int port, Path data) {
        List<String> lines = new ArrayList<>(List.of(
                "process.roles=broker,controller",
                "node.id=1",
                "controller.quorum.voters=1@127.0.0.1:" + (port + 1),
                "listeners=PLAINTEXT://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + (port + 1),
                "advertised.listeners=PLAINTEXT://127.0.0.1:" + port,
                "controller.listener.names=CONTROLLER",
                "inter.broker.listener.name=PLAINTEXT",
                "listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT",
                "log.dirs=" + data,
                "offsets.topic.replication.factor=1",
                "share.coordinator.state.topic.replication.factor=1",
                "share.coordinator.state.topic.min.isr=1",
                "transaction.state.log.replication.factor=1",
                "transaction.state.log.min.isr=1"));
        overrides.forEach((key, value) -> lines.add(key + "=" + value));
        return lines;
    }

    private List<String> java(List<String> mainAndArguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(JVM_OPTIONS);
        command.addAll(List.of("-cp", lib + "/*"));
        command.addAll(mainAndArguments);
        return command;
    }

    private static String randomId() {
        UUID id = UUID.randomUUID();
        ByteBuffer bytes =
                ByteBuffer.allocate(16).putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits());
        String text = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.array());
        return text.startsWith("-") ? randomId() : text; // the tool would take it for an option
    }

    private static String version(Path lib) throws IOException {
        String prefix = "kafka_2.13-";
        try (Stream<Path> jars = Files.list(lib)) {
            return jars.map(jar -> jar.getFileName().toString())
                    .filter(name -> name.startsWith(prefix) && name.endsWith(".jar"))
                    .map(name -> name.substring(prefix.length(), name.length() - ".jar".length()))
                    .findFirst()
                    .orElseThrow(() -> new IOException("no Apache Kafka in " + lib));
        }
    }

    private record Running(ChildProcess process, String bootstrap, Duration startUp) implements RunningSystem {
        @Override
        public BrokerProcess broker() {
            return process.broker();
        }

        @Override
        public void close() {
            process.close();
        }
    }
}
