// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.command;

import io.eventfleet.local.fleet.SetupException;
import io.eventfleet.local.torture.Torture;
import io.eventfleet.local.torture.check.Anomaly;
import io.eventfleet.local.torture.check.HistoryChecker;
import io.eventfleet.local.torture.check.Verdict;
import io.eventfleet.local.torture.history.History;
import io.eventfleet.local.torture.nemesis.FaultKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code torture}: clients and faults against a fleet of three brokers, and a verdict on what the clients saw. */
@Command(
        name = "torture",
        description = "Breaks a running system in many ways and checks that clients never see anything impossible.",
        mixinStandardHelpOptions = true)
public final class TortureCommand implements Callable<Integer> {
    private static final int FIRST_PORT = 21_092;
    private static final int BROKERS = 3;
    private static final int ANOMALIES_SHOWN = 20;
    private static final double NANOS_PER_SECOND = 1e9;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--minutes", paramLabel = "N", description = "For how long faults come. Default: 10.")
    private double minutes = 10;

    @Option(names = "--seed", paramLabel = "S", description = "Decides which faults come when. Default: any.")
    private long seed = System.nanoTime() % 1_000_000;

    @Option(names = "--scale", paramLabel = "F", description = "Factor on the 20 to 60 s of a fault. Default: 1.")
    private double scale = 1;

    @Option(names = "--faults", paramLabel = "KIND", split = ",", description = "Only these faults. Default: all.")
    private List<String> faults = List.of();

    @Option(names = "--out", paramLabel = "DIR", description = "Folder for history and logs. Default: target/torture.")
    private Path out = Path.of("target", "torture");

    @Option(names = "--check", paramLabel = "FILE", description = "Only checks the history of an earlier run.")
    private @Nullable Path check;

    @Override
    public Integer call() throws InterruptedException {
        Progress progress = new Progress(spec.commandLine().getOut());
        try {
            if (check != null) {
                Verdict verdict = HistoryChecker.check(History.load(check));
                report(verdict, progress);
                return verdict.isCorrect() ? 0 : 1;
            }
            return run(progress);
        } catch (IOException e) {
            throw new SetupException(String.valueOf(e.getMessage()));
        } catch (ExecutionException | TimeoutException e) {
            progress.plain("torture failed: " + e.getMessage());
            return 1;
        }
    }

    private int run(Progress progress) throws IOException, InterruptedException, ExecutionException, TimeoutException {
        Path folder = out.resolve("seed-" + seed).toAbsolutePath();
        if (Files.exists(folder)) {
            throw new SetupException(folder + " exists; remove it, or choose another --out or --seed");
        }
        progress.step("seed " + seed + ", history and logs in " + folder);
        var plan = new Torture.Plan(
                seed,
                Duration.ofMillis(Math.round(minutes * 60_000)),
                scale,
                chosen(),
                folder,
                ClusterStart.firstFreePort(FIRST_PORT, BROKERS));
        Torture.Outcome outcome = new Torture(plan, progress::step).run();
        report(outcome.verdict(), progress);
        progress.plain((outcome.isGood() ? "torture passed" : "torture failed") + ": seed=" + seed + " acknowledged="
                + outcome.verdict().acknowledged() + " read="
                + outcome.verdict().read() + " anomalies="
                + outcome.verdict().anomalies().stream()
                        .filter(anomaly -> anomaly.check().isNever())
                        .count()
                + " recovered=" + outcome.recovered() + " seconds=" + Math.round(progress.secondsSinceStart()));
        return outcome.isGood() ? 0 : 1;
    }

    private Set<FaultKind> chosen() {
        try {
            return faults.isEmpty()
                    ? EnumSet.allOf(FaultKind.class)
                    : faults.stream().map(FaultKind::of).collect(Collectors.toSet());
        } catch (IllegalArgumentException e) {
            throw new SetupException(String.valueOf(e.getMessage()));
        }
    }

    private static void report(Verdict verdict, Progress progress) {
        progress.plain("");
        verdict.counts()
                .forEach((rule, count) -> progress.plain(String.format(
                        Locale.ROOT, "%-28s %6d%s", rule.title(), count, rule.isNever() ? "" : "   (allowed)")));
        progress.plain("");
        progress.plain("longest time without an acknowledgement, by what was broken:");
        new TreeMap<>(verdict.outages())
                .forEach((during, outage) -> progress.plain(String.format(
                        Locale.ROOT, "%7.1f s  %-14s %s", outage.lengthNs() / NANOS_PER_SECOND, outage.key(), during)));
        List<Anomaly> shown = verdict.anomalies().stream()
                .filter(anomaly -> anomaly.check().isNever())
                .limit(ANOMALIES_SHOWN)
                .toList();
        shown.forEach(anomaly -> progress.plain(anomaly.toString()));
        progress.plain("");
    }
}
