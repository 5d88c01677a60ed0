// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.cluster.transport;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.eventfleet.core.cluster.message.Envelope;
import io.eventfleet.server.cluster.transport.PeerFrame.Hello;
import io.eventfleet.server.cluster.transport.PeerFrame.Mail;
import io.eventfleet.server.cluster.transport.PeerFrame.MalformedFrameException;
import io.eventfleet.server.cluster.transport.PeerFrame.Ping;
import io.eventfleet.server.cluster.transport.PeerFrame.Pong;
import io.eventfleet.server.cluster.transport.PeerFrame.Unknown;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import io.netty.handler.codec.LengthFieldPrepender;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One TCP connection with another broker. The end that opened it sends messages and asks for signs of life, so that a
 * connection into nowhere is replaced in seconds; the end that accepted it receives, and closes it when it falls idle,
 * unless the peer wants it for a purpose of its own. All methods run on the connection's event loop.
 */
final class PeerConnection extends SimpleChannelInboundHandler<ByteBuf> {
    private static final Logger LOG = LoggerFactory.getLogger(PeerConnection.class);

    private final PeerIdentity self;
    private final boolean opener;
    private final TransportSettings settings;
    private final Events events;

    private @Nullable Channel channel;
    private @Nullable PeerIdentity peer;
    private @Nullable Future<?> watchdog;
    private long heardNanos;

    /** What the owner of a connection hears. */
    interface Events {
        /** Both ends have identified themselves. */
        default void identified(PeerConnection connection) {}

        default void received(Envelope envelope) {}

        /**
         * The peer opened this connection to do something else than to send messages. From now on it belongs to whoever
         * takes it: no frame is read or written here any more, and {@link #closed} is not told.
         *
         * @return false if nobody takes connections of this purpose
         */
        default boolean takenFor(String purpose, PeerIdentity peer, Channel channel) {
            return false;
        }

        /** The connection is gone. Called once. */
        default void closed(PeerConnection connection) {}
    }

    PeerConnection(PeerIdentity self, boolean opener, TransportSettings settings, Events events) {
        this.self = self;
        this.opener = opener;
        this.settings = settings;
        this.events = events;
    }

    boolean identified() {
        return peer != null;
    }

    /** Sends a message; a receiver that has fallen too far behind loses its connection instead of our memory. */
    void send(Envelope envelope) {
        var open = channel;
        if (open == null || !open.isActive()) {
            return;
        }
        if (!open.isWritable()) {
            LOG.atWarn().addKeyValue("broker", envelope.dstId()).log("peer reads too slowly, connection closed");
            open.close();
            return;
        }
        write(open, new Mail(EnvelopeJson.toJson(envelope)));
    }

    void close() {
        if (channel != null) {
            channel.close();
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        channel = context.channel();
        heardNanos = System.nanoTime();
        write(context.channel(), new Hello(self, PeerPurpose.MESSAGES));
        long everyMs = settings.probeInterval().toMillis();
        watchdog = context.executor().scheduleAtFixedRate(this::watch, everyMs, everyMs, TimeUnit.MILLISECONDS);
    }

    private void watch() {
        var open = channel;
        if (open == null) {
            return;
        }
        var limit = opener ? settings.probeTimeout() : settings.idleTimeout();
        if (System.nanoTime() - heardNanos > limit.toNanos()) {
            LOG.atDebug().addKeyValue("peer", peer).log("connection is silent, closed");
            open.close();
        } else if (opener) {
            write(open, new Ping());
        }
    }

    private void stopWatching() {
        if (watchdog != null) {
            watchdog.cancel(false);
        }
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, ByteBuf bytes) throws MalformedFrameException {
        var frame = PeerFrame.Codec.decode(bytes);
        heardNanos = System.nanoTime();
        switch (frame) {
            case Hello(PeerIdentity sender, String purpose) -> identify(sender, purpose, context);
            case Ping ignored -> write(context.channel(), new Pong());
            case Pong ignored -> {}
            case Mail(JsonNode envelope) -> deliver(envelope);
            case Unknown(String type) ->
                LOG.atDebug().addKeyValue("frame", type).log("unknown frame ignored");
        }
    }

    private void identify(PeerIdentity sender, String purpose, ChannelHandlerContext context) {
        if (peer != null || !sender.cluster().equals(self.cluster())) {
            LOG.atWarn()
                    .addKeyValue("broker", sender.brokerId())
                    .addKeyValue("cluster", sender.cluster())
                    .log("connection of another cluster refused");
            close();
            return;
        }
        peer = sender;
        if (purpose.equals(PeerPurpose.MESSAGES)) {
            events.identified(this);
        } else {
            handOver(sender, purpose, context);
        }
    }

    private void handOver(PeerIdentity sender, String purpose, ChannelHandlerContext context) {
        if (opener || !events.takenFor(purpose, sender, context.channel())) {
            LOG.atWarn()
                    .addKeyValue("broker", sender.brokerId())
                    .addKeyValue("purpose", purpose)
                    .log("connection of unknown purpose refused");
            close();
            return;
        }
        stopWatching();
        channel = null;
        var pipeline = context.pipeline();
        pipeline.remove(LengthFieldPrepender.class);
        pipeline.remove(this);
        // Last, for it passes on what it has read beyond the hello.
        pipeline.remove(LengthFieldBasedFrameDecoder.class);
    }

    private void deliver(JsonNode json) {
        var sender = peer;
        Envelope envelope;
        try {
            envelope = EnvelopeJson.fromJson(json);
        } catch (JsonProcessingException | IllegalArgumentException e) {
            // A message type of a newer version: the sender repeats what matters in a form that we know, or waits.
            LOG.atWarn()
                    .addKeyValue("peer", sender)
                    .addKeyValue("cause", e.toString())
                    .log("message not understood");
            return;
        }
        boolean genuine = sender != null
                && envelope.srcId() == sender.brokerId()
                && envelope.srcIncarnation().equals(sender.incarnation());
        if (genuine) {
            events.received(envelope);
        } else {
            LOG.atWarn().addKeyValue("peer", sender).log("message of somebody else, connection closed");
            close();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        stopWatching();
        channel = null;
        events.closed(this);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        LOG.atDebug()
                .addKeyValue("peer", peer)
                .addKeyValue("cause", cause.toString())
                .log("connection failed");
        context.close();
    }

    static void write(Channel channel, PeerFrame frame) {
        channel.writeAndFlush(Unpooled.wrappedBuffer(PeerFrame.Codec.encode(frame)), channel.voidPromise());
    }
}
