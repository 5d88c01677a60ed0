// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.cluster.controller;

import io.eventfleet.core.cluster.BrokerEntry;
import io.eventfleet.core.cluster.ClusterEffect;
import io.eventfleet.core.cluster.ClusterEvent;
import io.eventfleet.core.cluster.Rng;
import io.eventfleet.core.cluster.VersionVector;
import io.eventfleet.core.cluster.lease.LeaseView;
import io.eventfleet.core.cluster.port.ClusterSettings;
import io.eventfleet.core.cluster.port.Guards;
import io.eventfleet.core.cluster.port.NodeEffect;
import io.eventfleet.core.cluster.port.NodeEffect.Role;
import io.eventfleet.core.cluster.port.NodeEvent;
import io.eventfleet.core.cluster.port.NodeIdentity;
import io.eventfleet.core.cluster.port.Signal;
import io.eventfleet.core.cluster.store.Kind;
import io.eventfleet.core.cluster.store.RequestIds;
import io.eventfleet.core.cluster.store.StoreEffect;
import io.eventfleet.core.cluster.store.StoreEvent;
import io.eventfleet.core.step.Core;
import io.eventfleet.core.step.Effects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The controller of a cluster, while this process holds the role. It owns the order of things (claim, then act) and
 * hands every concern to its own decider; all state of a term is dropped with the term (rule 14).
 */
public final class ControllerCore implements Core<ClusterEvent, ClusterEffect> {

    private static final long SAFE_MODE_RETRY_NANOS = 10_000_000_000L;
    private static final long LONG_AGO = Long.MIN_VALUE / 2;

    private final Term.Node node;
    private final LeaseView leases;
    private final Supplier<VersionVector> seenByMe;
    private final Supplier<Boolean> knowsCluster;
    private @Nullable ActingController acting;
    private long lastYieldAt = LONG_AGO;
    private long safeModeUntil = NO_DEADLINE;
    private Role role = Role.FOLLOWER;

    /** What a controller needs of the node that it runs on. */
    public record Dependencies(NodeIdentity me, ClusterSettings settings, Guards guards, Rng rng, RequestIds ids) {}

    /**
     * @param leases judgement about brokers' Leases
     * @param seenByMe newest metadata on this broker's disk
     * @param knowsCluster whether this broker's disk belongs to a cluster already
     */
    public ControllerCore(
            Dependencies needs, LeaseView leases, Supplier<VersionVector> seenByMe, Supplier<Boolean> knowsCluster) {
        this.node = new Term.Node(needs.me(), needs.settings(), needs.guards(), needs.rng(), needs.ids());
        this.leases = leases;
        this.seenByMe = seenByMe;
        this.knowsCluster = knowsCluster;
    }

    @Override
    public void step(long now, ClusterEvent event, Effects<ClusterEffect> out) {
        if (event instanceof Signal.Elected elected && acting == null) {
            acting = new ActingController(new Term(node), leases, lastYieldAt, elected.deceased());
            acting.begin(now, seenByMe.get(), knowsCluster.get(), out);
            out.emit(new StoreEffect.Watch(Kind.TOPIC));
        }
        if (acting == null) {
            return;
        }
        if (event instanceof Signal.Deposed || event instanceof Signal.ReleaseRequested) {
            end(acting, out);
            return;
        }
        var current = acting;
        if (event instanceof NodeEvent.StorageStalled stall && stall.stalled()) {
            current.term().resign("the storage of this broker stands still", true);
        }
        current.step(now, event, out);
        lastYieldAt = current.lastYieldAt();
        var term = current.term();
        if (term.phase() == Term.Phase.SAFE_MODE && safeModeUntil == NO_DEADLINE) {
            safeModeUntil = now + SAFE_MODE_RETRY_NANOS;
        }
        if (now >= safeModeUntil) {
            term.resign("safe mode: looking again", false);
        }
        announceRole(term, out);
        term.resignation().ifPresent(why -> {
            term.info("controller term ended", "reason", why.reason());
            end(current, out);
            out.emit(new Signal.Resigned(why.release()));
        });
    }

    @Override
    public long nextDeadlineNanos() {
        return acting == null ? NO_DEADLINE : Math.min(safeModeUntil, acting.deadline());
    }

    private void end(ActingController ending, Effects<ClusterEffect> out) {
        acting = null;
        safeModeUntil = NO_DEADLINE;
        role = Role.FOLLOWER;
        out.emit(new NodeEffect.RoleChanged(Role.FOLLOWER, ending.term().epoch()));
    }

    private void announceRole(Term term, Effects<ClusterEffect> out) {
        var next =
                switch (term.phase()) {
                    case READING, CLAIMING -> Role.CLAIMING;
                    case ACTIVE -> term.readOnly() ? Role.READ_ONLY_CONTROLLER : Role.CONTROLLER;
                    case SAFE_MODE -> Role.SAFE_MODE;
                    case OVER -> Role.FOLLOWER;
                };
        if (next != role) {
            role = next;
            if (next != Role.SAFE_MODE && next != Role.FOLLOWER) {
                out.emit(new NodeEffect.RoleChanged(next, term.epoch()));
            }
        }
    }

    /** True for answers to this core's requests. */
    public boolean owns(StoreEvent.Reply reply) {
        return node.ids().owns(reply.reqId());
    }

    /** The entry of the sender if it is the registered process. */
    static boolean fromRegistered(BrokerEntry entry, NodeEvent.Received received) {
        return entry.incarnation().equals(received.envelope().srcIncarnation());
    }
}
