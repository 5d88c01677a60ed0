// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.cluster.lease;

import io.eventfleet.core.cluster.ClusterEffect;
import io.eventfleet.core.cluster.image.Endpoint;
import io.eventfleet.core.cluster.port.ClusterSettings;
import io.eventfleet.core.cluster.store.Doc;
import io.eventfleet.core.cluster.store.LeaseDoc;
import io.eventfleet.core.cluster.store.LeaseHolder;
import io.eventfleet.core.cluster.store.Outcome;
import io.eventfleet.core.cluster.store.Ref;
import io.eventfleet.core.cluster.store.RequestIds;
import io.eventfleet.core.cluster.store.StoreEffect;
import io.eventfleet.core.cluster.store.StoreEvent;
import io.eventfleet.core.step.Core;
import io.eventfleet.core.step.Effects;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Takes one Lease for this process and keeps it. A Lease of somebody else is taken when it is released, when it is the
 * own predecessor's (A9), or when linearizable reads have shown it unchanged for its duration without a gap between
 * them above a third of it: reads of one's own, so that neither lag nor an outage nor clocks can mislead. Whoever knows
 * that the holder's process is gone may {@link #seize} it earlier.
 *
 * <pre>
 * READING → WAITING (somebody else's) → TAKING → HELD → RELEASING → RELEASED
 *              ↑___________________________|  (lost the race, or proof of another holder)
 * </pre>
 */
public final class LeaseKeeper {

    private static final int REMEMBERED_RENEWALS = 16;
    private static final long RETRY_NANOS = 1_000_000_000;

    private final Ref ref;
    private final LeaseHolder me;
    private final Endpoint address;
    private final @Nullable UUID predecessor;
    private final ClusterSettings.Leases settings;
    private final RequestIds ids;

    private State state = State.READING;
    private @Nullable Doc doc;
    private long pendingReq = -1;
    private long pendingSentAt;
    private boolean pendingIsWrite;
    private long nextActionAt = Long.MIN_VALUE;
    private long renewal;
    private final long[] renewalSentAt = new long[REMEMBERED_RENEWALS];
    private long renewedAt = Long.MIN_VALUE;
    private long unchangedSince = Long.MIN_VALUE;
    private long lastReadSentAt = Long.MIN_VALUE;
    private long holdOffUntil = Long.MIN_VALUE;
    private @Nullable LeaseDoc written;
    private boolean releasing;

    /** Where the keeper stands. */
    public enum State {
        READING,
        WAITING,
        TAKING,
        HELD,
        RELEASING,
        RELEASED
    }

    /**
     * @param predecessor incarnation recorded on the disk that this process has locked, or null
     */
    public LeaseKeeper(
            Ref ref,
            LeaseHolder me,
            Endpoint address,
            @Nullable UUID predecessor,
            ClusterSettings.Leases settings,
            RequestIds ids) {
        this.ref = ref;
        this.me = me;
        this.address = address;
        this.predecessor = predecessor;
        this.settings = settings;
        this.ids = ids;
    }

    public State state() {
        return state;
    }

    /** Who held it when it was read last. */
    public Optional<LeaseDoc> current() {
        return doc == null ? Optional.empty() : Optional.of((LeaseDoc) doc.body());
    }

    /** The object as it was read or written last. */
    Optional<Doc> doc() {
        return Optional.ofNullable(doc);
    }

    /** When the last renewal that is known to have got through was sent. */
    public long renewedAt() {
        return renewedAt;
    }

    /** When the renewal with this number was sent, if it is one of this process and not long ago. */
    public Optional<Long> sentAt(LeaseDoc seen) {
        boolean mine = me.equals(seen.holder());
        if (!mine || seen.renewal() > renewal || seen.renewal() <= renewal - REMEMBERED_RENEWALS) {
            return Optional.empty();
        }
        return Optional.of(renewalSentAt[(int) (seen.renewal() % REMEMBERED_RENEWALS)]);
    }

    /** Does what is due. Call after every event and at the deadline. */
    public void act(long now, long renewalIntervalNanos, Effects<ClusterEffect> out) {
        if (pendingReq >= 0 || now < nextActionAt || state == State.RELEASED) {
            return;
        }
        switch (state) {
            case READING, WAITING -> read(now, out);
            case TAKING -> take(now, renewalIntervalNanos, out);
            case HELD -> write(now, me, renewalIntervalNanos, out);
            case RELEASING -> write(now, null, renewalIntervalNanos, out);
            case RELEASED -> {}
        }
    }

    /** Reads the Lease now: somebody has hinted at a change. */
    public void hint(long now) {
        if (state == State.WAITING || state == State.HELD) {
            nextActionAt = Math.min(nextActionAt, now);
        }
    }

    /**
     * Takes the Lease from its holder before it expires, by compare-and-swap on the version read last: a renewal since
     * then wins. False if that cannot be tried at the moment.
     */
    boolean seize(long now) {
        boolean possible = state == State.WAITING && pendingReq < 0 && doc != null && now >= holdOffUntil;
        if (possible) {
            state = State.TAKING;
            nextActionAt = now;
        }
        return possible;
    }

    /** Gives the Lease up; {@code RELEASED} when done, or when it is somebody else's already. */
    public void release(long now) {
        if (pendingReq >= 0) {
            releasing = true;
        } else if (state == State.HELD) {
            state = State.RELEASING;
            nextActionAt = now;
        } else if (state == State.READING && renewedAt != Long.MIN_VALUE) {
            releasing = true;
        } else if (state != State.RELEASING) {
            state = State.RELEASED;
        }
    }

    /** Becomes a candidate again after a release, but takes nothing before the given time. */
    public void contendAfter(long time) {
        holdOffUntil = time;
        if (state == State.RELEASED) {
            state = State.READING;
            nextActionAt = Long.MIN_VALUE;
            renewedAt = Long.MIN_VALUE;
        }
    }

    /** Takes nothing before the given time; what is held stays held. */
    void holdOffUntil(long time) {
        holdOffUntil = time;
    }

    /** Handles an answer to one of this keeper's requests; others are ignored. */
    public void onReply(long now, StoreEvent.Reply reply) {
        if (reply.reqId() != pendingReq) {
            return;
        }
        pendingReq = -1;
        if (reply instanceof StoreEvent.PutDone put && pendingIsWrite) {
            onWritten(now, put);
        } else if (reply instanceof StoreEvent.Got got) {
            onRead(now, got);
        }
    }

    /** When {@link #act} wants to be called. */
    public long deadline() {
        return pendingReq >= 0 || state == State.RELEASED ? Core.NO_DEADLINE : nextActionAt;
    }

    private void read(long now, Effects<ClusterEffect> out) {
        pendingReq = ids.next();
        pendingSentAt = now;
        pendingIsWrite = false;
        out.emit(new StoreEffect.Get(pendingReq, ref, settings.attemptTimeout().toMillis()));
    }

    private void take(long now, long interval, Effects<ClusterEffect> out) {
        if (doc == null) {
            var body = new LeaseDoc(me, settings.duration().toMillis(), 0, nextRenewal(now), address);
            written = body;
            nextActionAt = now + interval;
            pendingReq = ids.next();
            pendingSentAt = now;
            pendingIsWrite = true;
            out.emit(new StoreEffect.Create(
                    pendingReq, ref, body, settings.attemptTimeout().toMillis()));
        } else {
            write(now, me, interval, out);
        }
    }

    private void write(long now, @Nullable LeaseHolder holder, long interval, Effects<ClusterEffect> out) {
        if (doc == null) {
            state = State.READING;
            read(now, out);
            return;
        }
        var before = (LeaseDoc) doc.body();
        int transitions = me.equals(before.holder()) ? before.transitions() : before.transitions() + 1;
        var body = new LeaseDoc(holder, settings.duration().toMillis(), transitions, nextRenewal(now), address);
        pendingReq = ids.next();
        pendingSentAt = now;
        pendingIsWrite = true;
        nextActionAt = now + interval;
        out.emit(new StoreEffect.Put(
                pendingReq,
                ref,
                doc.resourceVersion(),
                body,
                settings.attemptTimeout().toMillis()));
        written = body;
    }

    private long nextRenewal(long now) {
        renewal++;
        renewalSentAt[(int) (renewal % REMEMBERED_RENEWALS)] = now;
        return renewal;
    }

    private void onWritten(long now, StoreEvent.PutDone put) {
        if (put.outcome() == Outcome.OK) {
            doc = new Doc(ref, put.resourceVersion(), Objects.requireNonNull(written));
            if (state == State.RELEASING) {
                state = State.RELEASED;
                releasing = false;
            } else {
                state = releasing ? State.RELEASING : State.HELD;
                renewedAt = pendingSentAt;
                nextActionAt = releasing ? now : Math.max(now, nextActionAt);
            }
        } else if (put.outcome() == Outcome.REJECTED) {
            nextActionAt = now + RETRY_NANOS;
        } else {
            reread(now, put.outcome() == Outcome.UNKNOWN);
        }
    }

    /** What stands in the Lease decides, not what an attempt seemed to do. */
    private void reread(long now, boolean later) {
        releasing |= state == State.RELEASING;
        state = State.READING;
        nextActionAt = later ? now + RETRY_NANOS / 4 : now;
    }

    private void onRead(long now, StoreEvent.Got got) {
        if (!got.answered()) {
            nextActionAt = now + RETRY_NANOS;
            return;
        }
        var before = doc;
        doc = got.doc().orElse(null);
        var holder = doc == null ? null : ((LeaseDoc) doc.body()).holder();
        noteRead(now, before, pendingSentAt);
        if (me.equals(holder) && doc != null) {
            sentAt((LeaseDoc) doc.body()).ifPresent(sent -> renewedAt = Math.max(renewedAt, sent));
            state = releasing ? State.RELEASING : State.HELD;
            nextActionAt = now;
        } else if (releasing) {
            state = State.RELEASED;
            releasing = false;
        } else if (mayTake(holder) && now >= holdOffUntil) {
            state = State.TAKING;
            nextActionAt = now;
        } else {
            state = State.WAITING;
            nextActionAt = now + settings.controllerRenewal().toNanos();
        }
    }

    private void noteRead(long now, @Nullable Doc before, long sentAt) {
        boolean same = before != null && doc != null && before.resourceVersion().equals(doc.resourceVersion());
        boolean gap = lastReadSentAt == Long.MIN_VALUE
                || sentAt - lastReadSentAt > settings.duration().toNanos() / 3;
        if (!same || gap || unchangedSince == Long.MIN_VALUE) {
            unchangedSince = now;
        }
        lastReadSentAt = sentAt;
    }

    private boolean mayTake(@Nullable LeaseHolder holder) {
        if (holder == null) {
            return true;
        }
        boolean ownPredecessor = holder.brokerId() == me.brokerId()
                && (holder.podUid().equals(me.podUid()) || holder.incarnation().equals(predecessor));
        return ownPredecessor
                || lastReadSentAt - unchangedSince >= settings.duration().toNanos();
    }
}
