// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.fetch;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

/**
 * The incremental fetch sessions of a broker, up to a number of slots. When all are taken, the one that was used least
 * recently goes, unless it was used in the last two minutes; then the newcomer fetches without a session. Thread-safe.
 */
public final class FetchSessions {
    private static final long MIN_IDLE_NANOS = 120_000_000_000L;

    private final int slots;
    private final LongSupplier nanoTime;
    private final IntSupplier randomIds;
    private final LinkedHashMap<Integer, Slot> byId = new LinkedHashMap<>(16, 0.75f, true);

    private record Slot(FetchSession session, long[] usedAtNanos) {}

    /**
     * @param slots {@code max.incremental.fetch.session.cache.slots}
     * @param nanoTime monotonic clock
     * @param randomIds source of session ids, so that ids of an earlier process are not taken for ones of this
     */
    public FetchSessions(int slots, LongSupplier nanoTime, IntSupplier randomIds) {
        this.slots = slots;
        this.nanoTime = nanoTime;
        this.randomIds = randomIds;
    }

    synchronized Optional<FetchSession> find(int id) {
        var slot = byId.get(id);
        if (slot == null) {
            return Optional.empty();
        }
        slot.usedAtNanos()[0] = nanoTime.getAsLong();
        return Optional.of(slot.session());
    }

    synchronized Optional<FetchSession> create(boolean usesTopicIds, Collection<FetchResult> told) {
        if (told.isEmpty() || !makeRoom()) {
            return Optional.empty();
        }
        int id;
        do {
            id = randomIds.getAsInt() & Integer.MAX_VALUE;
        } while (id == 0 || byId.containsKey(id));
        var session = new FetchSession(id, usesTopicIds, told);
        byId.put(id, new Slot(session, new long[] {nanoTime.getAsLong()}));
        return Optional.of(session);
    }

    synchronized void remove(int id) {
        byId.remove(id);
    }

    /** Sessions that are kept now. */
    public synchronized int size() {
        return byId.size();
    }

    private boolean makeRoom() {
        if (byId.size() < slots) {
            return true;
        }
        for (Map.Entry<Integer, Slot> eldest : byId.entrySet()) {
            if (nanoTime.getAsLong() - eldest.getValue().usedAtNanos()[0] < MIN_IDLE_NANOS) {
                return false;
            }
            byId.remove(eldest.getKey());
            return true;
        }
        return false;
    }
}
