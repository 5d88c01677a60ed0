// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.fetch;

import io.eventfleet.server.fetch.FetchTarget.Key;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What one consumer fetches again and again, so that it need not repeat itself and the broker answers only what changed
 * (KIP-227). Guarded by its own lock.
 */
final class FetchSession {
    private static final long UNKNOWN_OFFSET = -1;

    private final int id;
    private final boolean usesTopicIds;
    /** In the order in which they are read: whoever got records goes to the end. */
    private final Map<Key, Entry> entries = new LinkedHashMap<>();

    private int nextEpoch;

    /** A partition of the session, and what the consumer was last told of it. */
    private static final class Entry {
        private FetchTarget target;
        private long toldHighWatermark = UNKNOWN_OFFSET;
        private long toldLogStartOffset = UNKNOWN_OFFSET;

        Entry(FetchTarget target) {
            this.target = target;
        }
    }

    FetchSession(int id, boolean usesTopicIds, Collection<FetchResult> told) {
        this.id = id;
        this.usesTopicIds = usesTopicIds;
        this.nextEpoch = 1;
        told.forEach(result -> entries.put(result.target().key(), new Entry(result.target())));
        changed(told);
    }

    int id() {
        return id;
    }

    boolean usesTopicIds() {
        return usesTopicIds;
    }

    /** Counts the request if it is the next one. */
    synchronized boolean advance(int epoch) {
        if (epoch != nextEpoch) {
            return false;
        }
        nextEpoch = epoch == Integer.MAX_VALUE ? 1 : epoch + 1;
        return true;
    }

    /** Adds, changes and removes partitions. */
    synchronized void update(Collection<FetchTarget> changed, Collection<Key> forgotten) {
        for (var target : changed) {
            var entry = entries.get(target.key());
            if (entry == null) {
                entries.put(target.key(), new Entry(target));
            } else {
                entry.target = target;
            }
        }
        forgotten.forEach(entries::remove);
    }

    synchronized List<FetchTarget> targets() {
        return entries.values().stream().map(entry -> entry.target).toList();
    }

    synchronized int size() {
        return entries.size();
    }

    /** Picks the results that the consumer must be told, and remembers them as told. */
    synchronized List<FetchResult> changed(Collection<FetchResult> results) {
        var news = new ArrayList<FetchResult>();
        for (var result : results) {
            var entry = entries.get(result.target().key());
            if (entry == null) {
                continue;
            }
            var data = result.data();
            if (result.bytes() > 0
                    || data.errorCode() != 0
                    || data.divergingEpoch().epoch() >= 0
                    || data.highWatermark() != entry.toldHighWatermark
                    || data.logStartOffset() != entry.toldLogStartOffset) {
                news.add(result);
            }
            // An error is told every time, so nothing counts as told with it.
            entry.toldHighWatermark = data.errorCode() == 0 ? data.highWatermark() : UNKNOWN_OFFSET;
            entry.toldLogStartOffset = data.errorCode() == 0 ? data.logStartOffset() : UNKNOWN_OFFSET;
            if (result.bytes() > 0) {
                entries.remove(result.target().key());
                entries.put(result.target().key(), entry);
            }
        }
        return news;
    }
}
