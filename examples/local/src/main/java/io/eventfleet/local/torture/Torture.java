// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.torture;

import io.eventfleet.local.fleet.LocalFleet;
import io.eventfleet.local.fleet.PodStarts;
import io.eventfleet.local.torture.check.HistoryChecker;
import io.eventfleet.local.torture.check.Verdict;
import io.eventfleet.local.torture.history.History;
import io.eventfleet.local.torture.nemesis.FaultKind;
import io.eventfleet.local.torture.nemesis.Nemesis;
import io.eventfleet.local.torture.nemesis.Schedule;
import io.eventfleet.local.torture.nemesis.SickApi;
import io.eventfleet.local.torture.nemesis.Victim;
import io.eventfleet.local.torture.network.BrokerNetwork;
import io.eventfleet.local.torture.workload.ReplicaReader;
import io.eventfleet.local.torture.workload.Workload;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** One run: a fleet of three brokers, clients, faults, recovery, a last look at everything, a verdict. */
public final class Torture {
    /** File of the history in the folder of a run. */
    public static final String HISTORY = "history.jsonl";

    private static final String NAMESPACE = "default";
    private static final String CLUSTER = "torture";
    private static final int BROKERS = 3;
    private static final Duration START_LIMIT = Duration.ofMinutes(5);
    private static final Duration CALM = Duration.ofSeconds(10);
    private static final Duration RECOVERY_LIMIT = Duration.ofMinutes(5);
    private static final Duration READ_LIMIT = Duration.ofMinutes(3);
    private static final long POLL_MS = 500;

    /**
     * What to do.
     *
     * @param scale factor on the length of the fault periods
     * @param folder for the history and the data of the fleet; must be empty or not there
     * @param port where clients connect to the first broker
     */
    public record Plan(long seed, Duration length, double scale, Set<FaultKind> faults, Path folder, int port) {}

    /**
     * What came of it.
     *
     * @param recovered true when everything was in sync and could be read after the last fault
     */
    public record Outcome(Verdict verdict, boolean recovered) {
        /** True when the system did what it must. */
        public boolean isGood() {
            return recovered && verdict.isCorrect();
        }
    }

    private final Plan plan;
    private final Consumer<String> progress;

    /** @param progress hears one line per step */
    public Torture(Plan plan, Consumer<String> progress) {
        this.plan = plan;
        this.progress = progress;
    }

    /**
     * Runs it.
     *
     * @throws TimeoutException when the fleet does not start
     */
    public Outcome run() throws IOException, InterruptedException, ExecutionException, TimeoutException {
        Schedule schedule = Schedule.of(plan.seed(), plan.length(), plan.faults(), plan.scale());
        Path data = plan.folder().resolve("fleet");
        PodStarts starts = new PodStarts();
        SickApi api = new SickApi();
        try (History history = History.create(plan.folder().resolve(HISTORY));
                BrokerNetwork network = new BrokerNetwork(data, BROKERS);
                LocalFleet fleet = LocalFleet.builder()
                        .data(data)
                        .startHook(starts.then(network))
                        .apiGate(api)
                        .start()) {
            network.connectApi(fleet.podsApiUrl());
            startCluster(fleet);
            Victim victim = new Victim(fleet, starts, NAMESPACE, CLUSTER, BROKERS);
            Workload workload = new Workload(victim.bootstrap(), history, plan.seed());
            workload.start();
            new Nemesis(victim, network, api, history, progress).run(schedule);
            boolean recovered = awaitRecovery(victim);
            recovered &= lookAtEverything(workload, victim, history);
            return new Outcome(HistoryChecker.check(history.events()), recovered);
        }
    }

    private void startCluster(LocalFleet fleet) throws TimeoutException, InterruptedException {
        progress.accept("starting " + BROKERS + " brokers");
        var cluster =
                fleet.applyYaml("""
                        apiVersion: eventfleet.io/v1alpha1
                        kind: EventCluster
                        metadata: {name: %s}
                        spec:
                          replicas: %d
                          storage: {size: 1Gi}
                          resources: {limits: {memory: 320Mi}}
                          listeners: [{name: plain, port: %d}]
                          topicDefaults: {partitions: 2, replicationFactor: 3}
                        """.formatted(CLUSTER, BROKERS, plan.port())).getFirst();
        fleet.awaitCondition(cluster, "Ready", START_LIMIT);
    }

    /** After the last fault everything must come into order by itself. */
    private boolean awaitRecovery(Victim victim) throws InterruptedException {
        progress.accept("no more faults; waiting until everything is in sync");
        TimeUnit.NANOSECONDS.sleep(CALM.toNanos());
        long deadline = System.nanoTime() + RECOVERY_LIMIT.toNanos();
        while (!victim.isInSync()) {
            if (System.nanoTime() > deadline) {
                progress.accept("not everything came into sync within " + RECOVERY_LIMIT.toMinutes() + " minutes");
                return false;
            }
            TimeUnit.MILLISECONDS.sleep(POLL_MS);
        }
        return true;
    }

    private boolean lookAtEverything(Workload workload, Victim victim, History history) throws InterruptedException {
        workload.stopWriting();
        workload.stopReading();
        progress.accept("reading everything again, then from each replica");
        if (!workload.readEverything(READ_LIMIT)) {
            progress.accept("not everything could be read within " + READ_LIMIT.toMinutes() + " minutes");
            return false;
        }
        try {
            new ReplicaReader(victim.bootstrap(), READ_LIMIT)
                    .read(workload.keys())
                    .forEach(history::add);
            return true;
        } catch (ExecutionException | TimeoutException e) {
            progress.accept("the replicas could not be read: " + e.getMessage());
            return false;
        }
    }
}
