// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.kubernetes;

import io.eventfleet.core.cluster.store.Doc;
import io.eventfleet.core.cluster.store.Kind;
import io.eventfleet.core.cluster.store.Ref;
import io.eventfleet.core.cluster.store.StoreEvent;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The watch of one kind, of which there is one at a time: a new one takes the place of the one before, whose late events
 * are dropped, so that the events of a kind are in the order of the store. Thread-safe; the sink is called under the
 * lock, to keep that order, and must not block.
 */
final class KindWatch {
    private final Kind kind;
    private final Consumer<StoreEvent> sink;
    private final Set<Ref> shown = new HashSet<>();
    private long turn;
    private @Nullable ObjectWatch open;

    KindWatch(Kind kind, Consumer<StoreEvent> sink) {
        this.kind = kind;
        this.sink = sink;
    }

    /** Ends the watch of the turn before and begins another turn, whose number every later call names. */
    long next() {
        ObjectWatch before;
        long begun;
        synchronized (this) {
            before = open;
            open = null;
            begun = ++turn;
        }
        // Outside of the lock: a watch that is telling of a change holds its own and waits for ours.
        if (before != null) {
            before.close();
        }
        return begun;
    }

    /** Makes the watch the one of this turn; false if the turn is over and the watch must not be opened. */
    synchronized boolean adopt(long ofTurn, ObjectWatch watch) {
        if (ofTurn != turn) {
            return false;
        }
        open = watch;
        return true;
    }

    /** Tells of all objects there are, and first of those that were shown before and are gone. */
    synchronized void announce(long ofTurn, List<Doc> docs) {
        if (ofTurn != turn) {
            return;
        }
        var gone = new HashSet<>(shown);
        docs.forEach(doc -> gone.remove(doc.ref()));
        gone.forEach(ref -> tell(ofTurn, ref, Optional.empty()));
        docs.forEach(doc -> tell(ofTurn, doc.ref(), Optional.of(doc)));
    }

    synchronized void tell(long ofTurn, Ref ref, Optional<Doc> doc) {
        if (ofTurn != turn) {
            return;
        }
        if (doc.isPresent()) {
            shown.add(ref);
        } else {
            shown.remove(ref);
        }
        sink.accept(new StoreEvent.Watched(ref, doc));
    }

    /** Tells that the watch of this turn is over. */
    synchronized void ended(long ofTurn) {
        if (ofTurn == turn) {
            open = null;
            sink.accept(new StoreEvent.WatchEnded(kind, true));
        }
    }
}
