// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.kubelet;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the processes that a killed runner left behind. Each process is noted in a folder of its own with its start time, so
 * that no other process that got the same number later is ever taken for it.
 */
public final class StrayProcesses {
    private static final Logger LOG = LoggerFactory.getLogger(StrayProcesses.class);
    private static final String FILE = "process";

    private StrayProcesses() {}

    /** Notes a process that was just started. */
    public static void remember(Path folder, Process process) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve(FILE), process.pid() + " " + started(process.toHandle()));
    }

    /** Ends all noted processes that still run. */
    public static void endAll(Path folders) {
        if (!Files.isDirectory(folders)) {
            return;
        }
        try (var each = Files.list(folders)) {
            for (Path folder : each.toList()) {
                Path file = folder.resolve(FILE);
                if (Files.exists(file)) {
                    end(Files.readString(file).split(" ", 2));
                    Files.deleteIfExists(file);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void end(String[] noted) {
        ProcessHandle.of(Long.parseLong(noted[0]))
                .filter(process -> noted.length == 2 && started(process).equals(noted[1]))
                .ifPresent(process -> {
                    LOG.atInfo().addKeyValue("pid", process.pid()).log("process of an earlier run ended");
                    process.destroyForcibly();
                    process.onExit().join();
                });
    }

    private static String started(ProcessHandle process) {
        return process.info().startInstant().map(Instant::toString).orElse("unknown");
    }
}
