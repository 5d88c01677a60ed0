// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.testkit.sim;

import io.eventfleet.core.cluster.store.Body;
import io.eventfleet.core.cluster.store.Doc;
import io.eventfleet.core.cluster.store.FencedBody;
import io.eventfleet.core.cluster.store.Kind;
import io.eventfleet.core.cluster.store.Outcome;
import io.eventfleet.core.cluster.store.Ref;
import io.eventfleet.core.cluster.store.ShardDoc;
import io.eventfleet.core.cluster.store.StoreEffect;
import io.eventfleet.core.cluster.store.StoreEvent;
import io.eventfleet.core.cluster.store.TopicDoc;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The metadata store: compare-and-swap on one counter of versions, the fence rules of the resource definitions, and
 * everything that can go wrong on the way: lost replies, writes applied late, outages, slow calls, lagging and broken
 * watches.
 */
final class SimApi {

    /** Hears of every change, at the moment it is applied. */
    interface Listener {
        void onWrite(Ref ref, @Nullable Body before, @Nullable Body after);
    }

    /** A write that ended as UNKNOWN and has not reached the store yet. */
    record OpenWrite(SimNode.Process by, Ref ref, String expectedVersion) {}

    private final World world;
    private final ApiFaults faults;
    private final boolean fenceRules;
    private final SortedMap<Ref, Doc> objects = new TreeMap<>();
    private final List<SimWatch> watches = new ArrayList<>();
    private final List<Listener> listeners = new ArrayList<>();
    private final List<OpenWrite> openWrites = new ArrayList<>();
    private long version = 1;
    private long requests;

    /** @param fenceRules whether the store refuses what the fence rules forbid; without them the cores must do alone */
    SimApi(World world, ApiFaults faults, boolean fenceRules) {
        this.world = world;
        this.faults = faults;
        this.fenceRules = fenceRules;
    }

    void listen(Listener listener) {
        listeners.add(listener);
    }

    Optional<Doc> get(Ref ref) {
        return Optional.ofNullable(objects.get(ref));
    }

    List<Doc> list(Kind kind) {
        return objects.values().stream().filter(doc -> doc.ref().kind() == kind).toList();
    }

    List<OpenWrite> openWrites() {
        return openWrites;
    }

    /** Requests seen so far, for counting round trips. */
    long requests() {
        return requests;
    }

    ApiFaults faults() {
        return faults;
    }

    /** Handles an effect of a process. */
    void handle(SimNode.Process process, StoreEffect effect) {
        switch (effect) {
            case StoreEffect.Get get ->
                read(
                        process,
                        get.reqId(),
                        get.timeoutMs(),
                        () -> new StoreEvent.Got(get.reqId(), true, get(get.ref())),
                        new StoreEvent.Got(get.reqId(), false, Optional.empty()));
            case StoreEffect.ListAll all ->
                read(
                        process,
                        all.reqId(),
                        all.timeoutMs(),
                        () -> new StoreEvent.Listed(all.reqId(), true, list(all.kind())),
                        new StoreEvent.Listed(all.reqId(), false, List.of()));
            case StoreEffect.Create create ->
                write(process, create.reqId(), create.timeoutMs(), create.ref(), null, create.body());
            case StoreEffect.Put put ->
                write(process, put.reqId(), put.timeoutMs(), put.ref(), put.expectedVersion(), put.body());
            case StoreEffect.Watch watch -> {
                unwatch(process, watch.kind());
                var opened = new SimWatch(world, this, process, watch.kind());
                watches.add(opened);
                opened.begin();
            }
            case StoreEffect.Unwatch unwatch -> unwatch(process, unwatch.kind());
        }
    }

    private void unwatch(SimNode.Process process, Kind kind) {
        watches.removeIf(watch -> watch.belongsTo(process, kind));
    }

    void ended(SimWatch watch) {
        watches.remove(watch);
    }

    /** Breaks every open watch; watchers must list again. */
    void breakWatches() {
        List.copyOf(watches).forEach(SimWatch::breakOff);
    }

    private void read(
            SimNode.Process process,
            long reqId,
            long timeoutMs,
            java.util.function.Supplier<StoreEvent> answer,
            StoreEvent failure) {
        requests++;
        long timeout = timeoutMs * World.MS;
        if (faults.unreachable(process)) {
            world.after(Math.min(timeout, world.between(World.MS, 2 * World.SECOND)), () -> process.deliver(failure));
            return;
        }
        long there = faults.latency();
        long back = faults.latency();
        if (there + back > timeout || world.chance(faults.errorRate())) {
            world.after(Math.min(timeout, there), () -> process.deliver(failure));
            return;
        }
        world.after(there, () -> {
            var event = answer.get();
            world.after(back, () -> process.deliver(event));
        });
    }

