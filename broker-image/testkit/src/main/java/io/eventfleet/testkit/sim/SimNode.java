// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.testkit.sim;

import io.eventfleet.core.cluster.ClusterEffect;
import io.eventfleet.core.cluster.ClusterEvent;
import io.eventfleet.core.cluster.Durability;
import io.eventfleet.core.cluster.Rng;
import io.eventfleet.core.cluster.broker.DiskState;
import io.eventfleet.core.cluster.image.ClusterImage;
import io.eventfleet.core.cluster.image.Endpoint;
import io.eventfleet.core.cluster.node.ClusterCore;
import io.eventfleet.core.cluster.port.NodeEffect;
import io.eventfleet.core.cluster.port.NodeEvent;
import io.eventfleet.core.cluster.port.NodeIdentity;
import io.eventfleet.core.cluster.store.StoreEffect;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A pod with its volume and its machine: runs one process at a time, with a clock of its own. */
final class SimNode {

    private static final int MAX_TICKS_PER_100_MS = 60;

    private final SimCluster cluster;
    private final World world;
    private final int id;
    private final Endpoint internal;
    private final SimDisk disk = new SimDisk();
    private final Durability durability;
    private double clockRate = 1.0;
    private boolean hostUp = true;
    private int boots = 1;
    private int starts;
    private @Nullable Process process;
    private final DiskFate fate = new DiskFate();
    private boolean servedThisBoot;

    SimNode(SimCluster cluster, int id, Durability durability) {
        this.cluster = cluster;
        this.world = cluster.world();
        this.id = id;
        this.internal = new Endpoint("broker-" + id, 9093);
        this.durability = durability;
    }

    int id() {
        return id;
    }

    Endpoint internal() {
        return internal;
    }

    SimDisk disk() {
        return disk;
    }

    boolean hostUp() {
        return hostUp;
    }

    void hostUp(boolean value) {
        hostUp = value;
    }

    void clockRate(double rate) {
        clockRate = rate;
    }

    Optional<Process> process() {
        return Optional.ofNullable(process);
    }

    /** What happened to the disk so far. */
    DiskFate fate() {
        return fate;
    }

    void start() {
        if (process == null && hostUp) {
            starts++;
            process = new Process();
            fate.started(process.incarnation());
            process.begin();
        }
    }

    /** {@code kill -9}: the page cache survives. */
    void kill() {
        end("killed");
    }

    /** Power loss: what was not synced is gone, and nobody refuses connections. */
    void powerOff() {
        hostUp = false;
        end("loses power");
        boots++;
        if (durability == Durability.BUFFERED && servedThisBoot) {
            fate.unsyncedLost();
        }
        servedThisBoot = false;
    }

    void wipe() {
        disk.wipe();
        fate.lost();
        world.trace("broker " + id + " loses its disk");
    }

    void shutDown() {
        process().ifPresent(running -> running.deliver(new NodeEvent.ShutdownRequested()));
    }

    void pause(long nanos) {
        process().ifPresent(running -> running.pauseUntil(world.now() + nanos));
    }

    private void end(String how) {
        if (process != null) {
            world.trace(process.name() + " " + how);
            process.alive = false;
            process = null;
            cluster.net().processEnded(this, cluster.nodes());
        }
    }

    /** One process of the broker. */
    final class Process {

        private final UUID incarnation;
        private final String name;
        private final ClusterCore core;
        private final Set<SimNode> contacts = new HashSet<>();
        private final List<ClusterEvent> held = new ArrayList<>();
        private final Map<Long, Long> granted = new HashMap<>();
        private final long startedAt = world.now();
        private ClusterImage image = ClusterImage.empty("");
        private boolean alive = true;
        private boolean ready;
        private boolean pausing;
        private long tickAt = Long.MAX_VALUE;
        private long tickWindowEnd;
        private int ticksInWindow;
        private NodeEffect.Role role = NodeEffect.Role.FOLLOWER;

        Process() {
            var random = world.random().split();
            Rng rng = random::nextLong;
            incarnation = rng.nextUuid();
            name = "broker " + id + "#" + starts;
            var listeners = new TreeMap<String, Endpoint>();
            listeners.put("plain", new Endpoint("broker-" + id, 9092));
            var identity = new NodeIdentity(
                    SimCluster.NAME,
                    id,
                    "pod-" + id + "-" + (starts / 3),
                    incarnation,
                    "boot-" + id + "-" + boots,
                    null,
                    durability,
                    internal,
                    listeners,
                    "rack-" + id % 2);
            core = new ClusterCore(identity, cluster.settings(), DiskState.read(disk::get), rng, cluster.guards());
        }

        SimNode node() {
            return SimNode.this;
        }

