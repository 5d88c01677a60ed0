// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.cluster.broker;

import io.eventfleet.core.cluster.message.Envelope;
import io.eventfleet.core.cluster.message.Message;
import java.util.UUID;

/**
 * Whether a broker hears from anybody who could tell it that it leads no more: the store, by its own Lease, or a
 * controller (S19, rule 26). Being alone begins after ten seconds without either and ends with the next word of a
 * controller (B4), for an answering store alone says nothing about leaders. A controller on this very broker counts only
 * while it can write to the store.
 */
final class Solitude {

    private static final long LIMIT_NANOS = 10_000_000_000L;

    private final UUID me;
    private long controllerHeardAt = Long.MIN_VALUE;
    private boolean alone;

    Solitude(UUID me) {
        this.me = me;
    }

    /** A controller that may be believed has spoken. */
    void heard(long now, Envelope envelope) {
        boolean own = envelope.srcIncarnation().equals(me);
        boolean cannotWrite = !(envelope.message() instanceof Message.HeartbeatAck ack) || ack.readOnly();
        if (!own || !cannotWrite) {
            controllerHeardAt = now;
            alone = false;
        }
    }

    /**
     * Judges anew.
     *
     * @param leaseRenewedAt when the own Lease was last known to be renewed
     * @return whether the broker is alone
     */
    boolean judge(long now, long leaseRenewedAt) {
        long heardAt = Math.max(controllerHeardAt, leaseRenewedAt);
        alone |= heardAt != Long.MIN_VALUE && now - heardAt >= LIMIT_NANOS;
        return alone;
    }
}
