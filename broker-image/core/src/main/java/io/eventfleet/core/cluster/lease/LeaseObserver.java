// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.cluster.lease;

import io.eventfleet.core.cluster.store.Doc;
import io.eventfleet.core.cluster.store.LeaseDoc;
import io.eventfleet.core.cluster.store.Ref;
import java.time.Duration;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Judges other processes' Leases by the echo rule. All Leases come over one ordered watch, so an own renewal that
 * comes back on it proves that every earlier renewal of anybody was delivered before. A Lease counts as expired only if
 * an echoed own renewal was <em>sent</em> a Lease duration after the Lease's last change was delivered, with no gap
 * between echoes above a third of the duration; after a gap every window begins anew. No echo, no expiry: neither watch
 * lag nor an outage nor anybody's clock can expire a Lease.
 */
public final class LeaseObserver implements LeaseView {

    private static final long NEVER = Long.MIN_VALUE;

    private final long durationNanos;
    private final boolean echoRequired;
    private final SortedMap<Ref, Seen> seen = new TreeMap<>();
    private long lastEchoSentAt = NEVER;
    private long lastEchoSeenAt = NEVER;
    private boolean windowBroken = true;
    private long now = NEVER;

    private record Seen(@Nullable Doc doc, long freshAt) {}

    /**
     * @param duration of the Leases observed
     * @param echoRequired false only to show in the simulator what the rule is for
     */
    public LeaseObserver(Duration duration, boolean echoRequired) {
        this.durationNanos = duration.toNanos();
        this.echoRequired = echoRequired;
    }

    /** A Lease was delivered by the watch. */
    public void onWatched(long nowNanos, Ref ref, Optional<Doc> doc) {
        var before = seen.get(ref);
        boolean changed = before == null
                || before.doc() == null
                || doc.isEmpty()
                || !before.doc().resourceVersion().equals(doc.get().resourceVersion());
        if (changed || before == null) {
            seen.put(ref, new Seen(doc.orElse(null), nowNanos));
        }
    }

    /** The watch ended: changes may be missing. */
    public void onWatchEnded() {
        windowBroken = true;
    }

    /** An own renewal, sent at {@code sentAt}, was delivered by the watch. */
    public void onEcho(long sentAt, long nowNanos) {
        boolean gap = windowBroken || sentAt - lastEchoSentAt > durationNanos / 3;
        if (gap) {
            seen.replaceAll((ref, last) -> new Seen(last.doc(), nowNanos));
            windowBroken = false;
        }
        lastEchoSentAt = Math.max(lastEchoSentAt, sentAt);
        lastEchoSeenAt = nowNanos;
    }

    /** Time passes; only the variant without the echo rule looks at it. */
    public void onTime(long nowNanos) {
        now = nowNanos;
    }

    @Override
    public boolean expired(Ref lease) {
        var last = seen.get(lease);
        if (last == null) {
            return false;
        }
        if (last.doc() != null && last.doc().body() instanceof LeaseDoc body && body.holder() == null) {
            return true;
        }
        if (!echoRequired) {
            return now - last.freshAt() >= durationNanos;
        }
        return !windowBroken && lastEchoSentAt != NEVER && lastEchoSentAt - last.freshAt() >= durationNanos;
    }

    @Override
    public boolean echoFresh(long nowNanos) {
        return !windowBroken && lastEchoSeenAt != NEVER && nowNanos - lastEchoSeenAt <= durationNanos / 3;
    }
}
