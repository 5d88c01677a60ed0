// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.testkit.sim;

import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** One seeded run: a random shape, users, a random subset of faults; then peace, in which everything must come true. */
public final class Simulation {

    private static final Duration STORM = Duration.ofSeconds(60);

    private Simulation() {}

    /**
     * Outcome of a run.
     *
     * @param seed the seed
     * @param violation what was broken, or empty
     * @param traceHash equal for equal runs
     * @param events events processed
     * @param counts how often things happened that a run is meant to meet
     * @param trace the last lines of the trace of a failed run
     */
    public record Result(
            long seed,
            Optional<Violation> violation,
            long traceHash,
            long events,
            SortedMap<String, Long> counts,
            List<String> trace) {

        /** For people: the seed, the violation and how it came about. */
        public String report() {
            var text = new StringBuilder(
                    "seed " + seed + ": " + violation.map(Violation::getMessage).orElse("passed"));
            trace.forEach(line -> text.append('\n').append(line));
            return text.toString();
        }
    }

    /** Runs one seed with all faults allowed. */
    public static Result run(long seed) {
        return run(seed, Protections.ALL, STORM);
    }

    /** Runs one seed with all faults allowed, for a storm of this virtual time. */
    public static Result run(long seed, Protections protections, Duration storm) {
        return run(seed, protections, EnumSet.allOf(Fault.class), null, storm);
    }

    /** Runs one seed in a storm of a minute. */
    static Result run(long seed, Protections protections, Set<Fault> allowed, SimCluster.@Nullable Shape shape) {
        return run(seed, protections, allowed, shape, STORM);
    }

    /**
     * Runs one seed.
     *
     * @param protections which are on
     * @param allowed kinds of faults, of which a random subset is used
     * @param shape of the cluster, or null to draw it
     * @param storm virtual time until peace
     */
    static Result run(
            long seed, Protections protections, Set<Fault> allowed, SimCluster.@Nullable Shape shape, Duration storm) {
        var world = new World(seed);
        var drawn = shape == null ? SimCluster.Shape.random(world) : shape;
        Violation violation = null;
        try {
            play(world, drawn, protections, allowed, storm);
        } catch (Violation found) {
            violation = found;
        } catch (RuntimeException bug) {
            violation = new Violation(0, "a core failed: " + bug);
            violation.initCause(bug);
        }
        return new Result(
                seed,
                Optional.ofNullable(violation),
                world.traceHash(),
                world.events(),
                world.counts(),
                violation == null ? List.of() : world.traceTail());
    }

    private static void play(
            World world, SimCluster.Shape shape, Protections protections, Set<Fault> allowed, Duration storm) {
        var kinds = EnumSet.noneOf(Fault.class);
        allowed.stream().sorted().filter(fault -> world.chance(0.35)).forEach(kinds::add);
        world.trace(shape + " " + kinds);
        var cluster = new SimCluster(world, shape, protections).start();
        world.runUntil(8 * World.SECOND);
        var plan = new FaultPlan(cluster, kinds);
        cluster.users().start();
        if (shape.records()) {
            cluster.clients().start();
        }
        plan.start();
        world.runUntil(storm.toNanos());
        plan.stop();
        cluster.users().stop();
        cluster.clients().stop();
        cluster.heal();
        settle(cluster);
    }

    static void settle(SimCluster cluster) {
        var healed = new Healed(cluster);
        cluster.await(44, Duration.ofSeconds(90), healed::brokersServe);
        cluster.await(66, Duration.ofSeconds(20), healed::leadersExist);
        cluster.await(60, Duration.ofSeconds(60), healed::topicsMatchResources);
        cluster.await(59, Duration.ofSeconds(120), healed::nothingIsDying);
        cluster.await(46, Duration.ofSeconds(20), healed::imagesMatch);
        var records = new HealedRecords(cluster);
        cluster.await(45, Duration.ofSeconds(30), records::nobodyWaits);
        cluster.await(49, Duration.ofSeconds(30), records::everybodyIsInSync);
        records.checkRecords();
    }
}
