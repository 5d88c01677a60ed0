// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A program of the machine, run to its end with a time limit.
 *
 * @param command program and first arguments
 * @param environment variables that it gets beyond those of the test
 */
record Tool(List<String> command, Map<String, String> environment) {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    /**
     * What came of a run.
     *
     * @param status exit status
     * @param out standard output
     * @param err standard error
     */
    record Outcome(int status, String out, String err) {

        /** The lines of the output. */
        List<String> lines() {
            return out.lines().toList();
        }

        /** Fails the test unless the program ended well. */
        Outcome orFail() {
            if (status != 0) {
                throw new AssertionError("status " + status + "\n" + out + err);
            }
            return this;
        }
    }

    static Tool of(String... command) {
        return new Tool(List.of(command), Map.of());
    }

    /** Whether there is such a program on the path. */
    static boolean exists(String program) {
        return Stream.of(System.getenv("PATH").split(java.io.File.pathSeparator, -1))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }

    Outcome run(String... arguments) {
        return runWithInput("", arguments);
    }

    /** Runs with text on standard input; kills the program and fails when it takes more than a minute. */
    Outcome runWithInput(String input, String... arguments) {
        List<String> line =
                Stream.concat(command.stream(), Stream.of(arguments)).toList();
        try {
            Path in = Files.writeString(Files.createTempFile("tool", ".in"), input);
            Path out = Files.createTempFile("tool", ".out");
            Path err = Files.createTempFile("tool", ".err");
            try {
                ProcessBuilder builder = new ProcessBuilder(line)
                        .redirectInput(in.toFile())
                        .redirectOutput(out.toFile())
                        .redirectError(err.toFile());
                builder.environment().putAll(environment);
                return await(builder.start(), line, out, err);
            } finally {
                Files.delete(in);
                Files.delete(out);
                Files.delete(err);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot run " + line, e);
        }
    }

    private static Outcome await(Process process, List<String> line, Path out, Path err) throws IOException {
        try {
            if (!process.waitFor(LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError("still running after " + LIMIT + ": " + line + "\n" + Files.readString(out)
                        + Files.readString(err));
            }
            return new Outcome(process.exitValue(), Files.readString(out), Files.readString(err));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while running " + line, e);
        } finally {
            process.destroyForcibly();
        }
    }
}
