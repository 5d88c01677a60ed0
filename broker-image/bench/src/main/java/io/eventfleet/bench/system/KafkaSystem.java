// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.bench.system;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Apache Kafka as one combined broker and controller (KRaft), formatted afresh by its own tool, with the JVM options of its own start
 * script and the single-node settings of its own {@code server.properties}; everything else is its default.
 */
public final class KafkaSystem implements SystemUnderTest {
    private static final Duration START_LIMIT = Duration.ofSeconds(90);
    private static final int PORTS = 2;

    private final KafkaInstallation installation;
    private final Map<String, String> overrides;

    /**
     * Describes a Kafka whose jars lie in a folder.
     *
     * @param lib folder with the jars of Kafka and nothing else
     * @param overrides settings of the broker beyond its defaults, empty for the plain comparison
     * @throws IOException if the folder does not hold a Kafka
     */
    public KafkaSystem(Path lib, Map<String, String> overrides) throws IOException {
        this.installation = KafkaInstallation.in(lib);
        this.overrides = Map.copyOf(overrides);
    }

    @Override
    public String name() {
        return "Kafka";
    }

    @Override
    public String describe() {
        String settings = overrides.isEmpty() ? "its own defaults" : "its own defaults and " + overrides;
        return "Apache Kafka " + installation.version() + ", one combined KRaft node, 1 GiB heap, " + settings;
    }

    @Override
    public RunningSystem start(Path folder) throws IOException {
        int port = LoopbackPorts.free(PORTS);
        Path config = folder.resolve("server.properties");
        Files.write(config, properties(port, folder.resolve("data")));
        installation.format(KafkaInstallation.randomId(), config, folder.resolve("format.log"));
        ChildProcess process = installation.start(config, folder.resolve("kafka.log"));
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
