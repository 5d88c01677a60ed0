// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.replica;

import io.eventfleet.protocol.RequestReader;
import io.eventfleet.protocol.VersionRange;
import io.eventfleet.protocol.VersionTable;
import io.eventfleet.server.cluster.transport.PeerIdentity;
import io.eventfleet.server.cluster.transport.ReplicationConnector;
import io.eventfleet.server.metrics.MetricRegistry;
import io.eventfleet.server.partition.PartitionRegistry;
import io.netty.channel.Channel;
import io.netty.handler.timeout.ReadTimeoutHandler;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import org.apache.kafka.common.protocol.ApiKeys;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers the fetches of followers. A broker has one connection: the one that it opened last, since what an older one says
 * may be from before its restart. Thread-safe.
 */
public final class ReplicaServer implements ReplicationConnector.Acceptor, AutoCloseable {
    /** Most threads that read for followers at a time; each follower keeps one busy at the most. */
    private static final int READING_THREADS = 4;

    private static final long READING_IDLE_S = 30;

    /** A connection over which nothing is asked for so long is closed, in seconds. */
    private static final long IDLE_S = 30;

    /** Partitions at rest are counted as fetched at least so often. */
    private static final Duration REFRESH = Duration.ofMillis(250);

    /** And so often within the time after which a replica lags. */
    private static final int REFRESHES_PER_LAG = 4;

    private static final Logger LOG = LoggerFactory.getLogger(ReplicaServer.class);

    private final ServingServices services;
    private final ThreadPoolExecutor reading;
    private final Map<Integer, ServedFollower> followers = new ConcurrentHashMap<>();
    private volatile boolean closed;

    /**
     * @param replicaLagMax time after which a replica lags
     * @param heard told the id of a broker with every request of it; called on an event loop, must not block
     */
    public ReplicaServer(
            PartitionRegistry registry, Duration replicaLagMax, IntConsumer heard, MetricRegistry metrics) {
        var replicaMetrics = new ReplicaMetrics(metrics);
        reading = new ThreadPoolExecutor(
                READING_THREADS,
                READING_THREADS,
                READING_IDLE_S,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                Thread.ofPlatform().name("replica-reading-", 0).daemon().factory());
        reading.allowCoreThreadTimeOut(true);
        var perLag = replicaLagMax.dividedBy(REFRESHES_PER_LAG);
        services = new ServingServices(
                registry,
                new RequestReader(new VersionTable(
                        Map.of(ApiKeys.FETCH, new VersionRange(ReplicaWire.FETCH_VERSION, ReplicaWire.FETCH_VERSION)))),
                reading,
                perLag.compareTo(REFRESH) < 0 ? perLag : REFRESH,
                heard,
                follower -> followers.values().remove(follower),
                replicaMetrics);
        replicaMetrics.followerConnections(followers::size);
    }

    @Override
    public void accept(Channel channel, PeerIdentity peer) {
        if (closed) {
            channel.close();
            return;
        }
        var follower = new ServedFollower(services, channel, peer);
        channel.pipeline()
                .addLast(new ReadTimeoutHandler(IDLE_S, TimeUnit.SECONDS))
                .addLast(new FrameCutter(ReplicaWire.MAX_REQUEST_BYTES))
                .addLast(follower);
        var superseded = followers.put(peer.brokerId(), follower);
        if (superseded != null) {
            superseded.close();
        }
        LOG.atDebug().addKeyValue("follower", peer.brokerId()).log("follower connected");
    }

    /** Closes every connection. Whatever was led must have ended. */
    @Override
    public void close() {
        closed = true;
        followers.values().forEach(ServedFollower::close);
        reading.shutdown();
    }
}
