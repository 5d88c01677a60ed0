// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.network;

import io.eventfleet.config.Listener;
import io.eventfleet.config.NetworkLimits;
import io.eventfleet.protocol.RequestContext.Caller;
import io.eventfleet.protocol.RequestReader;
import io.eventfleet.server.api.HandlerRegistry;
import io.eventfleet.server.metrics.MetricRegistry;
import io.eventfleet.server.network.NetworkMetrics.Refusal;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The client listeners of a broker. Bound on start; accepts from {@link #open} until {@link #drain}. Thread-safe. */
public final class NetworkServer implements AutoCloseable {
    /** Bytes waiting in one connection's socket buffer above which its requests are no longer read. */
    private static final int WRITE_HIGH_WATER_BYTES = 1 << 20;

    private static final int WRITE_LOW_WATER_BYTES = 256 << 10;
    private static final long STOP_TIMEOUT_MS = 2_000;
    private static final Logger LOG = LoggerFactory.getLogger(NetworkServer.class);

    private final ConnectionServices services;
    private final EventLoopGroup loops;
    private final List<Channel> listeners = new ArrayList<>();
    private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);

    private NetworkServer(ConnectionServices services, EventLoopGroup loops) {
        this.services = services;
        this.loops = loops;
    }

    /**
     * Binds every listener; nothing is accepted yet.
     *
     * @throws IOException when an address cannot be bound
     */
    public static NetworkServer bind(
            NetworkLimits limits, List<Listener> listeners, HandlerRegistry handlers, MetricRegistry metrics)
            throws IOException {
        var transport = Transport.best();
        var keys = EnumSet.noneOf(ApiKeys.class);
        for (var key : ApiKeys.values()) {
            handlers.versions().range(key).ifPresent(range -> keys.add(key));
        }
        var services = new ConnectionServices(
                limits,
                handlers,
                new RequestReader(handlers.versions()),
                RequestBudget.within(DirectMemory.requestBytes(limits.requests().maxQueuedBytes())),
                new ConnectionLimits(limits.maxConnections(), limits.maxConnectionsPerIp()),
                new NetworkMetrics(metrics, keys),
                new WarningGate());
        metrics.gauge("eventfleet_network_connections", "Open client connections.", services.connections()::open);
        metrics.gauge(
                "eventfleet_network_request_bytes_in_work",
                "Bytes of requests in work, at most queued.max.request.bytes.",
                services.budget()::usedBytes);
        metrics.gauge(
                "eventfleet_network_requests_waiting_for_memory",
                "Requests that are not read because queued.max.request.bytes is reached.",
                services.budget()::waitingClaims);
        var loops = new MultiThreadIoEventLoopGroup(
                limits.networkThreads(), new DefaultThreadFactory("network", true), transport.ioHandlers());
        var server = new NetworkServer(services, loops);
        try {
            for (var listener : listeners) {
                server.listeners.add(server.bind(listener, transport));
            }
        } catch (IOException e) {
            server.close();
            throw e;
        }
        LOG.atInfo()
                .addKeyValue("listeners", listeners)
                .addKeyValue("transport", transport.name())
                .log("client listeners bound");
        return server;
    }

    /** Begins to accept. */
    public void open() {
        listeners.forEach(channel -> channel.config().setAutoRead(true));
    }

    /** The port of the listener at this position of the configuration. */
    public int port(int index) {
        return ((java.net.InetSocketAddress) listeners.get(index).localAddress()).getPort();
    }

    /** Accepts and reads nothing more; connections close when what is in work on them is answered. */
    public void beginDrain() {
        listeners.forEach(channel -> channel.close().syncUninterruptibly());
        for (var channel : connections) {
            channel.eventLoop().execute(() -> {
                var connection = channel.pipeline().get(ClientConnection.class);
                if (connection != null) {
                    connection.drain();
                }
            });
        }
    }

    /** Waits until every connection has closed, or the timeout. Blocks. */
    public void awaitDrained(Duration timeout) {
        if (!connections.newCloseFuture().awaitUninterruptibly(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
            LOG.atWarn().addKeyValue("connections", connections.size()).log("connections closed before their answers");
        }
    }

    @Override
    public void close() {
        listeners.forEach(channel -> channel.close().syncUninterruptibly());
        connections.close().awaitUninterruptibly(STOP_TIMEOUT_MS, TimeUnit.MILLISECONDS);
        loops.shutdownGracefully(0, STOP_TIMEOUT_MS, TimeUnit.MILLISECONDS).awaitUninterruptibly(STOP_TIMEOUT_MS);
    }

    private Channel bind(Listener listener, Transport transport) throws IOException {
        var limits = services.limits();
        var bootstrap = new ServerBootstrap()
                .group(loops)
                .channel(transport.serverChannel())
                .option(ChannelOption.SO_REUSEADDR, true)
                .option(ChannelOption.SO_BACKLOG, limits.sockets().listenBacklog())
                .option(ChannelOption.AUTO_READ, false)
                // The allocator that storage reads into: one pool of direct memory for the whole process.
                .childOption(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.SO_KEEPALIVE, true)
                .childOption(
                        ChannelOption.WRITE_BUFFER_WATER_MARK,
                        new WriteBufferWaterMark(WRITE_LOW_WATER_BYTES, WRITE_HIGH_WATER_BYTES))
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        accept(channel, listener.name());
                    }
                });
        if (limits.sockets().sendBufferBytes() > 0) {
            bootstrap.childOption(ChannelOption.SO_SNDBUF, limits.sockets().sendBufferBytes());
        }
        if (limits.sockets().receiveBufferBytes() > 0) {
            bootstrap.childOption(ChannelOption.SO_RCVBUF, limits.sockets().receiveBufferBytes());
        }
        var address = listener.address();
        var bound = bootstrap.bind(address.host(), address.port()).awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new IOException(
                    "cannot listen on " + listener + ": " + bound.cause().getMessage(), bound.cause());
        }
        return bound.channel();
    }

    private void accept(SocketChannel channel, String listener) {
        var address = channel.remoteAddress();
        if (address == null) {
            channel.close();
            return;
        }
        if (!services.connections().tryOpen(address.getAddress())) {
            services.metrics().refused(Refusal.CONNECTION_LIMIT);
            if (services.warnings().permits(System.nanoTime())) {
                LOG.atWarn()
                        .addKeyValue("client", address.getAddress())
                        .addKeyValue("open", services.connections().open())
                        .log("connection refused, max.connections or max.connections.per.ip is reached");
            }
            channel.close();
            return;
        }
        channel.closeFuture().addListener(closed -> services.connections().close(address.getAddress()));
        connections.add(channel);
        var caller = new Caller(
                channel.id().asShortText(),
                address.getAddress(),
                KafkaPrincipal.ANONYMOUS,
                listener,
                "unknown",
                "unknown");
        channel.pipeline().addLast(new ClientConnection(services, channel, caller));
    }
}
