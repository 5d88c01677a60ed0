// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.cluster.controller;

import io.eventfleet.core.cluster.VersionVector;
import io.eventfleet.core.cluster.store.Doc;
import io.eventfleet.core.cluster.store.Fence;
import io.eventfleet.core.cluster.store.Kind;
import io.eventfleet.core.cluster.store.Outcome;
import io.eventfleet.core.cluster.store.RegistryDoc;
import io.eventfleet.core.cluster.store.RootDoc;
import io.eventfleet.core.cluster.store.ShardDoc;
import io.eventfleet.core.cluster.store.StoreEffect;
import io.eventfleet.core.cluster.store.StoreEvent;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads everything by one list per kind, checks that nothing is missing or older than what this broker has installed,
 * and claims: the root, then the registry, then every shard, so that no older controller's write can succeed any more
 * (W1). Nothing is answered, pushed or elected before it is complete (rule 2).
 */
final class Takeover {

    private static final long LIST_TIMEOUT_MS = 30_000;
    private static final long RETRY_NANOS = 1_000_000_000L;

    private final Term term;
    private final VersionVector seenByMe;
    private final boolean knowsCluster;
    private final Map<Kind, List<Doc>> lists = new EnumMap<>(Kind.class);
    private long retryAt = Long.MAX_VALUE;
    private boolean creatingRegistry;

    /**
     * @param seenByMe newest metadata installed on this broker's disk
     * @param knowsCluster whether this broker's disk belongs to a cluster already
     */
    Takeover(Term term, VersionVector seenByMe, boolean knowsCluster) {
        this.term = term;
        this.seenByMe = seenByMe;
        this.knowsCluster = knowsCluster;
    }

    void begin() {
        for (var kind : List.of(Kind.ROOT, Kind.REGISTRY, Kind.SHARD, Kind.TOPIC)) {
            list(kind);
        }
    }

    /** Topic resources as read at takeover. */
    List<Doc> topics() {
        return lists.getOrDefault(Kind.TOPIC, List.of());
    }

    long deadline() {
        return retryAt;
    }

    void tick(long now) {
        if (now >= retryAt) {
            retryAt = Long.MAX_VALUE;
            for (var kind : List.of(Kind.ROOT, Kind.REGISTRY, Kind.SHARD, Kind.TOPIC)) {
                if (!lists.containsKey(kind)) {
                    list(kind);
                }
            }
        }
    }

    /** True once every listed object carries this term's epoch. */
    boolean complete() {
        return term.phase() == Term.Phase.CLAIMING
                && term.root().settled()
                && term.registry().settled()
                && term.shards().values().stream().allMatch(MetaCell::settled);
    }

    private void list(Kind kind) {
        long reqId = term.nextRequest(reply -> {
            if (term.phase() != Term.Phase.READING || !(reply instanceof StoreEvent.Listed listed)) {
                return;
            }
            if (listed.answered()) {
                lists.put(kind, listed.docs());
                if (lists.size() == 4) {
                    check();
                }
            } else {
                retryAt = term.now() + RETRY_NANOS;
            }
        });
        term.emit(new StoreEffect.ListAll(reqId, kind, LIST_TIMEOUT_MS));
    }

    private void again(Kind kind) {
        lists.remove(kind);
        retryAt = term.now() + RETRY_NANOS;
    }

    private List<Doc> found(Kind kind) {
        return lists.getOrDefault(kind, List.of());
    }

    private void check() {
        var rootDoc = find(Kind.ROOT, term.names().root().name());
        if (rootDoc == null) {
            if (knowsCluster) {
                term.safeMode("the root object is missing");
            } else {
                again(Kind.ROOT);
            }
            return;
        }
        var root = (RootDoc) rootDoc.body();
        if (root.fence().storeGeneration() == seenByMe.storeGeneration()
                && root.fence().controllerEpoch() < seenByMe.controllerEpoch()) {
            term.safeMode("the root object is older than what this broker has seen");
            return;
        }
        var registryDoc = find(Kind.REGISTRY, term.names().registry().name());
        if (registryDoc == null) {
            createRegistry(root);
            return;
        }
        for (String shard : root.shards()) {
            var doc = find(Kind.SHARD, shard);
            if (doc == null) {
                term.safeMode("shard " + shard + " is listed and missing");
                return;
            }
            if (older((ShardDoc) doc.body(), shard)) {
                term.safeMode("shard " + shard + " is older than what this broker has seen");
                return;
            }
        }
        claim(rootDoc, root, registryDoc);
    }

    private boolean older(ShardDoc shard, String name) {
        return shard.fence().storeGeneration() == seenByMe.storeGeneration()
                && shard.fence().version() < seenByMe.shards().getOrDefault(name, 0L);
    }

    private @Nullable Doc find(Kind kind, String name) {
        return found(kind).stream()
                .filter(doc -> doc.ref().name().equals(name))
                .findFirst()
                .orElse(null);
    }

    private void claim(Doc rootDoc, RootDoc root, Doc registryDoc) {
        int epoch = Math.max(root.fence().controllerEpoch(), seenByMe.controllerEpoch()) + 1;
        term.beginClaim(epoch);
        var rootCell = new MetaCell<>(term, RootDoc.class, rootDoc);
        rootCell.enqueue(
                current -> current.claimedBy(term.me().brokerId(), term.me().incarnation()));
        term.setRoot(rootCell);
        term.setRegistry(new MetaCell<>(term, RegistryDoc.class, registryDoc));
        for (String name : root.shards()) {
            var doc = find(Kind.SHARD, name);
            if (doc != null) {
                term.shards().put(name, new MetaCell<>(term, ShardDoc.class, doc));
            }
        }
    }

    /** Before any broker epoch was given there need not be a registry; afterwards there must be one. */
    private void createRegistry(RootDoc root) {
        if (root.nextBrokerEpoch() != RootDoc.FIRST_BROKER_EPOCH) {
            term.safeMode("the broker registry is missing");
            return;
        }
        if (creatingRegistry) {
            return;
        }
        creatingRegistry = true;
        var fence = new Fence(root.fence().storeGeneration(), root.fence().clusterId(), 0, 1, "created");
        long reqId = term.nextRequest(reply -> {
            creatingRegistry = false;
            boolean refused = reply instanceof StoreEvent.PutDone put && put.outcome() == Outcome.REJECTED;
            if (refused) {
                term.warn("creation of the registry refused");
            }
            again(Kind.REGISTRY);
            if (!refused) {
                retryAt = term.now();
            }
        });
        term.emit(new StoreEffect.Create(
                reqId, term.names().registry(), new RegistryDoc(fence, new TreeMap<>()), LIST_TIMEOUT_MS));
    }
}