        String name() {
            return name;
        }

        UUID incarnation() {
            return incarnation;
        }

        ClusterCore core() {
            return core;
        }

        ClusterImage image() {
            return image;
        }

        boolean ready() {
            return ready;
        }

        NodeEffect.Role role() {
            return role;
        }

        long startedAt() {
            return startedAt;
        }

        Set<SimNode> contacts() {
            return contacts;
        }

        void begin() {
            world.trace(name + " starts");
            deliver(new NodeEvent.Started());
        }

        void deliver(ClusterEvent event) {
            if (!alive) {
                return;
            }
            if (pausing) {
                held.add(event);
                return;
            }
            core.step(localTime(), event, this::perform);
            scheduleTick();
        }

        void pauseUntil(long time) {
            world.trace(name + " pauses");
            pausing = true;
            world.after(time - world.now(), this::resume);
        }

        /** Goes on after a pause: first with what has arrived meanwhile. */
        void resume() {
            if (!pausing || !alive) {
                return;
            }
            pausing = false;
            world.trace(name + " resumes");
            var missed = List.copyOf(held);
            held.clear();
            missed.forEach(this::deliver);
            deliver(new NodeEvent.Tick());
        }

        /** Time as this process measures it. */
        long localTime() {
            return (long) (world.now() * clockRate);
        }

        private void scheduleTick() {
            long deadline = core.nextDeadlineNanos();
            if (deadline == Long.MAX_VALUE || !alive) {
                return;
            }
            long at = Math.max(
                    world.now() + World.MS / 10, deadline == Long.MIN_VALUE ? 0 : (long) (deadline / clockRate) + 1);
            if (at < tickAt || tickAt <= world.now()) {
                tickAt = at;
                world.after(at - world.now(), () -> {
                    if (tickAt == at) {
                        tickAt = Long.MAX_VALUE;
                        countTick();
                        deliver(new NodeEvent.Tick());
                    }
                });
            }
        }

        /** A core that wants to be woken again and again without anything to do would burn a processor. */
        private void countTick() {
            if (world.now() > tickWindowEnd) {
                tickWindowEnd = world.now() + World.SECOND / 10;
                ticksInWindow = 0;
            }
            if (++ticksInWindow > MAX_TICKS_PER_100_MS) {
                throw new IllegalStateException(name + " spins");
            }
        }

        private void perform(ClusterEffect effect) {
            switch (effect) {
                case StoreEffect store -> cluster.api().handle(this, store);
                case NodeEffect node -> performOnNode(node);
                default -> throw new IllegalStateException("no such effect: " + effect);
            }
        }

        private void performOnNode(NodeEffect effect) {
            cluster.invariants().onEffect(this, effect);
            switch (effect) {
                case NodeEffect.Send send -> cluster.net().send(this, send.to(), send.envelope());
                case NodeEffect.Persist persist ->
                    world.after(world.between(World.MS / 2, 4 * World.MS), () -> {
                        if (alive) {
                            disk.apply(persist.changes());
                            deliver(new NodeEvent.Persisted(persist.persistId()));
                        }
                    });
                case NodeEffect.InstallImage install -> image = install.image();
                case NodeEffect.ReadyChanged change -> {
                    ready = change.ready();
                    servedThisBoot |= ready;
                    if (ready) {
                        fate.served();
                    }
                    world.trace(name + (ready ? " is ready" : " is not ready"));
                }
                case NodeEffect.PurgeTopic purge ->
                    world.after(
                            world.between(World.MS, 50 * World.MS),
                            () -> deliver(new NodeEvent.TopicPurged(purge.topicId())));
                case NodeEffect.ProducerIdsGranted ids -> granted.put(ids.requestId(), ids.first());
                case NodeEffect.ProposalEnded ended -> {}
                case NodeEffect.ControllerWritable writable -> {}
                case NodeEffect.CloseLogs close ->
                    world.after(world.between(World.MS, 20 * World.MS), () -> deliver(new NodeEvent.LogsClosed()));
                case NodeEffect.ShutdownComplete complete -> {
                    servedThisBoot = false;
                    world.after(0, () -> endThis("stops in order"));
                }
                case NodeEffect.Halt halt -> world.after(0, () -> endThis("halts: " + halt.reason()));
                case NodeEffect.RoleChanged change -> {
                    role = change.role();
                    world.trace(name + " is " + change.role() + " in epoch " + change.controllerEpoch());
                }
                case NodeEffect.Report report -> world.trace(name + ": " + report.event() + " " + report.keys());
            }
        }

        private void endThis(String how) {
            if (alive) {
                end(how);
                cluster.restartLater(SimNode.this);
            }
        }
    }
}
