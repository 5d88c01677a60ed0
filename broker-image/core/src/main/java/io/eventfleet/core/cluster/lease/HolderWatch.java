// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.cluster.lease;

import io.eventfleet.core.cluster.ClusterEffect;
import io.eventfleet.core.cluster.image.Endpoint;
import io.eventfleet.core.cluster.message.Envelope;
import io.eventfleet.core.cluster.message.Message;
import io.eventfleet.core.cluster.port.NodeEffect;
import io.eventfleet.core.cluster.port.NodeEvent;
import io.eventfleet.core.cluster.port.NodeIdentity;
import io.eventfleet.core.cluster.store.Doc;
import io.eventfleet.core.cluster.store.LeaseDoc;
import io.eventfleet.core.cluster.store.LeaseHolder;
import io.eventfleet.core.step.Core;
import io.eventfleet.core.step.Effects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a standby knows of the process that holds the controller Lease (S21). Evidence of its death is that its address,
 * as it stands in the Lease, refuses connections again and again: attempts that began after the present version of the
 * Lease was read, without a word from that process in between. An ended connection only makes the standby ask; timeouts
 * and silence are nothing at all, for they look the same when it is the standby that is cut off.
 */
final class HolderWatch {

    /** One refusal may be a restart of the listener or a rule of a firewall being changed. */
    private static final int CONCLUSIVE_REFUSALS = 3;

    private static final long MILLISECOND = 1_000_000L;
    private static final long PROBE_NANOS = 100 * MILLISECOND;
    /** Probes of a standby whose turn has not come. */
    private static final long WAITING_PROBE_NANOS = 500 * MILLISECOND;
    /** How long an ended connection or a refusal counts; longer than connections pause between attempts. */
    private static final long RECENT_NANOS = 2_000 * MILLISECOND;
    /** Lead of each standby over the next one, so that they do not all run for the Lease. */
    private static final long TURN_NANOS = 2_000 * MILLISECOND;

    private static final long LONG_AGO = Long.MIN_VALUE / 2;

    private final NodeIdentity me;
    private @Nullable Doc lease;
    private long leaseReadAt;
    private long suspectedAt = LONG_AGO;
    private long refusedAt = LONG_AGO;
    private long conclusiveAt;
    private int refusals;
    private long probeAt = Core.NO_DEADLINE;

    HolderWatch(NodeIdentity me) {
        this.me = me;
    }

    /** The Lease was read. Evidence about another version of it does not count; a suspicion stays with its process. */
    void onLease(long now, Optional<Doc> read) {
        var before = holder();
        boolean same = lease != null
                && read.isPresent()
                && lease.resourceVersion().equals(read.get().resourceVersion());
        if (same) {
            return;
        }
        lease = read.orElse(null);
        leaseReadAt = now;
        refusals = 0;
        if (!before.equals(holder())) {
            clear();
        }
    }

    /** A connection failed. True if it makes a suspicion that was not there: the Lease is worth a look. */
    boolean onFailure(long now, NodeEvent.PeerFailed failed) {
        boolean about = holder().filter(holder -> holder.brokerId() == failed.brokerId())
                        .isPresent()
                && address().filter(failed.address()::equals).isPresent();
        if (!about) {
            return false;
        }
        boolean fresh = !suspected(now);
        suspectedAt = now;
        if (failed.failure() == NodeEvent.PeerFailure.REFUSED && failed.attemptedAt() >= leaseReadAt) {
            refusedAt = now;
            if (++refusals == CONCLUSIVE_REFUSALS) {
                conclusiveAt = now;
            }
        }
        if (fresh) {
            probeAt = now;
        }
        return fresh;
    }

    /** A process spoke: if it is the holder, it lives. */
    void onHeard(UUID incarnation) {
        if (holder().filter(holder -> holder.incarnation().equals(incarnation)).isPresent()) {
            clear();
        }
    }

    /** Asks whether anybody listens at the holder's address, if it is time and there is a suspicion. */
    void probe(long now, Effects<ClusterEffect> out) {
        if (now < probeAt) {
            return;
        }
        var holder = holder();
        var address = address();
        if (!suspected(now) || holder.isEmpty() || address.isEmpty()) {
            clear();
            return;
        }
        probeAt = now + (refusals < CONCLUSIVE_REFUSALS ? PROBE_NANOS : WAITING_PROBE_NANOS);
        var envelope = new Envelope(
                me.brokerId(), me.incarnation(), -1, -1, holder.get().brokerId(), null, new Message.Ping());
        out.emit(new NodeEffect.Send(address.get(), envelope));
    }

    /**
     * The holder, if its process is gone and it is this standby's turn.
     *
     * @param rank standbys that come before this one
     */
    Optional<LeaseHolder> deceased(long now, int rank) {
        boolean conclusive = refusals >= CONCLUSIVE_REFUSALS && now - refusedAt <= RECENT_NANOS;
        return conclusive && now - conclusiveAt >= rank * TURN_NANOS ? holder() : Optional.empty();
    }

    long deadline() {
        return probeAt;
    }

    private boolean suspected(long now) {
        return now - suspectedAt <= RECENT_NANOS;
    }

    private void clear() {
        refusals = 0;
        suspectedAt = LONG_AGO;
        refusedAt = LONG_AGO;
        probeAt = Core.NO_DEADLINE;
    }

    private Optional<LeaseDoc> body() {
        return Optional.ofNullable(lease).map(doc -> (LeaseDoc) doc.body());
    }

    private Optional<LeaseHolder> holder() {
        return body().map(LeaseDoc::holder);
    }

    private Optional<Endpoint> address() {
        return body().map(LeaseDoc::internal);
    }
}
