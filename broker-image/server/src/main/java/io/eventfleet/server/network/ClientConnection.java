// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.network;

import io.eventfleet.protocol.ErrorCodes;
import io.eventfleet.protocol.ReceivedRequest;
import io.eventfleet.protocol.RequestContext;
import io.eventfleet.protocol.RequestReader;
import io.eventfleet.protocol.ResponseWriter;
import io.eventfleet.protocol.UnreadableRequestException;
import io.eventfleet.server.api.CloseConnectionException;
import io.eventfleet.server.network.FrameAssembler.Frame;
import io.eventfleet.server.network.FrameAssembler.FrameException;
import io.eventfleet.server.network.NetworkMetrics.Refusal;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.protocol.ApiMessage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client connection. Answers leave in request order. Produce requests are worked on side by side up to a limit; any
 * other request starts when all earlier answers are written and lets none start before its own is, as Kafka does, so that
 * a connection holds at most one fetch answer in memory. While a limit is reached nothing is read from the socket, and
 * TCP holds the client back. Confined to the channel's event loop.
 */
final class ClientConnection extends ChannelInboundHandlerAdapter {
    /** Produce requests of one connection that are worked on side by side. */
    static final int MAX_OVERLAPPING_REQUESTS = 64;

    /** Time in which a frame must be complete when others wait for the memory that is kept for it, in seconds. */
    static final long SLOW_FRAME_S = 30;

    /** Pause before a frame that is late is looked at again, in seconds. */
    private static final long LATE_FRAME_CHECK_S = 1;

    private static final Logger LOG = LoggerFactory.getLogger(ClientConnection.class);

    private final ConnectionServices services;
    private final Channel channel;
    private final FrameAssembler frames;
    private final ArrayDeque<Exchange> inFlight = new ArrayDeque<>(4);
    private RequestContext.Caller caller;
    private @Nullable Waiting waiting;
    private long lastActiveNanos = System.nanoTime();
    /** The frame whose time is taken, by its number. */
    private long timedFrame;

    private @Nullable Future<?> frameTimer;
    private boolean flushPending;
    private boolean driving;
    private boolean draining;
    private boolean closed;

    /** A request that was read and may not start yet. */
    private record Waiting(ReceivedRequest request, RequestBudget.Claim claim) {}

    ClientConnection(ConnectionServices services, Channel channel, RequestContext.Caller caller) {
        this.services = services;
        this.channel = channel;
        this.caller = caller;
        this.frames = new FrameAssembler(
                channel.alloc(),
                Math.min(
                        services.limits().requests().maxRequestBytes(),
                        services.budget().maxFrameBytes()),
                services.budget(),
                this::onBudget);
        scheduleIdleCheck(services.limits().connectionsMaxIdleMs());
    }

