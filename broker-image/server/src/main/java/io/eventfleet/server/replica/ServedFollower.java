// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.replica;

import io.eventfleet.core.KafkaError;
import io.eventfleet.protocol.ErrorCodes;
import io.eventfleet.protocol.ReceivedRequest;
import io.eventfleet.protocol.ResponseWriter;
import io.eventfleet.protocol.UnreadableRequestException;
import io.eventfleet.server.cluster.transport.PeerIdentity;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.net.InetSocketAddress;
import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchResponseData;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The answering end of one connection over which another broker fetches. Requests are answered in turn: at once when there
 * is something to say, else when there is, when the follower sends another request, or when the time that it gave is over.
 * All of that happens in turns on the pool for reading, never two at a time; sockets are on the channel's event loop.
 */
final class ServedFollower extends ChannelInboundHandlerAdapter {
    /** Least time between two answers that tell of nothing but high watermarks. */
    private static final long QUIET_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private static final Logger LOG = LoggerFactory.getLogger(ServedFollower.class);

    private final ServingServices services;
    private final Channel channel;
    private final PeerIdentity peer;
    private final ServedSession session;
    private final ConcurrentLinkedQueue<ReceivedRequest> requests = new ConcurrentLinkedQueue<>();
    private final AtomicInteger calls = new AtomicInteger();
    private final AtomicInteger unanswered = new AtomicInteger();
    private volatile boolean parked;
    private volatile boolean closed;

    private @Nullable ReceivedRequest current;
    private long deadlineNanos;
    private boolean timed;
    private long refreshedNanos = System.nanoTime();
    private long answeredNanos = System.nanoTime() - QUIET_NANOS;

    ServedFollower(ServingServices services, Channel channel, PeerIdentity peer) {
        this.services = services;
        this.channel = channel;
        this.peer = peer;
        this.session = new ServedSession(services.registry(), peer.brokerId(), this::onNews);
    }

    /** Closes the connection. Any thread. */
    void close() {
        channel.close();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        var frame = (ByteBuf) message;
        if (unanswered.get() >= ReplicaWire.MAX_REQUESTS) {
            frame.release();
            refuse("more than " + ReplicaWire.MAX_REQUESTS + " requests at a time");
            return;
        }
        try {
            var address = (InetSocketAddress) channel.remoteAddress();
            requests.add(
                    services.reader().read(frame, services.caller(channel.id().asShortText(), address)));
        } catch (UnreadableRequestException e) {
            frame.release();
            refuse(String.valueOf(e.getMessage()));
            return;
        }
        unanswered.incrementAndGet();
        services.heard().accept(peer.brokerId());
        call();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        closed = true;
        services.onClosed(this);
        call();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        LOG.atDebug().addKeyValue("follower", peer.brokerId()).setCause(cause).log("replication connection failed");
        context.close();
    }

    private void refuse(String reason) {
        LOG.atWarn()
                .addKeyValue("follower", peer.brokerId())
                .addKeyValue("reason", reason)
                .log("replication connection closed");
        channel.close();
    }

    private void onNews() {
        if (parked) {
            call();
        }
    }

    /** Asks for a turn; the calls during a turn bring about one more. */
    private void call() {
        if (calls.getAndIncrement() != 0) {
            return;
        }
        try {
            services.reading().execute(this::turns);
        } catch (RejectedExecutionException e) {
            LOG.atDebug().addKeyValue("follower", peer.brokerId()).log("followers are not served any more");
            channel.close();
        }
    }

    private void turns() {
        int heard;
        do {
            heard = calls.get();
            try {
                turn();
            } catch (RuntimeException | OutOfMemoryError e) {
                // Out of direct memory: this follower connects again, everybody else goes on.
                LOG.atError()
                        .addKeyValue("follower", peer.brokerId())
                        .setCause(e)
                        .log("followers' fetch failed");
                closed = true;
                channel.close();
                end();
            }
        } while (calls.addAndGet(-heard) != 0);
    }

    private void turn() {
        parked = false;
        while (!closed) {
            if (current == null && !begin()) {
                return;
            }
            if (current != null && !answer()) {
                parked = true;
                if (!session.hasNews() && requests.isEmpty()) {
                    return;
                }
                parked = false;
            }
        }
        end();
    }

    /** Begins with the next request; false when there is none. */
    private boolean begin() {
        var next = requests.poll();
        if (next == null) {
            return false;
        }
        current = next;
        var request = (FetchRequestData) next.body();
        if (request.replicaState().replicaId() != peer.brokerId()) {
            respond(next, new FetchResponseData().setErrorCode(ErrorCodes.code(KafkaError.INVALID_REQUEST)));
            refuse("broker " + peer.brokerId() + " fetches in the name of "
                    + request.replicaState().replicaId());
            return true;
        }
        var registered = services.registry().image().brokers().get(peer.brokerId());
        boolean isCurrent = registered != null
                && registered.epoch() == request.replicaState().replicaEpoch()
                && registered.incarnation().equals(peer.incarnation());
        var error = isCurrent ? session.begin(request) : KafkaError.STALE_BROKER_EPOCH;
        if (error != KafkaError.NONE) {
            respond(next, new FetchResponseData().setErrorCode(ErrorCodes.code(error)));
            return true;
        }
        long now = System.nanoTime();
        if (now - refreshedNanos >= services.refreshInterval().toNanos()) {
            refreshedNanos = now;
            session.refresh();
        }
        deadlineNanos = now + TimeUnit.MILLISECONDS.toNanos(Math.max(0, request.maxWaitMs()));
        timed = false;
        return true;
    }

    private void callIn(long nanos) {
        channel.eventLoop().schedule(this::call, nanos, TimeUnit.NANOSECONDS);
    }

    /** Answers the current request if there is reason to. */
    private boolean answer() {
        var asked = Objects.requireNonNull(current);
        var request = (FetchRequestData) asked.body();
        long now = System.nanoTime();
        boolean isOver = deadlineNanos - now <= 0 || !requests.isEmpty();
        boolean tellsQuietNews = isOver || now - answeredNanos >= QUIET_NANOS;
        var answer = session.answer(request.maxBytes(), tellsQuietNews);
        if (answer.isEmpty() && !isOver) {
            if (session.holdsQuietNews()) {
                callIn(QUIET_NANOS - (now - answeredNanos));
            }
            if (!timed) {
                timed = true;
                callIn(deadlineNanos - now);
            }
            return false;
        }
        answeredNanos = now;
        services.metrics().servedBytes.add(answer.bytes());
        respond(asked, answer.toResponse(session.id(), asked.context()));
        return true;
    }

    private void respond(ReceivedRequest asked, FetchResponseData response) {
        current = null;
        services.metrics().served.increment();
        var context = asked.context();
        ByteBuf frame;
        try {
            frame = ResponseWriter.write(channel.alloc(), context, response);
        } catch (RuntimeException | OutOfMemoryError e) {
            context.close();
            throw e;
        }
        unanswered.decrementAndGet();
        channel.writeAndFlush(frame).addListener(written -> context.close());
    }

    private void end() {
        session.close();
        if (current != null) {
            current.context().close();
            current = null;
        }
        for (var rest = requests.poll(); rest != null; rest = requests.poll()) {
            rest.context().close();
        }
    }
}
