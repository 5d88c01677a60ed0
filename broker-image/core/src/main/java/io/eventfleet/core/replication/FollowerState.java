// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.replication;

import java.time.Duration;

/**
 * What a leader knows of one other replica. All of it but the history of its membership belongs to one incarnation and
 * begins anew with the next.
 */
final class FollowerState {
    private static final long UNKNOWN_OFFSET = -1;
    private static final long NO_EPOCH = -1;
    /** A moment that has not come yet. */
    private static final long NEVER = Long.MIN_VALUE;

    private final int id;
    private long brokerEpoch = NO_EPOCH;
    private long offset = UNKNOWN_OFFSET;
    private long logStartOffset = UNKNOWN_OFFSET;
    private long fetchedAt = NEVER;
    private long leaderEndAtFetch;
    private long caughtUpAt = NEVER;
    private long completeSince = NEVER;

    private long leftIsrAt = NEVER;
    private boolean flapping;

    FollowerState(int id) {
        this.id = id;
    }

    int id() {
        return id;
    }

    /** Epoch of the incarnation that fetched last, or -1. */
    long brokerEpoch() {
        return brokerEpoch;
    }

    /** Offset after its last durable record, or -1 while it has not fetched from this leader. */
    long offset() {
        return offset;
    }

    /** First offset that it keeps, or -1. */
    long logStartOffset() {
        return logStartOffset;
    }

    boolean hasFetched() {
        return fetchedAt != NEVER;
    }

    /** Another incarnation, of which nothing is known. */
    void forget() {
        brokerEpoch = NO_EPOCH;
        offset = UNKNOWN_OFFSET;
        logStartOffset = UNKNOWN_OFFSET;
        fetchedAt = NEVER;
        caughtUpAt = NEVER;
        completeSince = NEVER;
    }

    /** Counts a member as caught up now, if it never was: it has the whole lag time from here on. */
    void grantLag(long now) {
        if (caughtUpAt == NEVER) {
            caughtUpAt = now;
        }
    }

    /**
     * Takes note of a fetch. Caught up is who has everything that the leader had at the fetch before this one: nobody can
     * have what was written meanwhile.
     */
    void fetched(long now, ReplicaFetch fetch, long leaderEnd) {
        if (fetch.fetchOffset() >= leaderEnd) {
            caughtUpAt = now;
        } else if (hasFetched() && fetch.fetchOffset() >= leaderEndAtFetch) {
            caughtUpAt = caughtUpAt == NEVER || fetchedAt - caughtUpAt > 0 ? fetchedAt : caughtUpAt;
        }
        brokerEpoch = fetch.brokerEpoch();
        offset = fetch.fetchOffset();
        logStartOffset = fetch.logStartOffset();
        fetchedAt = now;
        leaderEndAtFetch = leaderEnd;
    }

    /**
     * Follows how long it could have been a member.
     *
     * @param complete true when it has everything that a member must have
     */
    void noteCompleteness(long now, boolean complete) {
        if (!complete) {
            completeSince = NEVER;
        } else if (completeSince == NEVER) {
            completeSince = now;
        }
    }

    boolean hasBeenCompleteFor(long now, Duration time) {
        return completeSince != NEVER && now - completeSince >= time.toNanos();
    }

    boolean hasFetchedWithin(long now, Duration time) {
        return fetchedAt != NEVER && now - fetchedAt <= time.toNanos();
    }

    boolean wasCaughtUpWithin(long now, Duration lag) {
        return caughtUpAt != NEVER && now - caughtUpAt <= lag.toNanos();
    }

    /** First moment at which {@link #wasCaughtUpWithin} is false, if nothing is fetched any more. */
    long lagsFrom(Duration lag) {
        return caughtUpAt + lag.toNanos() + 1;
    }

    /** It is not a member any more. */
    void leftIsr(long now, Duration flapWindow) {
        flapping = leftIsrAt != NEVER && now - leftIsrAt <= flapWindow.toNanos();
        leftIsrAt = now;
    }

    /** True when it left twice in short time. */
    boolean isFlapping() {
        return flapping;
    }
}
