// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.cluster.transport;

import io.eventfleet.server.cluster.transport.PeerFrame.Hello;
import io.eventfleet.server.cluster.transport.PeerFrame.MalformedFrameException;
import io.eventfleet.server.cluster.transport.ReplicationConnector.Opened;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import io.netty.handler.codec.LengthFieldPrepender;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The opening end of a connection for replication: says who it is and what it wants, hears who is at the other end, and
 * leaves the channel, no longer reading by itself, to whoever wanted it. Confined to the channel's event loop.
 */
final class ReplicationHandshake extends SimpleChannelInboundHandler<ByteBuf> {
    private final PeerIdentity self;
    private final Duration limit;
    private final CompletableFuture<Opened> opened;
    private @Nullable Future<?> timer;

    ReplicationHandshake(PeerIdentity self, Duration limit, CompletableFuture<Opened> opened) {
        this.self = self;
        this.limit = limit;
        this.opened = opened;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        PeerConnection.write(context.channel(), new Hello(self, PeerPurpose.REPLICATION));
        timer = context.executor()
                .schedule(
                        () -> fail(context, new IOException("the peer did not say who it is within " + limit)),
                        limit.toMillis(),
                        TimeUnit.MILLISECONDS);
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, ByteBuf bytes) throws MalformedFrameException {
        if (!(PeerFrame.Codec.decode(bytes) instanceof Hello(PeerIdentity peer, String ignored))
                || !peer.cluster().equals(self.cluster())) {
            fail(context, new IOException("the peer is not a broker of this cluster"));
            return;
        }
        context.channel().config().setAutoRead(false);
        stopTimer();
        var pipeline = context.pipeline();
        pipeline.remove(LengthFieldPrepender.class);
        pipeline.remove(this);
        opened.complete(new Opened(context.channel(), peer));
        pipeline.remove(LengthFieldBasedFrameDecoder.class);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        fail(context, new IOException("the peer closed the connection before it said who it is"));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        fail(context, cause);
    }

    private void fail(ChannelHandlerContext context, Throwable cause) {
        stopTimer();
        context.close();
        opened.completeExceptionally(cause);
    }

    private void stopTimer() {
        if (timer != null) {
            timer.cancel(false);
        }
    }
}
