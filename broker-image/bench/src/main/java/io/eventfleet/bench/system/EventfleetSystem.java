// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.bench.system;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Eventfleet with one broker, as a newcomer gets it: {@code ./eventfleet up} starts the Kubernetes API of this machine, the operator and,
 * through it, the broker process with the heap that the operator derives. Only the broker process is measured; API and operator idle
 * beside it.
 */
public final class EventfleetSystem implements SystemUnderTest {
    private static final Logger LOG = LoggerFactory.getLogger(EventfleetSystem.class);
    private static final Duration UP_LIMIT = Duration.ofSeconds(180);
    private static final Duration DOWN_LIMIT = Duration.ofSeconds(60);
    private static final int PORTS = 4;

    private final Path launcher;
    private final Durability durability;

    /** What an acknowledgement has to wait for. */
    public enum Durability {
        /** Handed to the operating system, as Kafka does by default. */
        BUFFERED("Buffered"),
        /** Synced to the disk: Eventfleet's own default. */
        SYNCED("Synced");

        private final String value;

        Durability(String value) {
            this.value = value;
        }

        String value() {
            return value;
        }
    }

    /**
     * Describes an Eventfleet.
     *
     * @param launcher the {@code eventfleet} script of a built repository
     */
    public EventfleetSystem(Path launcher, Durability durability) {
        this.launcher = launcher.toAbsolutePath();
        this.durability = durability;
    }

    @Override
    public String name() {
        return durability.value;
    }

    @Override
    public String describe() {
        return "Eventfleet, one broker, durability " + durability.value + ", heap as the operator derives it";
    }

    @Override
    public RunningSystem start(Path folder) throws IOException {
        int port = LoopbackPorts.free(PORTS);
        Path data = folder.resolve("data");
        try (StartClock clock = StartClock.watch(port, UP_LIMIT)) {
            ChildProcess.run(up(port, data), Map.of(), folder.resolve("up.log"), UP_LIMIT);
            return new Running(this, folder, "127.0.0.1:" + port, clock.await());
        } catch (IOException e) {
            down(folder);
            throw e;
        }
    }

    private List<String> up(int port, Path data) {
        return List.of(
                launcher.toString(),
                "up",
                "--brokers",
                "1",
                "--port",
                Integer.toString(port),
                "--data",
                data.toString(),
                "--durability",
                durability.value,
                "--detach");
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

    private record Running(EventfleetSystem system, Path folder, String bootstrap, StartClock.Started started)
            implements RunningSystem {
        @Override
        public BrokerProcess broker() {
            return started.broker();
        }

        @Override
        public Duration startUp() {
            return started.startUp();
        }

        @Override
        public void close() {
            system.down(folder);
        }
    }
}
