// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.cluster.transport;

import io.eventfleet.core.cluster.image.Endpoint;
import io.eventfleet.core.cluster.message.Envelope;

/** Hears what other brokers say. Called on the transport's threads, for one connection always on the same: implementations must not block. */
public interface PeerListener {

    /** A message, of the very process that its envelope names as the sender. */
    void onMessage(Envelope envelope);

    /**
     * The connection on which messages for this broker were sent has ended, or could not be made.
     *
     * @param refused true when nobody listens at the address, false when an established connection ended. An attempt
     *     that timed out is not told: it is silence, which proves nothing
     * @param attemptedAtNanos when the attempt that was refused began, or when the connection ended, on the clock of
     *     {@link System#nanoTime}
     */
    void onFailure(int brokerId, Endpoint address, boolean refused, long attemptedAtNanos);
}
