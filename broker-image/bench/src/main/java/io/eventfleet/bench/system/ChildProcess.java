// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.bench.system;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A process that the harness started. Its output goes to a file; it is killed when the harness ends, however that comes about.
 */
final class ChildProcess implements AutoCloseable {
    private static final Duration GRACE = Duration.ofSeconds(20);
    private static final int TAIL_LINES = 15;

    private final Process process;
    private final Path log;
    private final Thread killer;

    private ChildProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
        this.killer = new Thread(process::destroyForcibly, "kill-" + process.pid());
    }

    /**
     * Starts a command.
     *
     * @param log file that takes its output
     * @throws IOException if there is no such command
     */
    static ChildProcess start(List<String> command, Map<String, String> environment, Path log) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
        builder.environment().putAll(environment);
        ChildProcess child = new ChildProcess(builder.start(), log);
        Runtime.getRuntime().addShutdownHook(child.killer);
        return child;
    }

    /**
     * Runs a command to its end.
     *
     * @throws IOException if it fails or does not end in time, with the end of its output
     */
    static void run(List<String> command, Map<String, String> environment, Path log, Duration limit)
            throws IOException {
        try (ChildProcess child = start(command, environment, log)) {
            if (!child.process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IOException(child.failure("did not end within " + limit));
            }
            if (child.process.exitValue() != 0) {
                throw new IOException(child.failure("ended with status " + child.process.exitValue()));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while running " + command.getFirst(), e);
        }
    }

    BrokerProcess broker() {
        return new BrokerProcess(process.pid());
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** One message with what went wrong and the end of the log. */
    String failure(String what) {
        return "process " + process.pid() + " " + what + "; end of its output:\n" + tail();
    }

    private String tail() {
        try {
            List<String> lines = Files.readAllLines(log);
            return String.join("\n", lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size()));
        } catch (IOException e) {
            return "(no output: " + e.getMessage() + ")";
        }
    }

    /** Kills it, without waiting until it is gone. */
    void signalKill() {
        process.destroyForcibly();
    }

    /** Asks the process to end, kills it when it takes too long, and waits until it is gone. */
    @Override
    public void close() {
        try {
            process.destroy();
            if (!process.waitFor(GRACE.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        try {
            Runtime.getRuntime().removeShutdownHook(killer);
        } catch (IllegalStateException e) {
            // The harness itself is ending: the hook does the same.
            return;
        }
    }
}