    private void write(
            SimNode.Process process, long reqId, long timeoutMs, Ref ref, @Nullable String expected, Body body) {
        requests++;
        long timeout = timeoutMs * World.MS;
        var unknown = new StoreEvent.PutDone(reqId, Outcome.UNKNOWN, "");
        if (faults.unreachable(process)) {
            world.after(Math.min(timeout, world.between(World.MS, 2 * World.SECOND)), () -> process.deliver(unknown));
            return;
        }
        long there = faults.latency();
        long back = faults.latency();
        if (world.chance(faults.errorRate())) {
            world.after(there, () -> process.deliver(unknown));
        } else if (world.chance(faults.lateRate())) {
            var open = new OpenWrite(process, ref, expected == null ? "" : expected);
            world.after(timeout, () -> {
                openWrites.add(open);
                process.deliver(unknown);
                world.after(world.between(World.MS, 8 * World.SECOND), () -> {
                    openWrites.remove(open);
                    apply(process.name() + " late", ref, expected, body);
                });
            });
        } else if (world.chance(faults.lostReplyRate()) || there + back > timeout) {
            world.after(there, () -> apply(process.name() + " unheard", ref, expected, body));
            world.after(timeout, () -> process.deliver(unknown));
        } else {
            world.after(there, () -> {
                var done = apply(process.name(), ref, expected, body);
                world.after(back, () -> process.deliver(new StoreEvent.PutDone(reqId, done.outcome(), done.version())));
            });
        }
    }

    private record Applied(Outcome outcome, String version) {}

    private Applied apply(String by, Ref ref, @Nullable String expected, Body body) {
        var current = objects.get(ref);
        boolean conflict = expected == null
                ? current != null
                : current == null || !current.resourceVersion().equals(expected);
        if (conflict) {
            return new Applied(Outcome.CONFLICT, "");
        }
        if (fenceRules && current != null && !allowed(current.body(), body)) {
            return new Applied(Outcome.REJECTED, "");
        }
        var stored = body instanceof TopicDoc topic && current == null ? named(topic) : body;
        return new Applied(Outcome.OK, put(by, ref, stored));
    }

    /** A Topic as the API server completes it. */
    TopicDoc named(TopicDoc topic) {
        return new TopicDoc(
                "uid-" + version,
                topic.topicName(),
                topic.partitions(),
                topic.replicationFactor(),
                topic.config(),
                topic.assignment(),
                String.format("%012d", world.now() / World.SECOND),
                topic.deleting(),
                topic.finalizer(),
                topic.restore(),
                topic.deletionConfirmed(),
                topic.deletionDelayMs());
    }

    /** Writes without a precondition: users, the operator, and applied requests. */
    String put(String by, Ref ref, Body body) {
        var before = objects.get(ref);
        var after = new Doc(ref, Long.toString(++version), body);
        objects.put(ref, after);
        world.trace(by + " writes " + ref + describe(body));
        changed(ref, before == null ? null : before.body(), after);
        return after.resourceVersion();
    }

    void delete(String by, Ref ref) {
        var before = objects.remove(ref);
        if (before != null) {
            version++;
            world.trace(by + " deletes " + ref);
            changed(ref, before.body(), null);
        }
    }

    private void changed(Ref ref, @Nullable Body before, @Nullable Doc after) {
        for (var listener : listeners) {
            listener.onWrite(ref, before, after == null ? null : after.body());
        }
        for (var watch : List.copyOf(watches)) {
            watch.onChange(ref, Optional.ofNullable(after));
        }
    }

    private static boolean allowed(Body before, Body after) {
        if (!(before instanceof FencedBody old) || !(after instanceof FencedBody next)) {
            return true;
        }
        var was = old.fence();
        var is = next.fence();
        boolean sameIdentity = was.clusterId().equals(is.clusterId())
                && (!(old instanceof ShardDoc a) || !(next instanceof ShardDoc b) || a.shardId() == b.shardId());
        return sameIdentity
                && (is.storeGeneration() > was.storeGeneration()
                        || (is.storeGeneration() == was.storeGeneration()
                                && is.controllerEpoch() >= was.controllerEpoch()
                                && is.version() == was.version() + 1));
    }

    private static String describe(Body body) {
        return body instanceof FencedBody fenced
                ? " v" + fenced.fence().version() + " " + fenced.fence().writeToken()
                : "";
    }
}
