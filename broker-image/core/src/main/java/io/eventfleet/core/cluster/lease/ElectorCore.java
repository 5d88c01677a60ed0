// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.cluster.lease;

import io.eventfleet.core.cluster.ClusterEffect;
import io.eventfleet.core.cluster.ClusterEvent;
import io.eventfleet.core.cluster.port.ClusterSettings;
import io.eventfleet.core.cluster.port.NodeEffect;
import io.eventfleet.core.cluster.port.NodeEvent;
import io.eventfleet.core.cluster.port.NodeIdentity;
import io.eventfleet.core.cluster.port.Signal;
import io.eventfleet.core.cluster.store.LeaseDoc;
import io.eventfleet.core.cluster.store.LeaseHolder;
import io.eventfleet.core.cluster.store.ObjectNames;
import io.eventfleet.core.cluster.store.RequestIds;
import io.eventfleet.core.cluster.store.StoreEvent;
import io.eventfleet.core.step.Core;
import io.eventfleet.core.step.Effects;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Elects the controller by the Lease {@code <cluster>-controller}. Holding it begins a term; missing the renewal
 * deadline only puts it in doubt (A11); only proof of another holder ends it. Nothing here is needed for safety:
 * epochs fence whoever is wrong about the Lease.
 */
public final class ElectorCore implements Core<ClusterEvent, ClusterEffect> {

    private static final long SECOND = 1_000_000_000L;
    /** After a resignation in favour of others, the time given to them (A10). */
    private static final long YIELD_NANOS = 4 * SECOND;

    private final NodeIdentity me;
    private final ClusterSettings.Leases settings;
    private final LeaseKeeper keeper;
    private final HolderWatch watch;
    private final IntUnaryOperator rankWithout;
    private boolean leading;
    private boolean inDoubt;
    private boolean ending;
    private boolean releaseSaid;
    private boolean yielding;
    /** The own storage stands still: a controller here could neither be trusted nor fence its own broker (S23). */
    private boolean unfit;

    private long againAt = NO_DEADLINE;
    private @Nullable LeaseHolder announced;
    private @Nullable LeaseHolder deceased;

    /**
     * @param predecessor incarnation recorded on this broker's disk, or null
     * @param rankWithout how many live brokers other than the given one come before this one, by id
     */
    public ElectorCore(
            NodeIdentity me,
            @Nullable UUID predecessor,
            ClusterSettings.Leases settings,
            RequestIds ids,
            IntUnaryOperator rankWithout) {
        this.me = me;
        this.settings = settings;
        var ref = new ObjectNames(me.cluster()).controllerLease();
        this.keeper = new LeaseKeeper(ref, me.holder(), me.internal(), predecessor, settings, ids);
        this.watch = new HolderWatch(me);
        this.rankWithout = rankWithout;
    }

    @Override
    public void step(long now, ClusterEvent event, Effects<ClusterEffect> out) {
        switch (event) {
            case StoreEvent.Reply reply -> {
                keeper.onReply(now, reply);
                watch.onLease(now, keeper.doc());
            }
            case NodeEvent.PeerFailed failed -> {
                if (watch.onFailure(now, failed)) {
                    keeper.hint(now);
                }
            }
            case NodeEvent.StorageStalled stall -> {
                unfit = stall.stalled();
                keeper.holdOffUntil(unfit ? NO_DEADLINE : now);
            }
            case NodeEvent.Received received ->
                watch.onHeard(received.envelope().srcIncarnation());
            case Signal.ControllerHinted hinted -> keeper.hint(now);
            case Signal.Resigned resigned -> onResigned(now, resigned.release());
            case Signal.ReleaseRequested requested -> {
                ending = true;
                keeper.release(now);
            }
            default -> {}
        }
        if (event instanceof NodeEvent || event instanceof StoreEvent.Reply || event instanceof Signal) {
            seizeFromTheDead(now, out);
            keeper.act(now, settings.controllerRenewal().toNanos(), out);
        }
        judge(now, out);
    }