    /** Answers what is in work, takes nothing more, then closes. */
    void drain() {
        draining = true;
        if (inFlight.isEmpty()) {
            closeWhenSent();
        } else {
            updateReading();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        var bytes = (ByteBuf) message;
        if (closed) {
            bytes.release();
            return;
        }
        lastActiveNanos = System.nanoTime();
        services.metrics().bytesIn.add(bytes.readableBytes());
        frames.add(bytes);
        drive();
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        flush();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        drive();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        closed = true;
        frames.close();
        if (frameTimer != null) {
            frameTimer.cancel(false);
        }
        if (waiting != null) {
            giveBack(waiting.request().context(), waiting.claim());
            waiting = null;
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof IOException) {
            LOG.atDebug()
                    .addKeyValue("client", caller.address())
                    .setCause(cause)
                    .log("connection lost");
        } else {
            LOG.atError()
                    .addKeyValue("client", caller.address())
                    .setCause(cause)
                    .log("connection failed");
        }
        ctx.close();
    }

    private void drive() {
        if (driving) {
            return;
        }
        driving = true;
        try {
            while (!closed && !draining) {
                startWaiting();
                if (waiting != null || !channel.isWritable()) {
                    break;
                }
                var frame = frames.next();
                if (frame == null) {
                    break;
                }
                read(frame);
            }
        } catch (FrameException e) {
            refuse(Refusal.FRAME_LIMIT, e.getMessage());
        } catch (UnreadableRequestException e) {
            refuse(Refusal.UNREADABLE, e.getMessage());
        } catch (OutOfMemoryError e) {
            refuse(Refusal.MEMORY, e.getMessage());
        } catch (RuntimeException | Error e) {
            fail(e);
        } finally {
            driving = false;
        }
        timeFrame();
        updateReading();
    }

    /** Begins to take the time of a frame that is not complete. */
    private void timeFrame() {
        if (closed || !frames.isFilling() || timedFrame == frames.framesBegun()) {
            return;
        }
        if (frameTimer != null) {
            frameTimer.cancel(false);
        }
        timedFrame = frames.framesBegun();
        scheduleFrameCheck(SLOW_FRAME_S);
    }

    private void scheduleFrameCheck(long delayS) {
        frameTimer = channel.eventLoop().schedule(this::checkFrame, delayS, TimeUnit.SECONDS);
    }

    private void checkFrame() {
        if (closed || !frames.isFilling() || timedFrame != frames.framesBegun()) {
            return;
        }
        if (services.budget().waitingClaims() == 0) {
            scheduleFrameCheck(LATE_FRAME_CHECK_S);
        } else {
            refuse(Refusal.SLOW_FRAME, "a request was not complete " + SLOW_FRAME_S + " s after it began");
        }
    }

    private void read(Frame frame) throws UnreadableRequestException {
        ReceivedRequest request;
        try {
            request = services.reader().read(frame.bytes(), caller);
        } catch (UnreadableRequestException | RuntimeException | Error e) {
            frame.bytes().release();
            services.budget().release(frame.claim());
            throw e;
        }
        services.metrics().received(request.context().apiKey());
        if (request.body() instanceof ApiVersionsRequestData introduction
                && !introduction.clientSoftwareName().isEmpty()) {
            caller = caller.withSoftware(introduction.clientSoftwareName(), introduction.clientSoftwareVersion());
        }
        waiting = new Waiting(request, frame.claim());
    }

    private void startWaiting() {
        var next = waiting;
        if (next == null) {
            return;
        }
        var exchange = new Exchange(next.request().context(), next.claim(), System.nanoTime());
        var mayStart = inFlight.isEmpty()
                || (exchange.mayOverlap()
                        && inFlight.getLast().mayOverlap()
                        && inFlight.size() < MAX_OVERLAPPING_REQUESTS);
        if (!mayStart) {
            return;
        }
        waiting = null;
        inFlight.add(exchange);
        CompletionStage<ApiMessage> answered;
        try {
            answered =
                    services.handlers().handle(exchange.context, next.request().body());
        } catch (RuntimeException | Error e) {
            answered = CompletableFuture.failedFuture(e);
        }
        answered.whenComplete((answer, failure) -> onAnswer(exchange, answer, failure));
    }

    private void onAnswer(Exchange exchange, @Nullable ApiMessage answer, @Nullable Throwable failure) {
        if (channel.eventLoop().inEventLoop()) {
            settle(exchange, answer, failure);
            return;
        }
        try {
            channel.eventLoop().execute(() -> settle(exchange, answer, failure));
        } catch (RejectedExecutionException e) {
            // The event loops are gone, and the connection with them.
            giveBack(exchange.context, exchange.claim);
        }
    }

    /** Nobody above hears of what is thrown here: stages and event loops drop it. */
    private void settle(Exchange exchange, @Nullable ApiMessage answer, @Nullable Throwable failure) {
        try {
            complete(exchange, answer, failure);
        } catch (RuntimeException | Error e) {
            fail(e);
        }
        drive();
    }

    private void complete(Exchange exchange, @Nullable ApiMessage answer, @Nullable Throwable failure) {
        if (failure == null) {
            exchange.answer(answer);
        } else {
            answerFailure(exchange, ErrorCodes.cause(failure));
        }
        while (!inFlight.isEmpty() && inFlight.element().isAnswered()) {
            write(inFlight.remove());
        }
        lastActiveNanos = System.nanoTime();
        if (draining && inFlight.isEmpty()) {
            closeWhenSent();
        }
    }

    /** Closing at once would drop the answers that the socket has not taken yet. */
    private void closeWhenSent() {
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }

    private void answerFailure(Exchange exchange, Throwable failure) {
        exchange.answer(null);
        if (closed) {
            return;
        }
        if (failure instanceof CloseConnectionException) {
            LOG.atDebug()
                    .addKeyValue("client", caller.address())
                    .addKeyValue("reason", failure.getMessage())
                    .log("connection closed on request");
            channel.close();
            return;
        }
        if (ErrorCodes.isUnexpected(failure)) {
            LOG.atError()
                    .addKeyValue("api", exchange.context.apiKey().name)
                    .addKeyValue("clientId", exchange.context.clientId())
                    .setCause(failure)
                    .log("request failed");
        }
        try {
            exchange.answer(RequestReader.errorResponse(exchange.context, failure));
        } catch (RuntimeException | Error e) {
            LOG.atError()
                    .addKeyValue("api", exchange.context.apiKey().name)
                    .setCause(e)
                    .log("no error answer possible");
            services.metrics().refused(Refusal.HANDLER_FAILURE);
            channel.close();
        }
    }

    private void write(Exchange exchange) {
        var answer = exchange.answer();
        if (answer == null || closed) {
            giveBack(exchange.context, exchange.claim);
            return;
        }
        ByteBuf bytes;
        try {
            bytes = ResponseWriter.write(channel.alloc(), exchange.context, answer);
        } catch (RuntimeException | Error e) {
            // Netty throws an Error when direct memory is used up, which the process survives once it is given back.
            LOG.atError()
                    .addKeyValue("api", exchange.context.apiKey().name)
                    .addKeyValue("version", exchange.context.apiVersion())
                    .setCause(e)
                    .log("answer cannot be written");
            services.metrics().refused(e instanceof OutOfMemoryError ? Refusal.MEMORY : Refusal.HANDLER_FAILURE);
            giveBack(exchange.context, exchange.claim);
            channel.close();
            return;
        }
        services.metrics().bytesOut.add(bytes.readableBytes());
        channel.write(bytes).addListener(done -> giveBack(exchange.context, exchange.claim));
        services.metrics().answered(exchange.context.apiKey(), System.nanoTime() - exchange.startedNanos);
        flushSoon();
    }

    /** One flush for all answers that become ready in one turn of the event loop. */
    private void flushSoon() {
        if (!flushPending) {
            flushPending = true;
            channel.eventLoop().execute(this::flush);
        }
    }

    private void flush() {
        if (flushPending) {
            flushPending = false;
            channel.flush();
        }
    }

    private void onBudget() {
        try {
            channel.eventLoop().execute(this::drive);
        } catch (RejectedExecutionException e) {
            LOG.atDebug().log("budget granted after the event loops stopped");
        }
    }

    private void updateReading() {
        var mayRead = !closed && !draining && waiting == null && channel.isWritable() && !frames.isWaitingForBudget();
        channel.config().setAutoRead(mayRead);
    }

    private void refuse(Refusal refusal, @Nullable String reason) {
        services.metrics().refused(refusal);
        if (services.warnings().permits(System.nanoTime())) {
            LOG.atWarn()
                    .addKeyValue("client", caller.address())
                    .addKeyValue("listener", caller.listener())
                    .addKeyValue("reason", reason)
                    .log("connection closed");
        }
        channel.close();
    }

    private void fail(Throwable failure) {
        LOG.atError().addKeyValue("client", caller.address()).setCause(failure).log("connection failed");
        services.metrics().refused(Refusal.HANDLER_FAILURE);
        channel.close();
    }

    private void scheduleIdleCheck(long delayMs) {
        channel.eventLoop().schedule(this::checkIdle, delayMs, TimeUnit.MILLISECONDS);
    }

    private void checkIdle() {
        if (closed) {
            return;
        }
        var idleMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - lastActiveNanos);
        var restMs = services.limits().connectionsMaxIdleMs() - idleMs;
        if (restMs > 0 || !inFlight.isEmpty()) {
            scheduleIdleCheck(
                    Math.max(1, restMs > 0 ? restMs : services.limits().connectionsMaxIdleMs()));
            return;
        }
        services.metrics().refused(Refusal.IDLE);
        channel.close();
    }

    private void giveBack(RequestContext request, RequestBudget.Claim claim) {
        request.close();
        services.budget().release(claim);
    }
}
