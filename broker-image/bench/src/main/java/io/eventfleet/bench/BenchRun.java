// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.bench;

import io.eventfleet.bench.result.Results;
import io.eventfleet.bench.suite.Scale;
import io.eventfleet.bench.suite.Suite;
import io.eventfleet.bench.system.Folders;
import io.eventfleet.bench.system.RunningSystem;
import io.eventfleet.bench.system.SystemUnderTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * Lets the systems take turns: in each round every system is started afresh, measured and stopped, and each round begins with another
 * one, so that what the machine does meanwhile meets all of them alike. Only one system runs at a time.
 *
 * @param systems what is compared, baseline first
 * @param suites what is measured, in order
 * @param scale how much work a round does
 * @param rounds how often
 */
record BenchRun(List<SystemUnderTest> systems, List<Suite> suites, Scale scale, int rounds) {

    /**
     * Runs all rounds.
     *
     * @param work folder for data and logs of the systems; what a round left is deleted unless it failed
     * @param progress takes a line for each step
     * @throws IOException if a system cannot be started
     */
    Results run(Path work, Consumer<String> progress) throws IOException {
        Results results =
                new Results(systems.stream().map(SystemUnderTest::name).toList());
        for (int round = 1; round <= rounds; round++) {
            for (SystemUnderTest system : order(round)) {
                progress.accept("round " + round + "/" + rounds + ": " + system.name());
                Path folder = work.resolve("round-" + round + "-" + fileName(system));
                Folders.delete(folder);
                Files.createDirectories(folder);
                measure(system, folder, results, progress);
                Folders.delete(folder);
            }
        }
        return results;
    }

    private void measure(SystemUnderTest system, Path folder, Results results, Consumer<String> progress)
            throws IOException {
        try (RunningSystem running = system.start(folder)) {
            for (Suite suite : suites) {
                suite.measure(running, scale, (metric, value) -> {
                    results.add(system.name(), metric, value);
                    progress.accept(String.format(
                            Locale.ROOT, "  %s: %s %.2f %s", metric.suite(), metric.name(), value, metric.unit()));
                });
            }
        }
    }

    /** The systems, rotated by one place per round. */
    List<SystemUnderTest> order(int round) {
        List<SystemUnderTest> order = new ArrayList<>(systems);
        Collections.rotate(order, -(round - 1));
        return order;
    }

    private static String fileName(SystemUnderTest system) {
        return system.name().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
    }
}
