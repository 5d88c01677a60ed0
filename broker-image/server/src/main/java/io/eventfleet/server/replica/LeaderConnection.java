// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.replica;

import io.eventfleet.protocol.RequestWriter;
import io.eventfleet.protocol.ResponseReader;
import io.eventfleet.protocol.ResponseReader.ReceivedResponse;
import io.eventfleet.protocol.UnreadableResponseException;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The fetching end of one connection: requests out, answers in, in the same order. An answer that is no answer, comes to
 * something that was not asked, or does not come in time ends the connection. Confined to the channel's event loop.
 */
final class LeaderConnection extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(LeaderConnection.class);

    private final Channel channel;
    private final String clientId;
    private final Duration answerLimit;
    private final Owner owner;
    private final ArrayDeque<Integer> unanswered = new ArrayDeque<>(ReplicaWire.MAX_REQUESTS);
    private @Nullable Future<?> timer;

    /** Who fetches over this connection. */
    interface Owner {
        /** An answer came; its frame is the owner's to release. */
        void answered(LeaderConnection connection, ReceivedResponse answer);

        /** The connection is gone. Called once. */
        void closed(LeaderConnection connection);
    }

    LeaderConnection(Channel channel, String clientId, Duration answerLimit, Owner owner) {
        this.channel = channel;
        this.clientId = clientId;
        this.answerLimit = answerLimit;
        this.owner = owner;
    }

    /** Requests that are not answered yet. */
    int unanswered() {
        return unanswered.size();
    }

    void send(int correlationId, FetchRequestData request) {
        unanswered.add(correlationId);
        channel.writeAndFlush(
                RequestWriter.write(
                        channel.alloc(), ApiKeys.FETCH, ReplicaWire.FETCH_VERSION, clientId, correlationId, request),
                channel.voidPromise());
        if (timer == null) {
            startTimer();
        }
    }

    void close() {
        channel.close();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        var frame = (ByteBuf) message;
        ReceivedResponse answer;
        try {
            answer = ResponseReader.read(frame, ApiKeys.FETCH, ReplicaWire.FETCH_VERSION);
        } catch (UnreadableResponseException e) {
            frame.release();
            giveUp(e.toString());
            return;
        }
        var expected = unanswered.poll();
        if (expected == null || expected != answer.correlationId()) {
            answer.frame().release();
            giveUp("an answer to " + answer.correlationId() + " where one to " + expected + " is due");
            return;
        }
        stopTimer();
        if (!unanswered.isEmpty()) {
            startTimer();
        }
        owner.answered(this, answer);
    }

    private void startTimer() {
        timer = channel.eventLoop()
                .schedule(
                        () -> giveUp("no answer within " + answerLimit), answerLimit.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void stopTimer() {
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
    }

    private void giveUp(String reason) {
        LOG.atWarn()
                .addKeyValue("leader", channel.remoteAddress())
                .addKeyValue("reason", reason)
                .log("replication connection closed");
        channel.close();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        stopTimer();
        owner.closed(this);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        LOG.atDebug()
                .addKeyValue("leader", channel.remoteAddress())
                .setCause(cause)
                .log("replication connection failed");
        context.close();
    }
}
