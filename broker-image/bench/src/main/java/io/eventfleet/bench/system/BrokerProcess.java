// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.bench.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * A broker's process as Linux' {@code /proc} shows it.
 *
 * @param pid its process id
 */
public record BrokerProcess(long pid) {
    private static final Path PROC = Path.of("/proc");
    private static final long KIB = 1024;

    /** User and system CPU time of all its threads since it started. */
    public Duration cpu() {
        return stat().cpu();
    }

    /** How long ago it started. */
    public Duration age() {
        // The boot clock for both, so that nothing but the 10 ms tick blurs the difference.
        String uptime = read(PROC.resolve("uptime"));
        double seconds = Double.parseDouble(uptime.substring(0, uptime.indexOf(' ')));
        return Duration.ofMillis(Math.round(seconds * 1000)).minus(stat().startedAfterBoot());
    }

    /** Resident memory in bytes. */
    public long residentBytes() {
        return statusBytes(read(PROC.resolve(Long.toString(pid)).resolve("status")), "VmRSS");
    }

    /** A size of {@code /proc/<pid>/status}, in bytes. */
    static long statusBytes(String status, String key) {
        List<String> values = status.lines()
                .filter(line -> line.startsWith(key + ":"))
                .map(line -> line.substring(key.length() + 1).trim())
                .toList();
        if (values.isEmpty() || !values.getFirst().endsWith(" kB")) {
            throw new IllegalArgumentException("no size named " + key);
        }
        String kib = values.getFirst().substring(0, values.getFirst().length() - " kB".length());
        return Math.multiplyExact(Long.parseLong(kib), KIB);
    }

    private ProcessStat stat() {
        return ProcessStat.parse(read(PROC.resolve(Long.toString(pid)).resolve("stat")));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException("process is gone or /proc is not readable: " + file, e);
        }
    }
}
