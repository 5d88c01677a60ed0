// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.testkit.sim;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.TreeMap;

/** Runs many seeds: {@code SimMain [--seeds N] [--from SEED] [--storm SECONDS] [--without GUARD] [--trace]}. Exit status 1 if any run fails. */
public final class SimMain {

    private SimMain() {}

    public static void main(String[] args) {
        long seeds = 1000;
        long from = 1;
        var storm = Duration.ofSeconds(120);
        boolean trace = false;
        var protections = Protections.ALL;
        for (int i = 0; i < args.length; i++) {
            switch (args[i]) {
                case "--seeds" -> seeds = Long.parseLong(args[++i]);
                case "--from" -> from = Long.parseLong(args[++i]);
                case "--storm" -> storm = Duration.ofSeconds(Long.parseLong(args[++i]));
                case "--trace" -> trace = true;
                case "--without" -> protections = Protections.without(args[++i]);
                default -> throw new IllegalArgumentException("unknown option " + args[i]);
            }
        }
        System.exit(
                run(from, seeds, storm, protections, trace, new PrintStream(new FileOutputStream(FileDescriptor.out))));
    }

    private static int run(
            long from, long seeds, Duration storm, Protections protections, boolean trace, PrintStream out) {
        long failed = 0;
        long events = 0;
        var counts = new TreeMap<String, Long>();
        for (long seed = from; seed < from + seeds; seed++) {
            var result = Simulation.run(seed, protections, storm);
            events += result.events();
            result.counts().forEach((what, times) -> counts.merge(what, times, Long::sum));
            if (result.violation().isPresent()) {
                failed++;
                out.println("seed " + seed + ": " + result.violation().get().getMessage());
            }
            if (trace) {
                out.println(result.report());
            }
        }
        counts.forEach((what, times) -> out.println(times + " " + what));
        out.println("seeds=" + seeds + " failed=" + failed + " events=" + events);
        return failed == 0 ? 0 : 1;
    }
}
