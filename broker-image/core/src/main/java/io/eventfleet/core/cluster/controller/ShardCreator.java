// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.cluster.controller;

import io.eventfleet.core.cluster.store.Doc;
import io.eventfleet.core.cluster.store.Fence;
import io.eventfleet.core.cluster.store.Outcome;
import io.eventfleet.core.cluster.store.RootDoc;
import io.eventfleet.core.cluster.store.ShardDoc;
import io.eventfleet.core.cluster.store.StoreEffect;
import io.eventfleet.core.cluster.store.StoreEvent;
import java.util.ArrayList;
import java.util.TreeMap;

/**
 * Creates shard objects one at a time (A12): the object, empty and claimed; then its name in the root; only then may lines be
 * written. A crash in between leaves an unlisted, empty object, which the next creation finds and uses.
 */
final class ShardCreator {

    private static final long TIMEOUT_MS = 5_000;
    private static final long RETRY_NANOS = 1_000_000_000L;

    private final Term term;
    private boolean busy;
    private long notBefore = Long.MIN_VALUE;

    ShardCreator(Term term) {
        this.term = term;
    }

    /** Begins to create a shard unless one is being created. */
    void request() {
        if (busy || term.now() < notBefore) {
            return;
        }
        busy = true;
        int shardId = term.shards().values().stream()
                        .mapToInt(cell -> cell.durable().shardId())
                        .max()
                        .orElse(-1)
                + 1;
        var rootFence = term.root().durable().fence();
        var fence = new Fence(rootFence.storeGeneration(), rootFence.clusterId(), term.epoch(), 1, term.nextToken());
        var shard = new ShardDoc(fence, shardId, new TreeMap<>(), new TreeMap<>());
        var ref = term.names().shard(shardId);
        long reqId = term.nextRequest(reply -> {
            if (reply instanceof StoreEvent.PutDone put && put.outcome() == Outcome.REJECTED) {
                term.warn("new shard refused", "object", ref.toString());
                failed();
            } else {
                read(shardId);
            }
        });
        term.emit(new StoreEffect.Create(reqId, ref, shard, TIMEOUT_MS));
    }

    private void read(int shardId) {
        long reqId = term.nextRequest(reply -> {
            if (reply instanceof StoreEvent.Got got
                    && got.answered()
                    && got.doc().isPresent()) {
                claim(got.doc().get());
            } else {
                failed();
            }
        });
        term.emit(new StoreEffect.Get(reqId, term.names().shard(shardId), TIMEOUT_MS));
    }

    private void claim(Doc doc) {
        var shard = (ShardDoc) doc.body();
        if (shard.fence().controllerEpoch() > term.epoch()) {
            term.resign("a higher controller epoch is in " + doc.ref(), false);
            return;
        }
        if (shard.lineCount() > 0) {
            term.safeMode(doc.ref() + " is not listed in the root and yet has partitions");
            return;
        }
        var cell = new MetaCell<>(term, ShardDoc.class, doc);
        cell.enqueue(new Change<ShardDoc>() {
            @Override
            public ShardDoc apply(ShardDoc current) {
                return current;
            }

            @Override
            public void durable(ShardDoc now) {
                list(cell);
            }
        });
        term.incubate(cell);
    }

    /** The object is there and claimed; now its name goes into the root. */
    private void list(MetaCell<ShardDoc> cell) {
        String name = cell.ref().name();
        term.root().enqueue(new Change<RootDoc>() {
            @Override
            public RootDoc apply(RootDoc current) {
                if (current.shards().contains(name)) {
                    return current;
                }
                var names = new ArrayList<>(current.shards());
                names.add(name);
                return current.withShards(names);
            }

            @Override
            public void durable(RootDoc now) {
                busy = false;
                term.shards().put(name, cell);
                term.incubate(null);
            }
        });
    }

    private void failed() {
        busy = false;
        notBefore = term.now() + RETRY_NANOS;
    }
}
