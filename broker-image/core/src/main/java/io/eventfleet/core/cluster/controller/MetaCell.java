// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.cluster.controller;

import io.eventfleet.core.cluster.port.Guard;
import io.eventfleet.core.cluster.store.Doc;
import io.eventfleet.core.cluster.store.FencedBody;
import io.eventfleet.core.cluster.store.Outcome;
import io.eventfleet.core.cluster.store.Ref;
import io.eventfleet.core.cluster.store.StoreEffect;
import io.eventfleet.core.cluster.store.StoreEvent;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One stored object as its only writer sees it: the last durable content, commands waiting, and at most one write in
 * flight (ST1 to ST3). After an UNKNOWN outcome the object stays open until a fencing write, or a re-read that shows
 * the open write applied (A2); nothing may be decided from an open object.
 */
final class MetaCell<B extends FencedBody> {

    private static final long FIRST_TIMEOUT_MS = 3_000;
    private static final long MAX_TIMEOUT_MS = 30_000;
    private static final long READ_TIMEOUT_MS = 30_000;
    private static final long FIRST_BACKOFF_NANOS = 500_000_000L;
    private static final long MAX_BACKOFF_NANOS = 30_000_000_000L;

    private final Term term;
    private final Class<B> type;
    private final Ref ref;
    private final List<Change<B>> waiting = new ArrayList<>();
    private final List<Change<B>> writing = new ArrayList<>();
    private final Set<String> openVersions = new HashSet<>();

    private B durable;
    private String resourceVersion;
    private @Nullable B attempted;
    private long pendingReq = -1;
    private boolean reading;
    private boolean readDue;
    private boolean claimed;
    private long timeoutMs = FIRST_TIMEOUT_MS;
    private long backoffNanos = FIRST_BACKOFF_NANOS;
    private long notBefore = Long.MIN_VALUE;
    /** When what waits is written at the latest; commands that can wait let others join them in one write. */
    private long writeAt = Long.MAX_VALUE;

    MetaCell(Term term, Class<B> type, Doc read) {
        this.term = term;
        this.type = type;
        this.ref = read.ref();
        this.durable = type.cast(read.body());
        this.resourceVersion = read.resourceVersion();
    }

    Ref ref() {
        return ref;
    }

    /** The last content known to be durable. Decide from it only if {@link #settled()}. */
    B durable() {
        return durable;
    }

    /** Content under this term's epoch, and no write of unknown outcome that may still be applied. */
    boolean settled() {
        return claimed && !open();
    }

    /** What commands see: in-flight and waiting ones are not in it. With the guard off, it shows what is not durable. */
    B visible() {
        return term.guards().on(Guard.DURABLE_BEFORE_ANSWER) || attempted == null ? durable : attempted;
    }

    /** True if nothing is under way but commands that can wait. */
    boolean idle() {
        return (waiting.isEmpty() || writeAt > term.now()) && writing.isEmpty() && pendingReq < 0;
    }

    /** Queues a command to be written at once. */
    void enqueue(Change<B> change) {
        enqueueWithin(change, 0);
    }

    /** Queues a command to be written within so many nanoseconds, with whatever else comes until then (§3.4). */
    void enqueueWithin(Change<B> change, long lingerNanos) {
        waiting.add(change);
        writeAt = Math.min(writeAt, term.now() + lingerNanos);
    }

    /** Reads the object: somebody claims to know a newer state. */
    void verify() {
        if (pendingReq < 0) {
            readDue = true;
        }
    }

    /** End of a back-off; everything else that a cell waits for is an answer, and answers come as events. */
    long deadline(long now) {
        if (pendingReq >= 0) {
            return Long.MAX_VALUE;
        }
        boolean due = readDue || open() || !claimed;
        long at = due ? notBefore : waiting.isEmpty() ? Long.MAX_VALUE : Math.max(notBefore, writeAt);
        return at > now ? at : Long.MAX_VALUE;
    }

