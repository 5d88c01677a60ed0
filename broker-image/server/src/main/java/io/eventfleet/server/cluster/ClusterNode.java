// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.cluster;

import io.eventfleet.core.admin.ClusterAdmin.ProducerIdBlock;
import io.eventfleet.core.admin.ReplicaAdmin;
import io.eventfleet.core.cluster.ClusterEffect;
import io.eventfleet.core.cluster.ClusterEvent;
import io.eventfleet.core.cluster.image.ClusterImage;
import io.eventfleet.core.cluster.image.ClusterImages;
import io.eventfleet.core.cluster.image.Endpoint;
import io.eventfleet.core.cluster.message.Envelope;
import io.eventfleet.core.cluster.port.DroppedReplica;
import io.eventfleet.core.cluster.port.NodeEffect;
import io.eventfleet.core.cluster.port.NodeEvent;
import io.eventfleet.core.cluster.port.NodeIdentity;
import io.eventfleet.core.cluster.store.StoreEffect;
import io.eventfleet.core.log.BrokerMeta;
import io.eventfleet.core.replication.IsrGateway;
import io.eventfleet.core.step.Core;
import io.eventfleet.server.cluster.transport.PeerIdentity;
import io.eventfleet.server.cluster.transport.PeerListener;
import io.eventfleet.server.cluster.transport.PeerTransport;
import io.eventfleet.server.cluster.transport.ReplicationConnector;
import io.eventfleet.server.cluster.transport.TransportSettings;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * One broker's part in its cluster: the thread that owns the cluster core. Answers of the store, messages of
 * other brokers, completions of the disk and the passing of time become events; the core's effects are carried out in
 * the order in which it asked for them.
 *
 * <p>Public methods may be called from any thread.
 */
