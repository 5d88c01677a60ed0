// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.cluster.transport;

import io.eventfleet.core.cluster.image.Endpoint;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.util.concurrent.CompletionStage;

/**
 * Connections between brokers for the copying of records. Both ends know who the other is before a byte of it travels.
 * Thread-safe; nothing blocks.
 */
public interface ReplicationConnector {

    /**
     * An open connection with nothing but bytes on it. It does not read by itself until {@code autoRead} is set.
     *
     * @param channel the connection, which is the taker's to close
     * @param peer who is at the other end
     */
    record Opened(Channel channel, PeerIdentity peer) {}

    /** Takes connections that others have opened. */
    @FunctionalInterface
    interface Acceptor {
        /**
         * Called on the channel's event loop: add handlers to the end of its pipeline, which read whatever comes after.
         */
        void accept(Channel channel, PeerIdentity peer);
    }

    /** One of the event loops on which connections live. */
    EventLoop loop();

    /**
     * Opens a connection.
     *
     * @param on where it shall live, one of {@link #loop}
     * @return fails when the address cannot be reached or does not say in time who it is
     */
    CompletionStage<Opened> open(Endpoint address, EventLoop on);

    /** Gives connections that others open to this acceptor; before, they are refused. */
    void acceptWith(Acceptor acceptor);
}
