// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.fleet;

import io.eventfleet.local.kubelet.LocalNode;
import io.eventfleet.local.kubelet.StrayProcesses;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The operator in a JVM of its own, started again when it ends, as its Deployment would do in a cluster. */
final class OperatorProcess implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(OperatorProcess.class);
    private static final Duration RESTART_PAUSE = Duration.ofSeconds(2);
    private static final Duration STOP_GRACE = Duration.ofSeconds(15);
    private static final String HEAP = "-Xmx160m";

    /** What the process is given. */
    record Settings(Path jar, Path data, Path kubeconfig, Path log) {}

    private final Settings settings;
    private final Thread keeper;
    private volatile @Nullable Process process;
    private volatile boolean stopping;

    private OperatorProcess(Settings settings) {
        this.settings = settings;
        this.keeper = Thread.ofPlatform().daemon().name("operator").unstarted(this::keepRunning);
    }

    static OperatorProcess start(Settings settings) {
        var operator = new OperatorProcess(settings);
        try {
            Files.createDirectories(settings.log().toAbsolutePath().getParent());
            operator.process = operator.launch();
        } catch (IOException e) {
            throw new UncheckedIOException("operator not started", e);
        }
        operator.keeper.start();
        return operator;
    }

    private Process launch() throws IOException {
        var command = new java.util.ArrayList<>(LocalNode.launchPrefix());
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                HEAP,
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Djdk.net.hosts.file=" + settings.data().resolve("hosts").toAbsolutePath(),
                "-jar",
                settings.jar().toString()));
        var builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                .redirectOutput(ProcessBuilder.Redirect.appendTo(settings.log().toFile()));
        builder.environment()
                .put("KUBECONFIG", settings.kubeconfig().toAbsolutePath().toString());
        builder.environment().put("QUARKUS_HTTP_HOST", "127.0.0.1");
        builder.environment().put("QUARKUS_HTTP_PORT", "0");
        builder.environment().put("EVENTFLEET_OPERATOR_NAMESPACE", "kube-system");
        Process started = builder.start();
        StrayProcesses.remember(settings.data().resolve("pods/operator"), started);
        return started;
    }

    private void keepRunning() {
        try {
            while (!stopping) {
                Process current = process;
                if (current == null) {
                    return;
                }
                int exitCode = current.waitFor();
                if (!stopping) {
                    LOG.atWarn().addKeyValue("exitCode", exitCode).log("operator ended, starting it again");
                    TimeUnit.MILLISECONDS.sleep(RESTART_PAUSE.toMillis());
                    process = launch();
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            LOG.atError().setCause(e).log("operator not started again");
        }
    }

    /** SIGKILL; the operator comes back by itself. */
    void kill() {
        Process current = process;
        if (current != null) {
            current.destroyForcibly();
        }
    }

    long pid() {
        Process current = process;
        return current == null ? -1 : current.pid();
    }

    @Override
    public void close() {
        stopping = true;
        keeper.interrupt();
        Process current = process;
        if (current != null) {
            current.destroy();
            try {
                if (!current.waitFor(STOP_GRACE.toMillis(), TimeUnit.MILLISECONDS)) {
                    current.destroyForcibly();
                }
            } catch (InterruptedException _) {
                current.destroyForcibly();
                Thread.currentThread().interrupt();
            }
        }
    }
}
