// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.cluster.transport;

import io.eventfleet.core.cluster.image.Endpoint;
import io.eventfleet.core.cluster.message.Envelope;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import io.netty.handler.codec.LengthFieldPrepender;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connections of one broker with the others. Every broker sends over connections that it opened itself, on the
 * first message for an address, and receives over those that others opened. One event loop owns the sending, so that no
 * load on what is received holds up a sign of life; public methods may be called from any thread and take effect there,
 * in order.
 *
 * <p>Messages are not promised to arrive: the layer above repeats what matters.
 */
public final class PeerTransport implements ReplicationConnector, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PeerTransport.class);
    private static final int LENGTH_BYTES = 4;

    /** Event loops for what others opened and for replication: copying records needs more than one core at the most. */
    private static final int ACCEPTING_LOOPS = 2;

    private final TransportSettings settings;
    private final PeerIdentity self;
    private final PeerListener listener;
    private final MultiThreadIoEventLoopGroup group;
    private final EventLoop loop;
    private final MultiThreadIoEventLoopGroup accepting;
    private final ChannelGroup channels;
    private final Map<Endpoint, Link> links = new HashMap<>();
    private volatile @Nullable Acceptor acceptor;
    private boolean closed;

    public PeerTransport(TransportSettings settings, PeerIdentity self, PeerListener listener) {
        this.settings = settings;
        this.self = self;
        this.listener = listener;
        this.group = new MultiThreadIoEventLoopGroup(
                1, new DefaultThreadFactory("peer-transport", true), NioIoHandler.newFactory());
        this.loop = group.next();
        this.accepting = new MultiThreadIoEventLoopGroup(
                ACCEPTING_LOOPS, new DefaultThreadFactory("peer-accepted", true), NioIoHandler.newFactory());
        this.channels = new DefaultChannelGroup(loop);
    }

    /**
     * Accepts connections of other brokers.
     *
     * @return the address in use, with the port that was chosen if the one given was 0
     * @throws IOException if the address is taken or not of this host
     */
    public InetSocketAddress listen(Endpoint address) throws IOException {
        var received = new PeerConnection.Events() {
            @Override
            public void received(Envelope envelope) {
                listener.onMessage(envelope);
            }

            @Override
            public boolean takenFor(String purpose, PeerIdentity peer, Channel channel) {
                var taker = acceptor;
                if (taker == null || !purpose.equals(PeerPurpose.REPLICATION)) {
                    return false;
                }
                taker.accept(channel, peer);
                return true;
            }
        };
        var bound = new ServerBootstrap()
                .group(group, accepting)
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        equip(channel, new PeerConnection(self, false, settings, received));
                    }
                })
                .bind(address.host(), address.port())
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new IOException("cannot listen on " + address + " for other brokers", bound.cause());
        }
        channels.add(bound.channel());
        return (InetSocketAddress) bound.channel().localAddress();
    }

    /** Sends a message to the broker that its envelope names, at this address, opening a connection if there is none. */
    public void send(Endpoint address, Envelope envelope) {
        execute(() -> {
            if (!closed) {
                links.computeIfAbsent(address, Link::new).send(envelope);
            }
        });
    }

    @Override
    public EventLoop loop() {
        return accepting.next();
    }

    @Override
    public void acceptWith(Acceptor taker) {
        acceptor = taker;
    }

    @Override
    public CompletionStage<Opened> open(Endpoint address, EventLoop on) {
        var opened = new CompletableFuture<Opened>();
        resolve(address)
                .thenCompose(resolved ->
                        connect(resolved, on, new ReplicationHandshake(self, settings.connectTimeout(), opened)))
                .exceptionally(failure -> {
                    opened.completeExceptionally(failure);
                    return null;
                });
        return opened;
    }

    @Override
    public void close() {
        execute(() -> {
            closed = true;
            links.clear();
        });
        channels.close().awaitUninterruptibly(1, TimeUnit.SECONDS);
        accepting.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(2, TimeUnit.SECONDS);
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(2, TimeUnit.SECONDS);
    }

    private void execute(Runnable task) {
        try {
            loop.execute(task);
        } catch (RejectedExecutionException e) {
            LOG.atDebug().log("transport is closed");
        }
    }

    private void equip(Channel channel, ChannelHandler connection) {
        channels.add(channel);
        channel.pipeline()
                .addLast(new LengthFieldBasedFrameDecoder(settings.maxFrameBytes(), 0, LENGTH_BYTES, 0, LENGTH_BYTES))
                .addLast(new LengthFieldPrepender(LENGTH_BYTES))
                .addLast(connection);
    }

    private CompletableFuture<InetSocketAddress> resolve(Endpoint address) {
        var resolved = new CompletableFuture<InetSocketAddress>();
        // Name resolution blocks, for seconds when DNS is ill; the event loop must go on serving the other connections.
        Thread.ofVirtual().name("resolve-" + address.host()).start(() -> {
            try {
                resolved.complete(new InetSocketAddress(InetAddress.getByName(address.host()), address.port()));
            } catch (UnknownHostException e) {
                resolved.completeExceptionally(e);
            }
        });
        return resolved.orTimeout(settings.connectTimeout().toMillis(), TimeUnit.MILLISECONDS);
    }

    private CompletableFuture<Channel> connect(InetSocketAddress address, EventLoop on, ChannelHandler connection) {
        var opened = new CompletableFuture<Channel>();
        var limitMs = Math.toIntExact(settings.connectTimeout().toMillis());
        var attempt = new Bootstrap()
                .group(on)
                .channel(NioSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, limitMs)
                .option(
                        ChannelOption.WRITE_BUFFER_WATER_MARK,
                        new WriteBufferWaterMark(settings.maxQueuedBytes() / 2, settings.maxQueuedBytes()))
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        equip(channel, connection);
                    }
                })
                .connect(address);
        attempt.addListener(done -> {
            if (done.isSuccess()) {
                opened.complete(attempt.channel());
            } else {
                opened.completeExceptionally(done.cause());
            }
        });
        return opened;
    }

    private static boolean isRefusal(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof ConnectException && !(cause instanceof ConnectTimeoutException)) {
                return String.valueOf(cause.getMessage()).contains("refused");
            }
        }
        return false;
    }

    /** Our own connection to one address. Runs on the event loop. */
    private final class Link implements PeerConnection.Events {
        private final Endpoint address;
        private final Deque<Envelope> waiting = new ArrayDeque<>();
        private @Nullable PeerConnection connection;
        private long retryDelayNanos = settings.firstRetryDelay().toNanos();
        private long notBeforeNanos = System.nanoTime();
        private long openedAtNanos;
        private int brokerId = -1;

        Link(Endpoint address) {
            this.address = address;
        }

        void send(Envelope envelope) {
            brokerId = envelope.dstId();
            var present = connection;
            if (present != null && present.identified()) {
                present.send(envelope);
                return;
            }
            if (present == null && System.nanoTime() - notBeforeNanos < 0) {
                return;
            }
            if (waiting.size() >= settings.maxQueuedMessages()) {
                waiting.removeFirst();
            }
            waiting.addLast(envelope);
            if (present == null) {
                open();
            }
        }

        private void open() {
            var opening = new PeerConnection(self, true, settings, this);
            connection = opening;
            openedAtNanos = System.nanoTime();
            resolve(address)
                    .thenCompose(resolved -> connect(resolved, loop, opening))
                    .whenComplete((channel, failure) -> {
                        if (failure != null) {
                            execute(() -> failed(opening, isRefusal(failure)));
                        }
                    });
        }

        private void failed(PeerConnection attempt, boolean refused) {
            if (connection != attempt) {
                return;
            }
            LOG.atDebug()
                    .addKeyValue("address", address)
                    .addKeyValue("refused", refused)
                    .log("cannot reach peer");
            abandon();
            if (refused && !closed) {
                listener.onFailure(brokerId, address, true, openedAtNanos);
            }
        }

        @Override
        public void identified(PeerConnection open) {
            retryDelayNanos = settings.firstRetryDelay().toNanos();
            waiting.forEach(open::send);
            waiting.clear();
        }

        @Override
        public void closed(PeerConnection ended) {
            if (connection != ended) {
                return;
            }
            boolean established = ended.identified();
            abandon();
            if (established && !closed) {
                // Whoever hears of this asks at once whether anybody still listens there.
                notBeforeNanos = System.nanoTime();
                listener.onFailure(brokerId, address, false, notBeforeNanos);
            }
        }

        private void abandon() {
            connection = null;
            waiting.clear();
            notBeforeNanos = System.nanoTime() + retryDelayNanos;
            retryDelayNanos =
                    Math.min(2 * retryDelayNanos, settings.maxRetryDelay().toNanos());
        }
    }
}