    /** S21: a standby that knows the holder's process to be gone does not wait for the Lease to expire. */
    private void seizeFromTheDead(long now, Effects<ClusterEffect> out) {
        if (!standsBy()) {
            return;
        }
        watch.probe(now, out);
        var holder = keeper.doc()
                .map(doc -> ((LeaseDoc) doc.body()).holder())
                .map(LeaseHolder::brokerId)
                .orElse(me.brokerId());
        var dead = watch.deceased(now, rankWithout.applyAsInt(holder));
        if (dead.isPresent() && keeper.seize(now)) {
            deceased = dead.get();
            var keys = new TreeMap<>(Map.of("holder", dead.get().identity()));
            out.emit(new NodeEffect.Report(
                    NodeEffect.Severity.INFO, "the controller's address refuses connections, taking its Lease", keys));
        }
    }

    /** The keeper of the controller Lease, for recognising own renewals on the watch. */
    public LeaseKeeper keeper() {
        return keeper;
    }

    @Override
    public long nextDeadlineNanos() {
        long doubtAt = leading && !inDoubt && keeper.renewedAt() != Long.MIN_VALUE
                ? keeper.renewedAt() + settings.controllerDeadline().toNanos()
                : NO_DEADLINE;
        long probeAt = standsBy() ? watch.deadline() : NO_DEADLINE;
        return Math.min(Math.min(keeper.deadline(), againAt), Math.min(doubtAt, probeAt));
    }

    private boolean standsBy() {
        return !ending && !leading && keeper.state() == LeaseKeeper.State.WAITING;
    }

    private void onResigned(long now, boolean release) {
        leading = false;
        inDoubt = false;
        if (release) {
            yielding = true;
            keeper.release(now);
        } else {
            keeper.hint(now);
            againAt = now + SECOND;
        }
    }

    private void judge(long now, Effects<ClusterEffect> out) {
        if (now >= againAt) {
            againAt = NO_DEADLINE;
        }
        switch (keeper.state()) {
            case HELD -> held(now, out);
            case WAITING -> {
                deceased = null;
                depose(out);
            }
            case RELEASED -> released(now, out);
            case READING, TAKING, RELEASING -> doubt(now, out);
        }
        announceHolder(out);
    }

    private void held(long now, Effects<ClusterEffect> out) {
        if (!leading && !ending && !yielding && againAt == NO_DEADLINE) {
            leading = true;
            announceHolder(out);
            out.emit(new Signal.Elected(deceased));
            deceased = null;
        }
        doubt(now, out);
    }

    private void doubt(long now, Effects<ClusterEffect> out) {
        boolean late = now - keeper.renewedAt() >= settings.controllerDeadline().toNanos();
        if (leading && late != inDoubt) {
            inDoubt = late;
            out.emit(new Signal.LeaseInDoubt(late));
        }
    }

    private void depose(Effects<ClusterEffect> out) {
        if (leading) {
            leading = false;
            inDoubt = false;
            out.emit(new Signal.Deposed());
        }
    }

    private void released(long now, Effects<ClusterEffect> out) {
        depose(out);
        if (ending) {
            if (!releaseSaid) {
                releaseSaid = true;
                out.emit(new Signal.Released());
            }
        } else if (yielding) {
            yielding = false;
            keeper.contendAfter(unfit ? NO_DEADLINE : now + YIELD_NANOS);
            keeper.act(now, settings.controllerRenewal().toNanos(), out);
        }
    }

    private void announceHolder(Effects<ClusterEffect> out) {
        var lease = keeper.current();
        if (lease.isEmpty() || lease.get().holder() == null || lease.get().internal() == null) {
            return;
        }
        var holder = lease.get().holder();
        if (!holder.equals(announced) && (leading || !holder.equals(me.holder()))) {
            announced = holder;
            out.emit(new Signal.ControllerSeen(holder, lease.get().internal()));
        }
    }
}
