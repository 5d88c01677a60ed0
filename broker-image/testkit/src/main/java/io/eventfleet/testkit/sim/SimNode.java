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
    private final Durability durability;
    private final List<Process> stray = new ArrayList<>();
    private final DiskFate fate = new DiskFate();
    private SimVolume volume = new SimVolume();
    private double clockRate = 1.0;
    private boolean hostUp = true;
    private int boots = 1;
    private int starts;
    private @Nullable Process process;
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
        return volume.facts();
    }

    /** The volume that the next process gets, or that the present one has. */
    SimVolume volume() {
        return volume;
    }

    boolean buffered() {
        return durability == Durability.BUFFERED;
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

    /** A registration is durable: whatever was missing then is known. */
    void registered(UUID incarnation) {
        fate.registered(incarnation);
        if (process != null && process.incarnation().equals(incarnation)) {
            volume.suspect(false);
        }
    }

    /** Processes of this id that live on elsewhere, with the volumes that they had. */
    List<Process> stray() {
        return stray;
    }

    void start() {
        if (process == null && hostUp) {
            starts++;
            volume.syncAll();
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
        volume.losePower(world);
        if (buffered() && servedThisBoot) {
            fate.unsyncedLost();
            volume.suspect(true);
        }
        servedThisBoot = false;
    }

    void wipe() {
        volume.wipe();
        fate.lost();
        world.trace("broker " + id + " loses its disk");
    }

    /** The pod is replaced while its process lives on, out of sight, with the old volume; the new pod gets an empty one. */
    void replace() {
        if (process != null) {
            world.trace(process.name() + " is replaced and lives on");
            stray.add(process);
            process = null;
            volume = new SimVolume();
            volume.suspect(true);
            fate.lost();
            starts += 3;
        }
    }

    void shutDown() {
        process().ifPresent(running -> running.deliver(new NodeEvent.ShutdownRequested()));
    }

    void pause(long nanos) {
        process().ifPresent(running -> running.pauseUntil(world.now() + nanos));
    }

    private void end(String how) {
        if (process != null) {
            var ended = process;
            world.trace(ended.name() + " " + how);
            ended.alive = false;
            process = null;
            cluster.net().processEnded(ended);
        }
    }

    /** One process of the broker. */
    final class Process {

        private final UUID incarnation;
        private final String name;
        private final ClusterCore core;
        private final Set<SimNode> contacts = new HashSet<>();
        private final List<Runnable> held = new ArrayList<>();
        private final SimVolume files = volume;
        private final double rate = clockRate;
        private final Map<Long, Long> granted = new HashMap<>();
        private final long startedAt = world.now();
        private ClusterImage image = ClusterImage.empty("");
        private boolean alive = true;
        private boolean ready;
        private boolean alone;
        private boolean pausing;
        private long tickAt = Long.MAX_VALUE;
        private long tickWindowEnd;
        private int ticksInWindow;
        private NodeEffect.Role role = NodeEffect.Role.FOLLOWER;
        private boolean controllerWritable;
        private final SimReplicas replicas;

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
            core = new ClusterCore(
                    identity, cluster.settings(), DiskState.read(files.facts()::get), rng, cluster.guards());
            replicas = new SimReplicas(this, cluster.oracle());
        }

        SimCluster cluster() {
            return cluster;
        }

        SimReplicas replicas() {
            return replicas;
        }

        /** What the controller said of itself last. */
        boolean controllerWritable() {
            return controllerWritable;
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

        /** Hears neither store nor controller. */
        boolean alone() {
            return alone;
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

        World world() {
            return world;
        }

        /** The volume that this process has mounted. */
        SimVolume files() {
            return files;
        }

        boolean alive() {
            return alive;
        }

        /** True when its pod was replaced by another one. */
        boolean isStray() {
            return stray.contains(this);
        }

        void deliver(ClusterEvent event) {
            run(() -> {
                core.step(localTime(), event, this::perform);
                scheduleTick();
            });
        }

        /** Does something in this process: at once, after its pause, or never if it has ended. */
        void run(Runnable action) {
            if (alive && pausing) {
                held.add(action);
            } else if (alive) {
                action.run();
            }
        }

        /** Does something in this process after a delay. */
        void after(long nanos, Runnable action) {
            world.after(nanos, () -> run(action));
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
            missed.forEach(this::run);
            deliver(new NodeEvent.Tick());
        }

        /** What this machine's monotonic clock says. */
        long localTime() {
            return (long) (world.now() * rate);
        }

        /** Virtual time until this machine's clock shows that. */
        long worldTimeUntil(long localTime) {
            return Math.max(World.MS / 10, (long) (localTime / rate) + 1 - world.now());
        }

        private void scheduleTick() {
            long deadline = core.nextDeadlineNanos();
            if (deadline == Long.MAX_VALUE || !alive) {
                return;
            }
            long at = Math.max(
                    world.now() + World.MS / 10, deadline == Long.MIN_VALUE ? 0 : (long) (deadline / rate) + 1);
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
                            files.facts().apply(persist.changes());
                            deliver(new NodeEvent.Persisted(persist.persistId()));
                        }
                    });
                case NodeEffect.InstallImage install -> {
                    image = install.image();
                    if (cluster.records()) {
                        replicas.onImage(image);
                    }
                }
                case NodeEffect.ReadyChanged change -> {
                    ready = change.ready();
                    servedThisBoot |= ready;
                    if (ready && !isStray()) {
                        fate.served();
                    }
                    world.trace(name + (ready ? " is ready" : " is not ready"));
                }
                case NodeEffect.ProposalEnded ended -> replicas.onProposalEnded(ended);
                case NodeEffect.ControllerWritable writable -> {
                    controllerWritable = writable.writable();
                    replicas.controllerWritable(controllerWritable);
                }
                case NodeEffect.AloneChanged change -> {
                    alone = change.alone();
                    world.trace(name + (alone ? " is alone" : " is not alone any more"));
                }
                case NodeEffect.PurgeTopic purge ->
                    after(world.between(World.MS, 50 * World.MS), () -> {
                        replicas.purge(purge.topicId());
                        deliver(new NodeEvent.TopicPurged(purge.topicId()));
                    });
                case NodeEffect.DropReplica drop ->
                    after(world.between(World.MS, 50 * World.MS), () -> {
                        boolean gone = replicas.drop(drop.replica().id());
                        deliver(
                                gone
                                        ? new NodeEvent.ReplicaGone(drop.replica())
                                        : new NodeEvent.ReplicaDropFailed(drop.replica()));
                    });
                case NodeEffect.ReplicaChangeDone done -> {}
                case NodeEffect.ProducerIdsGranted ids -> granted.put(ids.requestId(), ids.first());
                case NodeEffect.CloseLogs close -> {
                    replicas.close();
                    after(world.between(10 * World.MS, 30 * World.MS), () -> {
                        files.syncAll();
                        deliver(new NodeEvent.LogsClosed());
                    });
                }
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
            if (alive && stray.remove(this)) {
                world.trace(name + " " + how);
                alive = false;
                cluster.net().processEnded(this);
            } else if (alive) {
                end(how);
                cluster.restartLater(SimNode.this);
            }
        }
    }
}
