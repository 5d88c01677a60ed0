// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.bench.system;

import io.eventfleet.bench.system.EventfleetSystem.Durability;
import java.io.IOException;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Eventfleet as {@code ./eventfleet up} starts it; the node of that system starts killed brokers again. */
public final class EventfleetCluster implements ClusterUnderTest {
    private static final Logger LOG = LoggerFactory.getLogger(EventfleetCluster.class);
    private static final Duration UP_LIMIT = Duration.ofSeconds(240);
    private static final Duration DOWN_LIMIT = Duration.ofSeconds(90);
    private static final int LIMIT_S = 20;
    private static final int SPARE_PORTS = 2;

    private final Path launcher;
    private final Durability durability;

    /** @param launcher the {@code eventfleet} script of a built repository */
    public EventfleetCluster(Path launcher, Durability durability) {
        this.launcher = launcher.toAbsolutePath();
        this.durability = durability;
    }

    @Override
    public String name() {
        return durability.value();
    }

    @Override
    public String describe() {
        return "Eventfleet, durability " + durability.value() + ", heap as the operator derives it";
    }

    @Override
    public RunningCluster start(Path folder, int brokers) throws IOException {
        int port = LoopbackPorts.free(brokers + SPARE_PORTS);
        Path data = folder.resolve("data");
        try {
            ChildProcess.run(
                    List.of(
                            launcher.toString(),
                            "up",
                            "--brokers",
                            Integer.toString(brokers),
                            "--port",
                            Integer.toString(port),
                            "--data",
                            data.toString(),
                            "--durability",
                            durability.value(),
                            "--detach"),
                    Map.of(),
                    folder.resolve("up.log"),
                    UP_LIMIT);
            for (int broker = 0; broker < brokers; broker++) {
                MetadataProbe.await(port + broker, Deadline.after(UP_LIMIT), () -> true);
            }
            return new Running(this, folder, port, brokers);
        } catch (IOException e) {
            down(folder);
            throw e;
        }
    }

    private void down(Path folder) {
        try {
            ChildProcess.run(
                    List.of(
                            launcher.toString(),
                            "down",
                            "--data",
                            folder.resolve("data").toString()),
                    Map.of(),
                    folder.resolve("down.log"),
                    DOWN_LIMIT);
        } catch (IOException e) {
            LOG.atError().addKeyValue("folder", folder).setCause(e).log("fleet was not stopped");
        }
    }

    private record Running(EventfleetCluster cluster, Path folder, int firstPort, int brokers)
            implements RunningCluster {
        @Override
        public String bootstrap() {
            return IntStream.range(firstPort, firstPort + brokers)
                    .mapToObj(port -> "127.0.0.1:" + port)
                    .collect(Collectors.joining(","));
        }

        @Override
        public int controller() throws IOException {
            try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap()))) {
                return admin.describeCluster()
                        .controller()
                        .get(LIMIT_S, TimeUnit.SECONDS)
                        .id();
            } catch (ExecutionException | TimeoutException e) {
                throw new IOException("nobody names the controller", e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted while asking for the controller", e);
            }
        }

        @Override
        public void kill(List<Integer> victims) throws IOException {
            List<ProcessHandle> processes = new ArrayList<>();
            for (int broker : victims) {
                BrokerProcess process = ListeningProcess.on(firstPort + broker)
                        .orElseThrow(() -> new IOException("broker " + broker + " does not run"));
                ProcessHandle.of(process.pid()).ifPresent(processes::add);
            }
            processes.forEach(ProcessHandle::destroyForcibly);
            processes.forEach(process -> process.onExit().join());
        }

        @Override
        public void startAgain(List<Integer> brokers) {
            // The node restarts the container of a pod by itself, as a kubelet does.
        }

        @Override
        public void close() {
            cluster.down(folder);
        }
    }
}
