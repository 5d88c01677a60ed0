// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.cluster.controller;

import io.eventfleet.core.cluster.BrokerEntry;
import io.eventfleet.core.cluster.VersionVector;
import io.eventfleet.core.cluster.message.Message;
import io.eventfleet.core.cluster.port.Guard;
import io.eventfleet.core.cluster.store.RegistryDoc;
import io.eventfleet.core.cluster.store.ShardDoc;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Sends every broker the versions that it lacks. Only durable content of settled objects is pushed. What was pushed and
 * not acknowledged is pushed again after a second.
 */
final class Pusher {

    private static final long REPEAT_NANOS = 1_000_000_000L;

    private final Term term;
    private final Sessions sessions;
    private final SortedMap<Integer, Long> suspectedSince = new TreeMap<>();

    Pusher(Term term, Sessions sessions) {
        this.term = term;
        this.sessions = sessions;
    }

    /** Pushes to everybody who lacks something. Called after every event. */
    void push(long now) {
        if (!term.active()) {
            return;
        }
        for (var broker : term.registry().durable().brokers().values()) {
            var session = sessions.of(broker);
            boolean alive = session.isPresent()
                    && now - session.get().lastHeardAt()
                            < term.settings().sessions().silence().toNanos();
            if (alive) {
                push(broker, session.get(), now);
            }
        }
    }

    private void push(BrokerEntry broker, Sessions.Session session, long now) {
        boolean repeat = now - REPEAT_NANOS >= session.pushedAt();
        var known = repeat ? session.installed() : newest(session.installed(), session.pushed());
        long generation = term.root().durable().fence().storeGeneration();
        boolean newTerm = known.controllerEpoch() < term.epoch() || known.storeGeneration() < generation;
        var registry = registryToPush(known, newTerm);
        var shards = new TreeMap<String, ShardDoc>();
        var versions = new TreeMap<>(known.shards());
        for (var cell : term.shards().entrySet()) {
            var shard = cell.getValue().visible();
            long version = shard.fence().version();
            if (pushable(cell.getValue()) && (newTerm || versions.getOrDefault(cell.getKey(), -1L) < version)) {
                shards.put(cell.getKey(), shard);
                versions.put(cell.getKey(), version);
            }
        }
        if (registry == null && shards.isEmpty()) {
            return;
        }
        long registryVersion =
                registry == null ? known.registryVersion() : registry.fence().version();
        session.pushed(new VersionVector(generation, term.epoch(), registryVersion, versions), now);
        term.send(
                broker,
                new Message.MetadataPush(
                        term.root().durable().fence().clusterId(),
                        generation,
                        term.me().brokerId(),
                        registry,
                        shards));
    }

    private @Nullable RegistryDoc registryToPush(VersionVector known, boolean newTerm) {
        var registry = term.registry().visible();
        boolean newer = newTerm || known.registryVersion() < registry.fence().version();
        return newer && pushable(term.registry()) ? registry : null;
    }

    private boolean pushable(MetaCell<?> cell) {
        return cell.settled() || !term.guards().on(Guard.DURABLE_BEFORE_ANSWER);
    }

    /**
     * A broker told what it has. If that is newer than the store, either a newer controller exists or the store went
     * back: the object is read again, and what stands there decides (A14).
     */
    void onInstalled(BrokerEntry broker, VersionVector installed) {
        sessions.of(broker).ifPresent(session -> session.installed(installed));
        onSeen(broker.id(), installed);
    }

    /** Compares what somebody has seen with what this controller has written and read. */
    void onSeen(int brokerId, VersionVector seen) {
        if (!term.active()) {
            return;
        }
        var mine = term.vector();
        if (seen.storeGeneration() != mine.storeGeneration()) {
            return;
        }
        if (seen.controllerEpoch() > mine.controllerEpoch()) {
            term.root().verify();
            suspect(brokerId, "a broker has seen controller epoch " + seen.controllerEpoch());
            return;
        }
        for (var shard : seen.shards().entrySet()) {
            var cell = term.shards().get(shard.getKey());
            if (cell != null && shard.getValue() > cell.durable().fence().version() && cell.idle()) {
                cell.verify();
                suspect(brokerId, "a broker has seen version " + shard.getValue() + " of " + shard.getKey());
                return;
            }
        }
        suspectedSince.remove(brokerId);
    }

    /** A suspicion that survives a re-read is no late message: the store itself is older. */
    private void suspect(int brokerId, String reason) {
        long since = suspectedSince.computeIfAbsent(brokerId, id -> term.now());
        if (term.now() - since > REPEAT_NANOS && term.root().idle()) {
            term.safeMode(reason + ", the store has less");
        }
    }

    private static VersionVector newest(VersionVector installed, VersionVector pushed) {
        boolean behind = pushed.controllerEpoch() > installed.controllerEpoch()
                || pushed.storeGeneration() > installed.storeGeneration();
        if (behind) {
            return pushed;
        }
        var shards = new TreeMap<>(installed.shards());
        pushed.shards().forEach((name, version) -> shards.merge(name, version, Math::max));
        return new VersionVector(
                installed.storeGeneration(),
                installed.controllerEpoch(),
                Math.max(installed.registryVersion(), pushed.registryVersion()),
                shards);
    }
}
