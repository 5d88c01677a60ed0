// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.cluster;

import io.eventfleet.core.cluster.store.Body;
import io.eventfleet.core.cluster.store.Doc;
import io.eventfleet.core.cluster.store.FencedBody;
import io.eventfleet.core.cluster.store.Kind;
import io.eventfleet.core.cluster.store.Outcome;
import io.eventfleet.core.cluster.store.Ref;
import io.eventfleet.core.cluster.store.StoreEffect;
import io.eventfleet.core.cluster.store.StoreEvent;
import io.eventfleet.core.cluster.store.TopicDoc;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/**
 * A store that several nodes of one JVM share: compare-and-swap on versions, the fence rule of the metadata objects, one
 * ordered watch per kind. Answers come on a thread of its own.
 */
final class InMemoryStore implements AutoCloseable {
    private final ExecutorService thread = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("in-memory-store").daemon().factory());
    private final Map<Ref, Doc> objects = new TreeMap<>();
    private final List<Watcher> watchers = new ArrayList<>();
    private long lastVersion;

    private record Watcher(Kind kind, Consumer<StoreEvent> sink) {}

    /** A connection of one node; closing it is what the node's death looks like. */
    final class Connection implements StorePort, AutoCloseable {
        private final Consumer<StoreEvent> sink;
        private volatile boolean closed;

        private Connection(Consumer<StoreEvent> sink) {
            this.sink = event -> {
                if (!closed) {
                    sink.accept(event);
                }
            };
        }

        @Override
        public void carryOut(StoreEffect effect) {
            thread.execute(() -> {
                if (!closed) {
                    InMemoryStore.this.carryOut(effect, sink);
                }
            });
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    Connection connect(Consumer<StoreEvent> sink) {
        return new Connection(sink);
    }

    /** Writes as somebody outside of the cluster does. */
    void put(Ref ref, Body body) {
        thread.execute(() -> store(ref, body));
    }

    private void carryOut(StoreEffect effect, Consumer<StoreEvent> sink) {
        switch (effect) {
            case StoreEffect.Get get ->
                sink.accept(new StoreEvent.Got(get.reqId(), true, Optional.ofNullable(objects.get(get.ref()))));
            case StoreEffect.ListAll list ->
                sink.accept(new StoreEvent.Listed(list.reqId(), true, ofKind(list.kind())));
            case StoreEffect.Create create ->
                sink.accept(
                        objects.containsKey(create.ref())
                                ? new StoreEvent.PutDone(create.reqId(), Outcome.CONFLICT, "")
                                : stored(create.reqId(), create.ref(), create.body()));
            case StoreEffect.Put put -> sink.accept(replace(put));
            case StoreEffect.Watch watch -> {
                ofKind(watch.kind()).forEach(doc -> sink.accept(new StoreEvent.Watched(doc.ref(), Optional.of(doc))));
                watchers.removeIf(watcher -> watcher.sink() == sink && watcher.kind() == watch.kind());
                watchers.add(new Watcher(watch.kind(), sink));
            }
            case StoreEffect.Unwatch unwatch ->
                watchers.removeIf(watcher -> watcher.sink() == sink && watcher.kind() == unwatch.kind());
        }
    }

    private StoreEvent replace(StoreEffect.Put put) {
        var present = objects.get(put.ref());
        if (present == null || !present.resourceVersion().equals(put.expectedVersion())) {
            return new StoreEvent.PutDone(put.reqId(), Outcome.CONFLICT, "");
        }
        if (!passesFence(present.body(), put.body())) {
            return new StoreEvent.PutDone(put.reqId(), Outcome.REJECTED, "");
        }
        return stored(put.reqId(), put.ref(), put.body());
    }

    private StoreEvent stored(long reqId, Ref ref, Body body) {
        return new StoreEvent.PutDone(reqId, Outcome.OK, store(ref, body));
    }

    private String store(Ref ref, Body body) {
        var version = Long.toString(++lastVersion);
        var doc = new Doc(ref, version, body instanceof TopicDoc topic ? withUid(topic) : body);
        objects.put(ref, doc);
        watchers.stream().filter(watcher -> watcher.kind() == ref.kind()).forEach(watcher -> watcher.sink()
                .accept(new StoreEvent.Watched(ref, Optional.of(doc))));
        return version;
    }

    private static TopicDoc withUid(TopicDoc topic) {
        return new TopicDoc(
                topic.uid().isEmpty() ? UUID.randomUUID().toString() : topic.uid(),
                topic.topicName(),
                topic.partitions(),
                topic.replicationFactor(),
                topic.config(),
                topic.assignment(),
                topic.createdAt(),
                topic.deleting(),
                topic.finalizer(),
                topic.restore(),
                topic.deletionConfirmed(),
                topic.deletionDelayMs());
    }

    private static boolean passesFence(Body before, Body after) {
        if (!(before instanceof FencedBody old && after instanceof FencedBody next)) {
            return true;
        }
        return next.fence().storeGeneration() > old.fence().storeGeneration()
                || (next.fence().storeGeneration() == old.fence().storeGeneration()
                        && next.fence().controllerEpoch() >= old.fence().controllerEpoch()
                        && next.fence().version() == old.fence().version() + 1);
    }

    private List<Doc> ofKind(Kind kind) {
        return objects.values().stream().filter(doc -> doc.ref().kind() == kind).toList();
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