    /** Writes what is waiting, if nothing is in flight. True if commands were completed without a write. */
    boolean flush(long now) {
        if (pendingReq >= 0 || now < notBefore) {
            return false;
        }
        if (readDue) {
            read();
            return false;
        }
        boolean fencing = open() || (!claimed && term.guards().on(Guard.CLAIM));
        if (waiting.isEmpty() && !fencing) {
            claimed = true;
            return false;
        }
        if (now < writeAt && !fencing) {
            return false;
        }
        B next = durable;
        for (Change<B> change : waiting) {
            next = change.apply(next);
        }
        if (next.equals(durable) && !fencing) {
            claimed = true;
            writeAt = Long.MAX_VALUE;
            complete(waiting);
            return true;
        }
        if (!term.tryBeginWrite()) {
            return false;
        }
        writing.addAll(waiting);
        waiting.clear();
        writeAt = Long.MAX_VALUE;
        attempted = type.cast(next.withFence(durable.fence().next(term.epoch(), term.nextToken())));
        pendingReq = term.nextRequest(this);
        reading = false;
        term.emit(new StoreEffect.Put(pendingReq, ref, resourceVersion, attempted, timeoutMs));
        return false;
    }

    void onReply(long now, StoreEvent.Reply reply) {
        if (reply.reqId() != pendingReq) {
            return;
        }
        pendingReq = -1;
        if (reading && reply instanceof StoreEvent.Got got) {
            onRead(now, got);
        } else if (reply instanceof StoreEvent.PutDone put) {
            term.endWrite();
            onWritten(now, put);
        }
    }

    private void onWritten(long now, StoreEvent.PutDone put) {
        switch (put.outcome()) {
            case OK -> applied(put.resourceVersion());
            case CONFLICT -> readDue = true;
            case UNKNOWN -> {
                if (!openVersions.add(resourceVersion)) {
                    backOff(now);
                }
                timeoutMs = Math.min(MAX_TIMEOUT_MS, timeoutMs * 2);
                readDue = true;
            }
            case REJECTED -> {
                term.warn("write to metadata refused", "object", ref.toString());
                backOff(now);
                readDue = true;
            }
        }
        if (put.outcome() != Outcome.OK && !term.guards().on(Guard.FENCE_UNKNOWN)) {
            openVersions.clear();
        }
    }

    private void onRead(long now, StoreEvent.Got got) {
        if (!got.answered()) {
            backOff(now);
            return;
        }
        readDue = false;
        if (got.doc().isEmpty()) {
            term.safeMode(ref + " is missing");
            return;
        }
        var found = type.cast(got.doc().get().body());
        String foundVersion = got.doc().get().resourceVersion();
        var fence = found.fence();
        var known = durable.fence();
        if (!fence.clusterId().equals(known.clusterId())) {
            term.safeMode(ref + " belongs to another cluster");
        } else if (fence.storeGeneration() < known.storeGeneration()
                || (fence.storeGeneration() == known.storeGeneration() && fence.version() < known.version())) {
            term.safeMode(ref + " is older than what was written");
        } else if (fence.controllerEpoch() > term.epoch()) {
            term.resign("a higher controller epoch is in " + ref, false);
        } else if (fence.controllerEpoch() == term.epoch() && !term.wrote(fence.writeToken())) {
            term.resign("another controller claimed the same epoch in " + ref, false);
        } else if (attempted != null
                && fence.writeToken().equals(attempted.fence().writeToken())) {
            applied(foundVersion);
        } else {
            adopt(found, foundVersion);
        }
    }

    /** The write is in the store: commands that it carried are done. */
    private void applied(String version) {
        if (attempted == null) {
            return;
        }
        durable = attempted;
        attempted = null;
        resourceVersion = version;
        openVersions.clear();
        claimed = true;
        timeoutMs = FIRST_TIMEOUT_MS;
        backoffNanos = FIRST_BACKOFF_NANOS;
        complete(writing);
    }

    /** Something else is in the store: the commands run again on it. */
    private void adopt(B found, String version) {
        durable = found;
        resourceVersion = version;
        openVersions.retainAll(Set.of(version));
        attempted = null;
        waiting.addAll(0, writing);
        writing.clear();
        writeAt = waiting.isEmpty() ? Long.MAX_VALUE : term.now();
    }

    private void complete(List<Change<B>> done) {
        var completed = List.copyOf(done);
        done.clear();
        for (Change<B> change : completed) {
            change.durable(durable);
        }
    }

    private boolean open() {
        return openVersions.contains(resourceVersion);
    }

    private void read() {
        pendingReq = term.nextRequest(this);
        reading = true;
        term.emit(new StoreEffect.Get(pendingReq, ref, READ_TIMEOUT_MS));
    }

    private void backOff(long now) {
        notBefore = now + backoffNanos;
        backoffNanos = Math.min(MAX_BACKOFF_NANOS, backoffNanos * 2);
    }
}
