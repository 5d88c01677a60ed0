// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.bench.failover;

import io.eventfleet.bench.load.LoadException;
import io.eventfleet.bench.load.Topics;
import io.eventfleet.bench.result.Results;
import io.eventfleet.bench.system.ClusterUnderTest;
import io.eventfleet.bench.system.Deadline;
import io.eventfleet.bench.system.Folders;
import io.eventfleet.bench.system.RunningCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * Kills brokers of one cluster after another, by turns as {@code BenchRun} does, and measures how long it takes until every partition accepts
 * acks=all again. What was killed is started again at once, in every system; each death waits until everything is in sync.
 *
 * @param clusters what is compared, baseline first
 * @param partitions of the topic, three replicas each, two of which must be in sync
 * @param rounds how often each cluster is started afresh
 */
public record FailoverRun(List<ClusterUnderTest> clusters, int partitions, int rounds) {
    /** Name on the command line and in the table. */
    public static final String NAME = "failover";

    private static final int BROKERS = 3;
    private static final int MIN_IN_SYNC = 2;
    private static final String TOPIC = "bench-failover";
    private static final Duration WARM_UP = Duration.ofSeconds(5);
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final Duration PERIOD = Duration.ofMillis(20);
    private static final Duration SLOW_PERIOD = Duration.ofMillis(500);
    private static final double MS_PER_SECOND = 1_000;

    /**
     * Runs all rounds.
     *
     * @param work folder for data and logs; what a round left is deleted unless it failed
     * @param progress takes a line for each step
     * @throws IOException if a cluster cannot be started
     * @throws LoadException if a record is lost or the partitions do not come back
     */
    public Results run(Path work, Consumer<String> progress) throws IOException {
        Results results =
                new Results(clusters.stream().map(ClusterUnderTest::name).toList());
        for (int round = 1; round <= rounds; round++) {
            List<ClusterUnderTest> order = new ArrayList<>(clusters);
            Collections.rotate(order, -(round - 1));
            for (ClusterUnderTest cluster : order) {
                progress.accept("round " + round + "/" + rounds + ": " + cluster.name());
                Path folder = work.resolve("failover-" + round + "-" + cluster.name());
                Folders.delete(folder);
                Files.createDirectories(folder);
                try (RunningCluster running = cluster.start(folder, BROKERS)) {
                    measure(cluster.name(), running, results, progress);
                }
                Folders.delete(folder);
            }
        }
        return results;
    }

    private void measure(String name, RunningCluster cluster, Results results, Consumer<String> progress)
            throws IOException {
        Topics.create(cluster.bootstrap(), TOPIC, partitions, (short) BROKERS, MIN_IN_SYNC);
        RecoveryClock clock = new RecoveryClock(partitions);
        try (SteadyLoad load = SteadyLoad.start(cluster.bootstrap(), TOPIC, partitions, clock);
                Replicas replicas = new Replicas(cluster.bootstrap(), TOPIC)) {
            for (Death death : Death.values()) {
                if (!Deadline.after(LIMIT).await(SLOW_PERIOD, replicas::areInSync)) {
                    throw new LoadException("not everything came into sync within " + LIMIT);
                }
                Deadline.after(WARM_UP).await(WARM_UP, () -> false);
                int controller = cluster.controller();
                List<Integer> victims = death.victims(controller, replicas.busiestLeaderBut(controller));
                cluster.kill(victims);
                clock.start(System.nanoTime());
                cluster.startAgain(victims);
                double seconds = await(clock, load).toMillis() / MS_PER_SECOND;
                results.add(name, death.metric(), seconds);
                progress.accept(String.format(
                        Locale.ROOT, "  %s: %.2f s", death.metric().name(), seconds));
            }
        }
    }

    private static Duration await(RecoveryClock clock, SteadyLoad load) {
        boolean back = Deadline.after(LIMIT).await(PERIOD, () -> {
            load.check();
            return clock.elapsed().isPresent();
        });
        if (!back) {
            throw new LoadException(clock.missing() + " partitions did not come back within " + LIMIT);
        }
        return clock.elapsed().orElseThrow();
    }
}