public final class ClusterNode implements NodeServices, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ClusterNode.class);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(2);

    private final NodeIdentity identity;
    private final Endpoint listenOn;
    private final Collaborators collaborators;
    private final Core<ClusterEvent, ClusterEffect> core;
    private final StorePort store;
    private final PeerTransport transport;
    private final PublishedImages images;
    private final IsrProposals isrProposals = new IsrProposals(this::post);
    private final ReplicaRequests replicaRequests = new ReplicaRequests(this::post);
    private final LinkedBlockingQueue<ClusterEvent> inbox = new LinkedBlockingQueue<>();
    private final Map<Long, CompletableFuture<ProducerIdBlock>> wantedProducerIds = new ConcurrentHashMap<>();
    private final AtomicLong lastRequestId = new AtomicLong();
    private final CompletableFuture<Void> stopped = new CompletableFuture<>();
    private final Thread thread;
    private volatile boolean closed;
    private boolean ticked;
    private boolean storageStalled;
    private SortedMap<Integer, Long> peersHeard = new TreeMap<>();

    /**
     * What a node works with.
     *
     * @param store opens the metadata store
     * @param meta durable facts of the broker; everything that recovery replayed must be durable already
     * @param duties the rest of the broker
     */
    public record Collaborators(StorePort.Factory store, BrokerMeta meta, NodeDuties duties) {}

    /**
     * @param namespace of the EventCluster, which with its name tells clusters apart
     * @param listenOn where connections of other brokers are accepted
     * @param core the state machine, made from what the disk says; from now on only this node's thread touches it
     * @param firstImage what is known before the first push
     */
    public ClusterNode(
            String namespace,
            NodeIdentity identity,
            Endpoint listenOn,
            Core<ClusterEvent, ClusterEffect> core,
            ClusterImage firstImage,
            Collaborators collaborators) {
        this.identity = identity;
        this.listenOn = listenOn;
        this.collaborators = collaborators;
        this.core = core;
        this.images = new PublishedImages(firstImage);
        this.store = collaborators.store().open(this::post);
        var self = new PeerIdentity(namespace + "/" + identity.cluster(), identity.brokerId(), identity.incarnation());
        this.transport = new PeerTransport(TransportSettings.standard(), self, new Mailbox());
        this.thread = Thread.ofPlatform()
                .name("cluster-node-" + identity.brokerId())
                .daemon()
                .unstarted(this::run);
    }

    /**
     * Accepts connections and begins to take part.
     *
     * @throws IOException if the address for other brokers cannot be used
     */
    public void start() throws IOException {
        transport.listen(listenOn);
        post(new NodeEvent.Started());
        thread.start();
    }

    @Override
    public ClusterImages images() {
        return images;
    }

    @Override
    public CompletionStage<ProducerIdBlock> allocateProducerIds(Duration limit) {
        long requestId = lastRequestId.incrementAndGet();
        var wanted = new CompletableFuture<ProducerIdBlock>();
        wantedProducerIds.put(requestId, wanted);
        post(new NodeEvent.ProducerIdsWanted(requestId));
        return wanted.orTimeout(limit.toMillis(), TimeUnit.MILLISECONDS)
                .whenComplete((block, failure) -> wantedProducerIds.remove(requestId));
    }

    @Override
    public void wantInternalTopic(String topicName) {
        post(new NodeEvent.InternalTopicWanted(topicName));
    }

    /** Connections for the copying of records, on the same address as the messages of other brokers. */
    public ReplicationConnector replicationConnector() {
        return transport;
    }

    @Override
    public IsrGateway isrGateway() {
        return isrProposals;
    }

    @Override
    public ReplicaAdmin replicaAdmin() {
        return replicaRequests;
    }

    /** Leaves in order: leaderships are moved, logs closed, the clean marker written, Leases released. */
    public CompletionStage<Void> shutDown() {
        post(new NodeEvent.ShutdownRequested());
        return stopped;
    }

    private void post(ClusterEvent event) {
        inbox.add(event);
    }

    private void run() {
        try {
            while (!closed) {
                var event = next();
                if (event instanceof NodeEvent.Tick) {
                    observe();
                }
                step(event);
            }
        } catch (InterruptedException e) {
            LOG.atDebug().log("cluster node stopped");
        } catch (RuntimeException | Error e) {
            LOG.atError().setCause(e).log("cluster core failed");
            collaborators.duties().halt("the cluster core failed: " + e);
        }
    }

    /**
     * What comes next. A deadline that has passed comes before the inbox, lest a flood of messages holds up a renewal; but
     * never twice in a row, lest a deadline that does not move holds up everything else.
     */
    private ClusterEvent next() throws InterruptedException {
        long deadline = core.nextDeadlineNanos();
        if (deadline == Core.NO_DEADLINE) {
            ticked = false;
            return inbox.take();
        }
        long waitNanos = deadline - System.nanoTime();
        boolean due = waitNanos <= 0;
        var event = due && !ticked ? null : due ? inbox.poll() : inbox.poll(waitNanos, TimeUnit.NANOSECONDS);
        ticked = event == null;
        return event == null ? new NodeEvent.Tick() : event;
    }

    /** Tells the core what nobody reports by himself. Ticks come at least as often as heartbeats. */
    private void observe() {
        var heard = collaborators.duties().peersHeard();
        if (!heard.equals(peersHeard)) {
            peersHeard = heard;
            step(new NodeEvent.PeersHeard(heard));
        }
        boolean stalled = collaborators.duties().storageStalled();
        if (stalled != storageStalled) {
            storageStalled = stalled;
            step(new NodeEvent.StorageStalled(stalled));
        }
    }

    private void step(ClusterEvent event) {
        LOG.atTrace().addKeyValue("event", event).log("event");
        List<ClusterEffect> effects = new ArrayList<>();
        core.step(System.nanoTime(), event, effects::add);
        for (var effect : effects) {
            LOG.atTrace().addKeyValue("effect", effect).log("effect");
            switch (effect) {
                case StoreEffect request -> store.carryOut(request);
                case NodeEffect request -> carryOut(request);
                default -> throw new IllegalStateException("unknown effect " + effect);
            }
        }
    }

    private void carryOut(NodeEffect effect) {
        switch (effect) {
            case NodeEffect.Send(Endpoint to, Envelope envelope) -> transport.send(to, envelope);
            case NodeEffect.Persist persist -> persist(persist);
            case NodeEffect.InstallImage(ClusterImage image) -> images.publish(image);
            case NodeEffect.ReadyChanged(boolean ready) ->
                collaborators.duties().readyChanged(ready);
            case NodeEffect.AloneChanged(boolean alone) -> {
                LOG.atWarn().addKeyValue("alone", alone).log("contact with store and controller changed");
                collaborators.duties().aloneChanged(alone);
            }
            case NodeEffect.PurgeTopic purge -> purge(purge);
            case NodeEffect.DropReplica(DroppedReplica replica) -> drop(replica);
            case NodeEffect.ReplicaChangeDone done -> replicaRequests.onDone(done);
            case NodeEffect.ProducerIdsGranted granted -> grant(granted);
            case NodeEffect.ProposalEnded ended -> isrProposals.onEnded(ended);
            case NodeEffect.ControllerWritable(boolean writable) -> isrProposals.onWritable(writable);
            case NodeEffect.CloseLogs ignored -> closeLogs();
            case NodeEffect.ShutdownComplete ignored -> stopped.complete(null);
            case NodeEffect.Halt(String reason) -> collaborators.duties().halt(reason);
            case NodeEffect.RoleChanged changed -> roleChanged(changed);
            case NodeEffect.Report report -> log(report);
        }
    }

    private void persist(NodeEffect.Persist persist) {
        collaborators.meta().putSync(new HashMap<>(persist.changes())).whenComplete((done, failure) -> {
            if (failure == null) {
                post(new NodeEvent.Persisted(persist.persistId()));
            } else {
                collaborators.duties().halt("facts of the broker cannot be written: " + failure.getMessage());
            }
        });
    }

    private void purge(NodeEffect.PurgeTopic purge) {
        collaborators.duties().purgeTopic(purge.topicId()).whenComplete((done, failure) -> {
            if (failure == null) {
                post(new NodeEvent.TopicPurged(purge.topicId()));
            } else {
                post(new NodeEvent.TopicPurgeFailed(purge.topicId()));
                LOG.atError()
                        .setCause(failure)
                        .addKeyValue("topicId", purge.topicId())
                        .log("data of a deleted topic cannot be removed");
            }
        });
    }

    private void drop(DroppedReplica replica) {
        collaborators.duties().dropReplica(replica.id()).whenComplete((done, failure) -> {
            if (failure == null) {
                post(new NodeEvent.ReplicaGone(replica));
            } else {
                post(new NodeEvent.ReplicaDropFailed(replica));
                LOG.atError()
                        .setCause(failure)
                        .addKeyValue("partition", replica.id())
                        .log("data of a dropped replica cannot be removed");
            }
        });
    }

    private void grant(NodeEffect.ProducerIdsGranted granted) {
        var wanted = wantedProducerIds.get(granted.requestId());
        if (wanted != null) {
            wanted.complete(new ProducerIdBlock(granted.first(), granted.count()));
        }
    }

    private void closeLogs() {
        collaborators.duties().closeLogs().whenComplete((done, failure) -> {
            if (failure == null) {
                post(new NodeEvent.LogsClosed());
            } else {
                // Without the event there is no clean marker, which is the truth.
                LOG.atError().setCause(failure).log("logs cannot be closed in order");
                stopped.complete(null);
            }
        });
    }

    private void roleChanged(NodeEffect.RoleChanged changed) {
        LOG.atInfo()
                .addKeyValue("broker", identity.brokerId())
                .addKeyValue("role", changed.role())
                .addKeyValue("controllerEpoch", changed.controllerEpoch())
                .log("role changed");
        collaborators.duties().roleChanged(changed.role(), changed.controllerEpoch());
    }

    private static void log(NodeEffect.Report report) {
        var level =
                switch (report.severity()) {
                    case INFO -> Level.INFO;
                    case WARN -> Level.WARN;
                    case ERROR -> Level.ERROR;
                };
        var line = LOG.atLevel(level);
        for (var key : report.keys().entrySet()) {
            line = line.addKeyValue(key.getKey(), key.getValue());
        }
        line.log(report.event());
    }

    /** Stops at once, as if the process had been killed: nothing is released, nothing written. */
    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        try {
            thread.join(STOP_LIMIT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        transport.close();
        images.close();
    }

    /** Turns what the transport hears into events. */
    private final class Mailbox implements PeerListener {
        @Override
        public void onMessage(Envelope envelope) {
            post(new NodeEvent.Received(envelope));
        }

        @Override
        public void onFailure(int brokerId, Endpoint address, boolean refused, long attemptedAtNanos) {
            var failure = refused ? NodeEvent.PeerFailure.REFUSED : NodeEvent.PeerFailure.CLOSED;
            post(new NodeEvent.PeerFailed(brokerId, address, failure, attemptedAtNanos));
        }
    }
}
