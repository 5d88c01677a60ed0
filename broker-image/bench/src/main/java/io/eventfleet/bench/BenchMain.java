// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.bench;

import com.sun.management.OperatingSystemMXBean;
import io.eventfleet.bench.failover.FailoverRun;
import io.eventfleet.bench.load.LoadException;
import io.eventfleet.bench.result.ComparisonTable;
import io.eventfleet.bench.result.Metric;
import io.eventfleet.bench.result.Results;
import io.eventfleet.bench.result.ResultsFile;
import io.eventfleet.bench.suite.Scale;
import io.eventfleet.bench.suite.Suites;
import io.eventfleet.bench.system.ClusterUnderTest;
import io.eventfleet.bench.system.EventfleetCluster;
import io.eventfleet.bench.system.EventfleetSystem;
import io.eventfleet.bench.system.EventfleetSystem.Durability;
import io.eventfleet.bench.system.KafkaCluster;
import io.eventfleet.bench.system.KafkaSystem;
import io.eventfleet.bench.system.SystemUnderTest;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code ./eventfleet bench}: compares Eventfleet with Apache Kafka on this machine and prints one table. Exit status 0 if all suites ran
 * to their end, whatever they measured; 1 if a system could not be started or lost work; 2 for wrong arguments.
 */
@Command(
        name = "eventfleet bench",
        mixinStandardHelpOptions = true,
        description = "Runs Eventfleet and Apache Kafka by turns on this machine and prints one table of both.")
public final class BenchMain implements Callable<Integer> {
    private static final int QUICK_ROUNDS = 3;
    private static final int FULL_ROUNDS = 5;
    private static final double BYTES_PER_GIB = 1 << 30;

    @Spec
    private @Nullable CommandSpec spec;

    @Option(names = "--quick", description = "Less load and fewer rounds: minutes instead of a quarter of an hour.")
    private boolean quick;

    @Option(names = "--rounds", description = "How often each system is measured (default: 5; 3 with --quick).")
    private int rounds;

    @Option(names = "--home", description = "Top folder of the built repository (default: the current folder).")
    private Path home = Path.of("");

    @Option(names = "--partitions", description = "Partitions that failover watches (default: 12).")
    private int partitions = 12;

    @Parameters(
            paramLabel = "suite",
            description = "What to measure: start, produce, consume (default: these three), or failover alone.")
    private List<String> suites = List.of();

    /** Entry point. */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new BenchMain()).execute(arguments));
    }

    @Override
    public Integer call() {
        CommandLine line = Objects.requireNonNull(spec, "set by picocli").commandLine();
        PrintWriter out = line.getOut();
        try {
            Layout layout = new Layout(home.toAbsolutePath());
            layout.check();
            if (suites.equals(List.of(FailoverRun.NAME))) {
                return failover(layout, out);
            }
            BenchRun run = new BenchRun(systems(layout), Suites.named(suites), scale(), rounds());
            Map<String, String> facts = facts(run);
            facts.forEach((key, value) -> out.println(key + ": " + value));
            out.flush();
            Results results = run.run(layout.work(), text -> {
                out.println(text);
                out.flush();
            });
            ResultsFile.write(layout.results(), results, facts);
            out.println();
            out.print(ComparisonTable.of(results));
            out.println();
            out.println("Medians of " + run.rounds() + " rounds; ± is half of the distance between the extremes.");
            out.println("Kafka acknowledges before the disk has it, as Buffered does; Synced is Eventfleet's default.");
            out.println("All samples: " + layout.results());
            out.flush();
            return CommandLine.ExitCode.OK;
        } catch (IllegalArgumentException e) {
            return fail(line, CommandLine.ExitCode.USAGE, e);
        } catch (IOException | LoadException e) {
            return fail(line, CommandLine.ExitCode.SOFTWARE, e);
        }
    }

    /** Three brokers and kills instead of one broker and load: a run of its own. */
    private int failover(Layout layout, PrintWriter out) throws IOException {
        List<ClusterUnderTest> clusters = List.of(
                new KafkaCluster(layout.kafkaLib()),
                new EventfleetCluster(layout.launcher(), Durability.BUFFERED),
                new EventfleetCluster(layout.launcher(), Durability.SYNCED));
        Map<String, String> facts = new LinkedHashMap<>();
        clusters.forEach(cluster -> facts.put(cluster.name(), cluster.describe()));
        facts.put("partitions", partitions + ", three replicas, min.insync.replicas 2, on three brokers");
        facts.put("rounds", Integer.toString(rounds()));
        facts.put("machine", machine());
        facts.forEach((key, value) -> out.println(key + ": " + value));
        out.flush();
        Results results = new FailoverRun(clusters, partitions, rounds()).run(layout.work(), text -> {
            out.println(text);
            out.flush();
        });
        ResultsFile.write(layout.results(), results, facts);
        out.println();
        out.print(ComparisonTable.of(results));
        out.println();
        for (Metric metric : results.metrics()) {
            out.println("Longest, " + metric.name() + ": "
                    + results.systems().stream()
                            .flatMap(system -> results.summary(system, metric).stream()
                                    .map(summary -> String.format(Locale.ROOT, "%s %.2f s", system, summary.max())))
                            .collect(Collectors.joining(", ")));
        }
        out.println("Medians of " + rounds() + " rounds; ± is half of the distance between the extremes.");
        out.println("What was killed starts again at once. All samples: " + layout.results());
        out.flush();
        return CommandLine.ExitCode.OK;
    }

    private static int fail(CommandLine line, int status, Exception reason) {
        Throwable cause = reason.getCause();
        line.getErr().println("bench: " + reason.getMessage() + (cause == null ? "" : ": " + cause.getMessage()));
        line.getErr().flush();
        return status;
    }

    private List<SystemUnderTest> systems(Layout layout) throws IOException {
        return List.of(
                new KafkaSystem(layout.kafkaLib(), Map.of()),
                new EventfleetSystem(layout.launcher(), Durability.BUFFERED),
                new EventfleetSystem(layout.launcher(), Durability.SYNCED));
    }

    private Scale scale() {
        return quick ? Scale.quick() : Scale.full();
    }

    private int rounds() {
        return rounds > 0 ? rounds : quick ? QUICK_ROUNDS : FULL_ROUNDS;
    }

    private static Map<String, String> facts(BenchRun run) {
        Map<String, String> facts = new LinkedHashMap<>();
        run.systems().forEach(system -> facts.put(system.name(), system.describe()));
        facts.put("rounds", Integer.toString(run.rounds()));
        facts.put("machine", machine());
        return facts;
    }

    private static String machine() {
        var system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        long gib = Math.round(system.getTotalMemorySize() / BYTES_PER_GIB);
        return system.getAvailableProcessors() + " processors, " + gib + " GiB, " + system.getName() + " "
                + system.getArch() + ", Java " + Runtime.version().feature() + ", client on the same machine";
    }
}
