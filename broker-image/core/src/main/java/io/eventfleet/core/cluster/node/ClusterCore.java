// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.cluster.node;

import io.eventfleet.core.cluster.ClusterEffect;
import io.eventfleet.core.cluster.ClusterEvent;
import io.eventfleet.core.cluster.Rng;
import io.eventfleet.core.cluster.broker.BrokerLifecycleCore;
import io.eventfleet.core.cluster.broker.DiskState;
import io.eventfleet.core.cluster.controller.ControllerCore;
import io.eventfleet.core.cluster.lease.ElectorCore;
import io.eventfleet.core.cluster.lease.LeaseObserver;
import io.eventfleet.core.cluster.message.Envelope;
import io.eventfleet.core.cluster.port.ClusterSettings;
import io.eventfleet.core.cluster.port.Guard;
import io.eventfleet.core.cluster.port.Guards;
import io.eventfleet.core.cluster.port.NodeEffect;
import io.eventfleet.core.cluster.port.NodeEvent;
import io.eventfleet.core.cluster.port.NodeIdentity;
import io.eventfleet.core.cluster.port.Signal;
import io.eventfleet.core.cluster.store.Kind;
import io.eventfleet.core.cluster.store.LeaseDoc;
import io.eventfleet.core.cluster.store.ObjectNames;
import io.eventfleet.core.cluster.store.RequestIds;
import io.eventfleet.core.cluster.store.StoreEffect;
import io.eventfleet.core.cluster.store.StoreEvent;
import io.eventfleet.core.step.Core;
import io.eventfleet.core.step.Effects;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * All cluster cores of one node as one state machine: the elector, the controller and the broker's life. Passes events
 * to whom they concern, signals between them, and messages of the node to itself. Single-threaded, like every core.
 */
public final class ClusterCore implements Core<ClusterEvent, ClusterEffect> {

    private static final long WATCH_RETRY_NANOS = 1_000_000_000L;

    private final NodeIdentity me;
    private final ObjectNames names;
    private final LeaseObserver observer;
    private final ElectorCore elector;
    private final ControllerCore controller;
    private final BrokerLifecycleCore broker;
    private final Deque<ClusterEvent> inside = new ArrayDeque<>();
    private boolean leading;
    private long leaseWatchAt = NO_DEADLINE;

    /**
     * @param identity who this process is
     * @param settings limits and intervals
     * @param disk what the disk said at start
     * @param rng source of ids and jitter
     */
    public ClusterCore(NodeIdentity identity, ClusterSettings settings, DiskState disk, Rng rng) {
        this(identity, settings, disk, rng, Guards.ALL);
    }

    /** @param guards {@link Guards#ALL} but in the simulator */
    public ClusterCore(NodeIdentity identity, ClusterSettings settings, DiskState disk, Rng rng, Guards guards) {
        this.me = identity;
        this.names = new ObjectNames(identity.cluster());
        this.observer = new LeaseObserver(settings.leases().duration(), guards.on(Guard.ECHO));
        var predecessor = disk.served() == null ? null : disk.served().incarnation();
        this.broker = new BrokerLifecycleCore(identity, disk, settings, rng, new RequestIds(1));
        this.elector =
                new ElectorCore(identity, predecessor, settings.leases(), new RequestIds(0), broker::rankWithout);
        var needs = new ControllerCore.Dependencies(identity, settings, guards, rng, new RequestIds(2));
        this.controller = new ControllerCore(needs, observer, broker::seen, broker::knowsCluster);
    }

    @Override
    public void step(long now, ClusterEvent event, Effects<ClusterEffect> out) {
        observer.onTime(now);
        inside.add(event);
        while (!inside.isEmpty()) {
            route(now, inside.remove(), effect -> keepOrEmit(effect, out));
        }
    }

    @Override
    public long nextDeadlineNanos() {
        long cores = Math.min(elector.nextDeadlineNanos(), broker.nextDeadlineNanos());
        return Math.min(leaseWatchAt, Math.min(cores, controller.nextDeadlineNanos()));
    }

    /** The broker's part, for health and metrics. */
    public BrokerLifecycleCore broker() {
        return broker;
    }

    private void route(long now, ClusterEvent event, Effects<ClusterEffect> out) {
        watchLeases(now, event, out);
        elector.step(now, event, out);
        broker.step(now, event, out);
        controller.step(now, event, out);
    }

    private void watchLeases(long now, ClusterEvent event, Effects<ClusterEffect> out) {
        switch (event) {
            case Signal.Elected elected -> {
                leading = true;
                observer.onWatchEnded();
                out.emit(new StoreEffect.Watch(Kind.LEASE));
            }
            case Signal.Deposed deposed -> stopWatching(out);
            case Signal.Resigned resigned -> stopWatching(out);
            case Signal.ReleaseRequested requested -> stopWatching(out);
            case StoreEvent.Watched watched when watched.ref().kind() == Kind.LEASE -> onLease(now, watched);
            case StoreEvent.WatchEnded ended
            when ended.kind() == Kind.LEASE -> {
                observer.onWatchEnded();
                leaseWatchAt = leading ? now + WATCH_RETRY_NANOS : NO_DEADLINE;
            }
            default -> {}
        }
        if (now >= leaseWatchAt) {
            leaseWatchAt = NO_DEADLINE;
            if (leading) {
                out.emit(new StoreEffect.Watch(Kind.LEASE));
            }
        }
    }

    private void stopWatching(Effects<ClusterEffect> out) {
        if (leading) {
            leading = false;
            out.emit(new StoreEffect.Unwatch(Kind.LEASE));
            out.emit(new StoreEffect.Unwatch(Kind.TOPIC));
        }
    }

    private void onLease(long now, StoreEvent.Watched watched) {
        observer.onWatched(now, watched.ref(), watched.doc());
        if (watched.ref().equals(names.controllerLease())) {
            watched.doc()
                    .map(doc -> (LeaseDoc) doc.body())
                    .flatMap(elector.keeper()::sentAt)
                    .ifPresent(sentAt -> observer.onEcho(sentAt, now));
        }
    }

    private void keepOrEmit(ClusterEffect effect, Effects<ClusterEffect> out) {
        if (effect instanceof Signal signal) {
            inside.add(signal);
        } else if (effect instanceof NodeEffect.Send send && isMe(send)) {
            inside.add(new NodeEvent.Received(send.envelope()));
        } else {
            out.emit(effect);
        }
    }

    private boolean isMe(NodeEffect.Send send) {
        Envelope envelope = send.envelope();
        return envelope.dstId() == me.brokerId()
                && send.to().equals(me.internal())
                && (envelope.dstIncarnation() == null
                        || envelope.dstIncarnation().equals(me.incarnation()));
    }
}
