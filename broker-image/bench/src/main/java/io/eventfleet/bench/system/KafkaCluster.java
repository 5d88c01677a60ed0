// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.bench.system;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;

/** Apache Kafka, each node broker and controller (KRaft, combined mode), with its defaults. */
public final class KafkaCluster implements ClusterUnderTest {
    private static final Duration START_LIMIT = Duration.ofSeconds(120);
    private static final int PORTS_PER_NODE = 2;
    private static final int LIMIT_S = 20;

    private final KafkaInstallation installation;

    /**
     * Describes a Kafka whose jars lie in a folder.
     *
     * @throws IOException if the folder does not hold a Kafka
     */
    public KafkaCluster(Path lib) throws IOException {
        this.installation = KafkaInstallation.in(lib);
    }

    @Override
    public String name() {
        return "Kafka";
    }

    @Override
    public String describe() {
        return "Apache Kafka " + installation.version()
                + ", combined KRaft nodes, 1 GiB heap each, its own defaults, restarted at once after a kill";
    }

    @Override
    public RunningCluster start(Path folder, int brokers) throws IOException {
        int firstPort = LoopbackPorts.free(PORTS_PER_NODE * brokers);
        String clusterId = KafkaInstallation.randomId();
        Running running = new Running(installation, folder, firstPort, new ArrayList<>());
        try {
            for (int broker = 0; broker < brokers; broker++) {
                Path config = running.config(broker);
                Files.write(config, properties(folder, firstPort, broker, brokers));
                installation.format(clusterId, config, folder.resolve("format-" + broker + ".log"));
                running.processes().add(running.launch(broker));
            }
            for (int broker = 0; broker < brokers; broker++) {
                ChildProcess process = running.processes().get(broker);
                MetadataProbe.await(clientPort(firstPort, broker), Deadline.after(START_LIMIT), process::isAlive);
            }
            return running;
        } catch (IOException e) {
            running.close();
            throw e;
        }
    }

    private static int clientPort(int firstPort, int broker) {
        return firstPort + PORTS_PER_NODE * broker;
    }

    private static List<String> properties(Path folder, int firstPort, int broker, int brokers) {
        int port = clientPort(firstPort, broker);
        String voters = IntStream.range(0, brokers)
                .mapToObj(node -> node + "@127.0.0.1:" + (clientPort(firstPort, node) + 1))
                .collect(Collectors.joining(","));
        return List.of(
                "process.roles=broker,controller",
                "node.id=" + broker,
                "controller.quorum.voters=" + voters,
                "listeners=PLAINTEXT://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + (port + 1),
                "advertised.listeners=PLAINTEXT://127.0.0.1:" + port,
                "controller.listener.names=CONTROLLER",
                "inter.broker.listener.name=PLAINTEXT",
                "listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT",
                "log.dirs=" + folder.resolve("data-" + broker));
    }

    private record Running(KafkaInstallation installation, Path folder, int firstPort, List<ChildProcess> processes)
            implements RunningCluster {
        Path config(int broker) {
            return folder.resolve("server-" + broker + ".properties");
        }

        ChildProcess launch(int broker) throws IOException {
            return installation.start(config(broker), folder.resolve("kafka-" + broker + ".log"));
        }

        @Override
        public String bootstrap() {
            return IntStream.range(0, processes.size())
                    .mapToObj(broker -> "127.0.0.1:" + clientPort(firstPort, broker))
                    .collect(Collectors.joining(","));
        }

        @Override
        public int controller() throws IOException {
            try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap()))) {
                return admin.describeMetadataQuorum()
                        .quorumInfo()
                        .get(LIMIT_S, TimeUnit.SECONDS)
                        .leaderId();
            } catch (ExecutionException | TimeoutException e) {
                throw new IOException("nobody names the active controller", e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted while asking for the active controller", e);
            }
        }

        @Override
        public void kill(List<Integer> brokers) {
            brokers.forEach(broker -> processes.get(broker).signalKill());
            brokers.forEach(broker -> processes.get(broker).close());
        }

        @Override
        public void startAgain(List<Integer> brokers) throws IOException {
            for (int broker : brokers) {
                processes.set(broker, launch(broker));
            }
        }

        @Override
        public void close() {
            processes.forEach(ChildProcess::close);
        }
    }
}
