// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.kubelet;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One run of a container: a JVM of its own, in a process group of its own where the machine can do that. */
final class ContainerProcess {
    private static final Logger LOG = LoggerFactory.getLogger(ContainerProcess.class);
    private static final List<String> INHERITED = List.of("PATH", "HOME", "TMPDIR", "LANG", "LC_ALL", "TZ");
    private static final Optional<Path> SETSID = java.util.Arrays.stream(
                    System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
            .map(folder -> Path.of(folder, "setsid"))
            .filter(Files::isExecutable)
            .findFirst();

    private final Process process;
    private final Instant startedAt;

    private ContainerProcess(Process process) {
        this.process = process;
        this.startedAt = Instant.now();
    }

    /**
     * Starts a JVM.
     *
     * @param folder the pod's folder; remembers the process, so that it can be found after this one was killed
     */
    static ContainerProcess start(List<String> jvmArguments, Map<String, String> environment, Path folder, LogFile log)
            throws IOException {
        var command = new ArrayList<String>(launchPrefix());
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvmArguments);
        Files.createDirectories(folder);
        var builder = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        builder.redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
        var inherited = Map.copyOf(builder.environment());
        builder.environment().clear();
        INHERITED.forEach(name -> Optional.ofNullable(inherited.get(name))
                .ifPresent(v -> builder.environment().put(name, v)));
        builder.environment().putAll(environment);
        Process process = builder.start();
        StrayProcesses.remember(folder, process);
        Thread.ofVirtual().name("log-" + folder.getFileName()).start(() -> {
            try (var output = process.getInputStream()) {
                log.drain(output);
            } catch (IOException e) {
                LOG.atWarn().addKeyValue("file", log.path()).setCause(e).log("log of a pod ended");
            }
        });
        return new ContainerProcess(process);
    }

    /** A Ctrl-C in the terminal reaches the whole process group; what the runner starts is to be stopped by it, in order. */
    static List<String> launchPrefix() {
        return SETSID.map(setsid -> List.of(setsid.toString())).orElse(List.of());
    }

    Instant startedAt() {
        return startedAt;
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Waits for the end; true when it came. */
    boolean awaitExit(Duration atMost) throws InterruptedException {
        return process.waitFor(Math.max(1, atMost.toMillis()), TimeUnit.MILLISECONDS);
    }

    /** The exit status; above 128 a signal. Only after the end. */
    int exitCode() {
        return process.exitValue();
    }

    /** SIGTERM. Through the handle, because the process's own method also closes its output, and last words would be lost. */
    void terminate() {
        process.toHandle().destroy();
    }

    /** SIGKILL. */
    void kill() {
        process.toHandle().destroyForcibly();
    }

    long pid() {
        return process.pid();
    }
}
