// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.command;

import io.eventfleet.local.fleet.Installation;
import io.eventfleet.local.fleet.SetupException;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A system that runs without a terminal. A file per data folder, under the source tree's {@code .eventfleet/}, remembers its
 * process, with the start time so that no other process with the same number is ever taken for it.
 */
final class DetachedSystem {
    private static final Duration READY_WITHIN = Duration.ofMinutes(6);
    private static final Duration STOPPED_WITHIN = Duration.ofMinutes(2);
    private static final long POLL_MS = 200;

    private final Path folder;

    DetachedSystem(Installation installation) {
        this.folder = installation.home().resolve(".eventfleet");
    }

    /** Starts this program again in the background and shows its output until it is ready or has failed. */
    int start(List<String> arguments, @Nullable Path data, Progress progress) throws IOException, InterruptedException {
        Files.createDirectories(folder);
        running(data).ifPresent(process -> {
            throw new SetupException("already running (process " + process.pid() + "); stop it with './eventfleet down"
                    + (data == null ? "'" : " --data " + data + "'"));
        });
        Path log = record(data, ".log");
        Path ready = record(data, ".ready");
        Files.deleteIfExists(log);
        Files.deleteIfExists(ready);
        var command = command(arguments, data, ready);
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                .redirectOutput(log.toFile())
                .start();
        Files.writeString(record(data, ".pid"), process.pid() + " " + started(process.toHandle()));
        long deadlineNs = System.nanoTime() + READY_WITHIN.toNanos();
        int shown = 0;
        while (process.isAlive() && !Files.exists(ready) && System.nanoTime() < deadlineNs) {
            shown = show(log, shown, progress);
            TimeUnit.MILLISECONDS.sleep(POLL_MS);
        }
        show(log, shown, progress);
        if (Files.exists(ready)) {
            return 0;
        }
        process.destroy();
        Files.deleteIfExists(record(data, ".pid"));
        return 1;
    }

    private static List<String> command(List<String> arguments, @Nullable Path data, Path ready) {
        var command = new ArrayList<>(io.eventfleet.local.kubelet.LocalNode.launchPrefix());
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), "io.eventfleet.local.LocalMain", "up"));
        command.addAll(arguments);
        if (data != null) {
            command.addAll(List.of("--data", data.toAbsolutePath().toString()));
        }
        command.addAll(List.of("--ready-file", ready.toString()));
        return command;
    }

    private static int show(Path log, int from, Progress progress) throws IOException {
        if (!Files.exists(log)) {
            return from;
        }
        String text = Files.readString(log);
        int end = text.lastIndexOf('\n') + 1;
        if (end > from) {
            progress.plain(text.substring(from, end).stripTrailing());
        }
        return Math.max(from, end);
    }

    /** Stops the system; false when none runs. */
    boolean stop(@Nullable Path data) throws IOException, InterruptedException {
        Optional<ProcessHandle> process = running(data);
        if (process.isEmpty()) {
            return false;
        }
        process.get().destroy();
        long deadlineNs = System.nanoTime() + STOPPED_WITHIN.toNanos();
        while (process.get().isAlive() && System.nanoTime() < deadlineNs) {
            TimeUnit.MILLISECONDS.sleep(POLL_MS);
        }
        if (process.get().isAlive()) {
            throw new SetupException(
                    "process " + process.get().pid() + " does not end; look at " + record(data, ".log"));
        }
        Files.deleteIfExists(record(data, ".pid"));
        return true;
    }

    private Optional<ProcessHandle> running(@Nullable Path data) throws IOException {
        Path file = record(data, ".pid");
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        String[] recorded = Files.readString(file).strip().split(" ", 2);
        return ProcessHandle.of(Long.parseLong(recorded[0]))
                .filter(ProcessHandle::isAlive)
                .filter(process -> recorded.length == 2 && started(process).equals(recorded[1]));
    }

    private static String started(ProcessHandle process) {
        return process.info().startInstant().map(Instant::toString).orElse("unknown");
    }

    private Path record(@Nullable Path data, String suffix) {
        String name = data == null
                ? "temporary"
                : "data-"
                        + Integer.toHexString(
                                data.toAbsolutePath().normalize().toString().hashCode());
        return folder.resolve(name + suffix);
    }
}
