// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.testkit.sim;

import java.util.List;
import java.util.Set;

/** Injects faults of some kinds at random moments, each for a random time. */
final class FaultPlan {

    private final SimCluster cluster;
    private final World world;
    private final List<Fault> kinds;
    private final long meanGap;
    private boolean stopped;

    FaultPlan(SimCluster cluster, Set<Fault> kinds) {
        this.cluster = cluster;
        this.world = cluster.world();
        this.kinds = kinds.stream().sorted().toList();
        this.meanGap = world.between(3, 20) * World.SECOND;
    }

    void start() {
        if (!kinds.isEmpty()) {
            schedule();
        }
    }

    void stop() {
        stopped = true;
    }

    private void schedule() {
        world.after(world.between(World.SECOND / 10, 2 * meanGap), () -> {
            if (!stopped) {
                inject(kinds.get((int) world.between(0, kinds.size())));
                schedule();
            }
        });
    }

    private void inject(Fault fault) {
        var node = cluster.node((int) world.between(0, cluster.nodes().size()));
        var other = cluster.node((int) world.between(0, cluster.nodes().size()));
        long time = world.between(World.SECOND, 40 * World.SECOND);
        world.trace("fault " + fault + " at broker " + node.id());
        var faults = cluster.api().faults();
        switch (fault) {
            case KILL -> {
                cluster.restartDelay(world.between(World.SECOND / 10, 10 * World.SECOND));
                cluster.kill(node);
            }
            case POWER_LOSS -> {
                if (node.buffered() && !maySpare(node)) {
                    return;
                }
                node.powerOff();
                world.after(time, () -> {
                    node.hostUp(true);
                    node.start();
                });
            }
            case RESTART_IN_ORDER -> node.shutDown();
            case PAUSE -> node.pause(time);
            case CUT -> cut(node, other, time);
            case LOSSY_NET -> {
                cluster.net().lossy(0.2, 1500);
                world.after(time, () -> cluster.net().calm());
            }
            case SLOW_NET -> {
                cluster.net().lossy(0, world.between(100, 1000));
                world.after(time, () -> cluster.net().calm());
            }
            case STORE_DOWN -> during(time, () -> faults.down(true), () -> faults.down(false));
            case STORE_CUT_OFF -> during(time, () -> faults.cutOff(node, true), () -> faults.cutOff(node, false));
            case STORE_ERRORS -> during(time, () -> faults.rates(0.3, 0, 0), () -> faults.rates(0, 0, 0));
            case LOST_REPLIES -> during(time, () -> faults.rates(0, 0.2, 0), () -> faults.rates(0, 0, 0));
            case LATE_WRITES -> during(time, () -> faults.rates(0, 0.05, 0.2), () -> faults.rates(0, 0, 0));
            case SLOW_STORE -> during(time, () -> faults.latency(300, 2000), () -> faults.latency(1, 20));
            case WATCH_LAG -> during(time, () -> faults.watchLag(8_000), () -> faults.watchLag(30));
            case WATCH_BREAK -> cluster.api().breakWatches();
            case CLOCK_RATE -> {
                // a running clock cannot change its rate without a step back, so the next process gets the new one
                node.kill();
                node.clockRate(SimCluster.SLOWEST_CLOCK + world.random().nextDouble() * 0.45);
                cluster.restartLater(node);
            }
            case DISK_LOST -> {
                if (!maySpare(node)) {
                    return;
                }
                node.kill();
                node.wipe();
                cluster.restartLater(node);
            }
            case POD_REPLACED -> {
                if (node.stray().isEmpty() && maySpare(node)) {
                    node.replace();
                    cluster.restartLater(node);
                }
            }
        }
    }

    /**
     * Whether this broker may lose records. Mostly not if it is the last that has them; at times it may all the same, and
     * then nothing is promised of these partitions, but that what is left does not pretend to be whole.
     */
    private boolean maySpare(SimNode node) {
        var only = cluster.oracle().onlyOn(node);
        if (only.isEmpty()) {
            return true;
        }
        boolean anyway = world.chance(0.2);
        if (anyway) {
            only.forEach(id -> cluster.oracle().truth(id).excuse(node.buffered()));
        }
        return anyway;
    }

    private void cut(SimNode node, SimNode other, long time) {
        boolean both = world.chance(0.7);
        boolean all = world.chance(0.4);
        for (var peer : all ? cluster.nodes() : List.of(other)) {
            if (peer != node) {
                setCut(node, peer, both, true);
                world.after(time, () -> setCut(node, peer, both, false));
            }
        }
    }

    private void setCut(SimNode a, SimNode b, boolean both, boolean value) {
        cluster.net().cut(a.id(), b.id(), value);
        if (both) {
            cluster.net().cut(b.id(), a.id(), value);
        }
    }

    private void during(long time, Runnable begin, Runnable end) {
        begin.run();
        world.after(time, () -> {
            if (!stopped) {
                end.run();
            }
        });
    }
}
