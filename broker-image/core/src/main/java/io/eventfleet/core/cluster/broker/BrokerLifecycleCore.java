// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.cluster.broker;

import io.eventfleet.core.cluster.BrokerEntry;
import io.eventfleet.core.cluster.ClusterEffect;
import io.eventfleet.core.cluster.ClusterEvent;
import io.eventfleet.core.cluster.Rng;
import io.eventfleet.core.cluster.VersionVector;
import io.eventfleet.core.cluster.image.BrokerInfo.BrokerState;
import io.eventfleet.core.cluster.lease.LeaseKeeper;
import io.eventfleet.core.cluster.message.Envelope;
import io.eventfleet.core.cluster.message.Message;
import io.eventfleet.core.cluster.port.ClusterSettings;
import io.eventfleet.core.cluster.port.NodeEffect;
import io.eventfleet.core.cluster.port.NodeEvent;
import io.eventfleet.core.cluster.port.NodeIdentity;
import io.eventfleet.core.cluster.port.Signal;
import io.eventfleet.core.cluster.store.ObjectNames;
import io.eventfleet.core.cluster.store.RequestIds;
import io.eventfleet.core.cluster.store.StoreEvent;
import io.eventfleet.core.step.Core;
import io.eventfleet.core.step.Effects;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;

/**
 * A broker from start to end (§1.5). It serves nothing before its new epoch is durable on its disk and durable as
 * unfenced in the registry, and it stops for good when another process holds its Lease or its id.
 *
 * <pre>
 * STARTING (disk formatted, Lease held) → REGISTERING → INSTALLING → PERSISTING → UNFENCING ⇄ SERVING
 *                                             ↑________ in place, when asked to ________________|
 * </pre>
 */
public final class BrokerLifecycleCore implements Core<ClusterEvent, ClusterEffect> {

    private static final int JITTER_DIVISOR = 5;

    private final NodeIdentity me;
    private final DiskState disk;
    private final UUID dirId;
    private final ClusterSettings settings;
    private final Rng rng;
    private final LeaseKeeper lease;
    private final ControllerLink link;
    private final MetadataInstaller metadata;
    private final Errands errands;
    private final OpenProposals proposals;
    private final ControllerMood mood;
    private final Departure departure = new Departure();
    private final Solitude solitude;
    private final PeerReports peerReports;
    private final Map<Long, Runnable> onPersisted = new HashMap<>();

    private State state = State.STARTING;
    private boolean formatted;
    private boolean leaseHeldOnce;
    private boolean ready;
    private boolean halted;
    private boolean controllerReleased;
    private boolean marked;
    private boolean installedSinceStep;
    private boolean alone;
    private boolean storageStalled;
    private Set<Integer> replicationPeers = Set.of();
    private String clusterId = "";
    private long epoch = -1;
    private long durableEpoch = -1;
    private long instead = -1;
    private VersionVector required = VersionVector.NOTHING;
    private long nextBeatAt = Long.MIN_VALUE;
    private long nextPersistId = 1;

    /** Where a broker stands in its registration. */
    public enum State {
        STARTING,
        REGISTERING,
        INSTALLING,
        PERSISTING,
        UNFENCING,
        SERVING
    }

    /** @param ids for requests of the broker's own Lease */
    public BrokerLifecycleCore(NodeIdentity me, DiskState disk, ClusterSettings settings, Rng rng, RequestIds ids) {
        this.me = me;
        this.disk = disk;
        this.settings = settings;
        this.rng = rng;
        this.dirId = disk.dirId() == null ? rng.nextUuid() : disk.dirId();
        this.formatted = disk.dirId() != null;
        UUID predecessor = disk.served() == null ? null : disk.served().incarnation();
        var ref = new ObjectNames(me.cluster()).brokerLease(me.brokerId());
        this.lease = new LeaseKeeper(ref, me.holder(), me.internal(), predecessor, settings.leases(), ids);
        this.link = new ControllerLink(me, disk.seen().controllerEpoch());
        this.metadata = new MetadataInstaller(
                me.brokerId(), settings.topics().internalTopics().keySet(), disk.seen());
        this.errands = new Errands(link);
        this.proposals = new OpenProposals(link);
        this.mood = new ControllerMood(settings.sessions().silence().toNanos());
        this.solitude = new Solitude(me.incarnation());
        this.peerReports = new PeerReports(settings.sessions().silence().toNanos());
    }

    /** Newest metadata that is, or was before this start, durable on this disk. */
    public VersionVector seen() {
        return metadata.persisted();
    }

    /** True if the disk belongs to a cluster. */
    public boolean knowsCluster() {
        return disk.clusterId() != null;
    }

    /** How many live brokers other than the given one come before this one, by id, as far as this broker knows. */
    public int rankWithout(int brokerId) {
        return metadata.rankWithout(brokerId);
    }

    public State state() {
        return state;
    }

    /** The own broker epoch, or -1 before registration. */
    public long epoch() {
        return epoch;
    }

    @Override
    public void step(long now, ClusterEvent event, Effects<ClusterEffect> out) {
        if (halted || departure.stage() == Departure.Stage.DONE) {
            return;
        }
        switch (event) {
            case NodeEvent.Started started -> onStarted(out);
            case NodeEvent.Received received -> onReceived(now, received.envelope(), out);
            case NodeEvent.Persisted persisted -> onPersisted(persisted.persistId());
            case NodeEvent.TopicPurged purged -> errands.onPurged(purged.topicId(), epoch, out);
            case NodeEvent.TopicPurgeFailed failed -> errands.onPurgeFailed(failed.topicId());
            case NodeEvent.ReplicaGone gone -> errands.onDropped(gone.replica(), epoch, out);
            case NodeEvent.ReplicaDropFailed failed -> errands.onDropFailed(failed.replica());
            case NodeEvent.ReassignmentWanted wanted ->
                errands.wantReplicaChange(
                        wanted.requestId(),
                        new Message.ReassignRequest(wanted.requestId(), wanted.targets()),
                        epoch,
                        out);
            case NodeEvent.ElectionWanted wanted ->
                errands.wantReplicaChange(
                        wanted.requestId(),
                        new Message.ElectRequest(wanted.requestId(), wanted.election(), wanted.partitions()),
                        epoch,
                        out);
            case NodeEvent.ReplicaChangeAbandoned abandoned -> errands.forgetReplicaChange(abandoned.requestId());
            case NodeEvent.ProducerIdsWanted wanted -> errands.wantProducerIds(wanted.requestId(), epoch, out);
            case NodeEvent.InternalTopicWanted wanted -> errands.wantInternalTopic(wanted.topicName(), epoch, out);
            case NodeEvent.IsrProposed proposed -> proposals.propose(now, proposed, out);
            case NodeEvent.PeersHeard heard -> peerReports.heard(heard.heardAt());
            case NodeEvent.StorageStalled stall -> storageStalled = stall.stalled();
            case NodeEvent.ShutdownRequested requested -> beginDeparture(now, out);
            case NodeEvent.LogsClosed closed -> markClean(now, out);
            case StoreEvent.Reply reply -> lease.onReply(now, reply);
            case Signal.ControllerSeen seen -> {
                link.seen(seen);
                nextBeatAt = now;
            }
            case Signal.Released released -> controllerReleased = true;
            default -> {}
        }
        keepLease(now, out);
        progress(now, out);
        judgeSolitude(now, out);
        if (now >= nextBeatAt && !halted) {
            nextBeatAt = now + settings.sessions().heartbeat().toNanos();
            beat(now, out);
        }
        proposals.proceed(now, epoch, out);
        mood.onTime(now, out);
        depart(now, out);
    }

    @Override
    public long nextDeadlineNanos() {
        if (halted || departure.stage() == Departure.Stage.DONE) {
            return NO_DEADLINE;
        }
        long own = Math.min(Math.min(lease.deadline(), departure.deadline()), link.known() ? nextBeatAt : NO_DEADLINE);
        return Math.min(own, Math.min(proposals.deadline(), mood.deadline()));
    }

    private void onStarted(Effects<ClusterEffect> out) {
        if (disk.brokerId() >= 0 && disk.brokerId() != me.brokerId()) {
            halt("the volume holds the data of broker " + disk.brokerId(), out);
        } else if (!formatted) {
            var changes = new TreeMap<String, byte[]>();
            changes.put(DiskKeys.DIR_ID, MetadataInstaller.bytes(dirId.toString()));
            changes.put(DiskKeys.BROKER_ID, MetadataInstaller.bytes(Integer.toString(me.brokerId())));
            persist(changes, () -> formatted = true, out);
        }
    }

    private void keepLease(long now, Effects<ClusterEffect> out) {
        long interval = settings.leases().brokerRenewal().toNanos();
        long jitter = rng.nextBelow(2 * interval / JITTER_DIVISOR) - interval / JITTER_DIVISOR;
        lease.act(now, interval + jitter, out);
        if (lease.state() == LeaseKeeper.State.HELD) {
            leaseHeldOnce = true;
        } else if (leaseHeldOnce && lease.state() == LeaseKeeper.State.WAITING) {
            halt("another process holds the Lease of broker " + me.brokerId(), out);
        }
    }

    private void judgeSolitude(long now, Effects<ClusterEffect> out) {
        boolean judged = solitude.judge(now, lease.renewedAt());
        if (judged != alone) {
            alone = judged;
            out.emit(new NodeEffect.AloneChanged(judged));
        }
    }

    private void progress(long now, Effects<ClusterEffect> out) {
        if (state == State.STARTING && formatted && leaseHeldOnce) {
            state = State.REGISTERING;
            nextBeatAt = now;
        }
        if (state == State.INSTALLING && metadata.installed().covers(required)) {
            state = State.PERSISTING;
            persistEpoch(out);
        }
        judgeOwnEntry(now, out);
    }

    private void judgeOwnEntry(long now, Effects<ClusterEffect> out) {
        BrokerEntry own = metadata.own().orElse(null);
        if (own == null || epoch < 0) {
            return;
        }
        boolean mine = own.incarnation().equals(me.incarnation());
        if (!mine && own.epoch() > epoch) {
            halt("another process registered as broker " + me.brokerId(), out);
            return;
        }
        boolean serving = mine && own.epoch() == epoch && own.state() != BrokerState.FENCED && durableEpoch == epoch;
        if (state == State.UNFENCING && serving && !departure.begun()) {
            state = State.SERVING;
            setReady(true, out);
            publish(out);
        } else if (state == State.SERVING && mine && own.epoch() == epoch && own.state() == BrokerState.FENCED) {
            state = State.UNFENCING;
            setReady(false, out);
            publish(out);
            nextBeatAt = now;
        }
    }

    /** Epoch, boot, mode and incarnation in one synced batch; only now the clean marker goes (A7). */
    private void persistEpoch(Effects<ClusterEffect> out) {
        long persisting = epoch;
        var changes = new TreeMap<String, byte[]>();
        var served = new DiskState.Served(persisting, me.incarnation(), me.bootId(), me.durability());
        changes.put(DiskKeys.SERVED, MetadataInstaller.bytes(DiskText.served(served)));
        changes.put(DiskKeys.CLUSTER_ID, MetadataInstaller.bytes(clusterId));
        changes.put(DiskKeys.CLEAN, new byte[0]);
        persist(
                changes,
                () -> {
                    if (epoch == persisting && state == State.PERSISTING) {
                        durableEpoch = persisting;
                        state = State.UNFENCING;
                        nextBeatAt = Long.MIN_VALUE;
                    }
                },
                out);
    }

    private void onReceived(long now, Envelope envelope, Effects<ClusterEffect> out) {
        if (!(envelope.message() instanceof Message.ToBroker message) || !link.addressedToMe(envelope)) {
            return;
        }
        if (!link.believable(envelope)) {
            if (message instanceof Message.MetadataPush) {
                link.send(epoch, new Message.MetadataNack(epoch, metadata.persisted()), out);
            }
            return;
        }
        link.heard(envelope, out);
        solitude.heard(now, envelope);
        switch (message) {
            case Message.RegisterReply reply -> onRegisterReply(reply, out);
            case Message.RegisterAgain again -> {
                if (again.brokerEpoch() == epoch && instead != epoch && !departure.begun()) {
                    instead = epoch;
                    state = State.REGISTERING;
                    nextBeatAt = now;
                }
            }
            case Message.MetadataPush push -> onPush(push, envelope.controllerEpoch(), out);
            case Message.ProducerIdsReply reply -> errands.onProducerIds(reply, out);
            case Message.ShutdownReply reply -> {
                if (departure.stage() == Departure.Stage.MOVING && reply.movableLeaders() == 0) {
                    closeLogs(now, out);
                }
            }
            case Message.Superseded superseded -> {
                if (superseded.brokerEpoch() > epoch && epoch >= 0) {
                    halt("another process registered as broker " + me.brokerId(), out);
                }
            }
            case Message.HeartbeatAck ack -> mood.onAck(now, ack, out);
            case Message.ReplicaChangeReply reply -> errands.onReplicaChange(reply, out);
            case Message.AlterPartitionsReply reply -> proposals.onReply(reply, out);
            case Message.Ping ping -> nextBeatAt = Math.min(nextBeatAt, now);
        }
    }

    private void onRegisterReply(Message.RegisterReply reply, Effects<ClusterEffect> out) {
        switch (reply.registration()) {
            case WRONG_CLUSTER -> halt("the volume belongs to another cluster than " + reply.clusterId(), out);
            case WRONG_BROKER -> halt("the volume belongs to another broker", out);
            case NOT_LEASE_HOLDER, SAFE_MODE -> {}
            case ACCEPTED -> {
                if (state != State.REGISTERING || reply.brokerEpoch() <= epoch) {
                    return;
                }
                epoch = reply.brokerEpoch();
                instead = -1;
                clusterId = reply.clusterId();
                required = reply.required();
                state = State.INSTALLING;
                setReady(false, out);
                publish(out);
                nextBeatAt = Long.MIN_VALUE;
            }
        }
    }

    private void onPush(Message.MetadataPush push, int controllerEpoch, Effects<ClusterEffect> out) {
        if (!metadata.acceptable(push, controllerEpoch)) {
            link.send(epoch, new Message.MetadataNack(epoch, metadata.persisted()), out);
            return;
        }
        persist(
                metadata.toPersist(push, controllerEpoch),
                () -> {
                    metadata.install(push, controllerEpoch);
                    installedSinceStep = true;
                },
                out);
    }

    private void onPersisted(long persistId) {
        var action = onPersisted.remove(persistId);
        if (action != null) {
            action.run();
        }
    }

    /** Says nothing while the disk does nothing: whoever cannot write must not be relied on (S23). */
    private void beat(long now, Effects<ClusterEffect> out) {
        if (storageStalled) {
            return;
        }
        if (state == State.REGISTERING && !departure.begun()) {
            link.send(epoch, registration(), out);
        }
        if (epoch >= 0) {
            var peers = peerReports.known(replicationPeers);
            var silent = peerReports.silent(now, peers);
            link.send(epoch, new Message.Heartbeat(epoch, metadata.installed(), peers, silent), out);
            errands.repeat(epoch, out);
            proposals.repeat(epoch, out);
        }
        if (state == State.UNFENCING && !departure.begun()) {
            link.send(epoch, new Message.UnfenceRequest(epoch, metadata.installed()), out);
        }
        if (departure.stage() == Departure.Stage.MOVING) {
            link.send(epoch, new Message.ShutdownRequest(epoch), out);
        } else if (departure.stage() == Departure.Stage.FAREWELL) {
            link.send(epoch, new Message.StoppedNotice(epoch), out);
        }
    }

    private Message.RegisterRequest registration() {
        var proof = disk.proof(dirId, me, metadata.persisted());
        return new Message.RegisterRequest(me.podUid(), proof, me.internal(), me.listeners(), me.rack(), instead);
    }

    private void beginDeparture(long now, Effects<ClusterEffect> out) {
        if (departure.begun()) {
            return;
        }
        if (state == State.SERVING && link.known()) {
            departure.enter(Departure.Stage.MOVING, now);
            nextBeatAt = now;
        } else {
            closeLogs(now, out);
        }
    }

    private void closeLogs(long now, Effects<ClusterEffect> out) {
        departure.enter(Departure.Stage.CLOSING, now);
        setReady(false, out);
        out.emit(new NodeEffect.CloseLogs());
    }

    private void markClean(long now, Effects<ClusterEffect> out) {
        departure.enter(Departure.Stage.MARKING, now);
        if (durableEpoch < 0 || durableEpoch != epoch) {
            marked = true;
            return;
        }
        var changes = new TreeMap<String, byte[]>();
        changes.put(DiskKeys.CLEAN, MetadataInstaller.bytes(Long.toString(durableEpoch)));
        persist(changes, () -> marked = true, out);
    }

    private void depart(long now, Effects<ClusterEffect> out) {
        switch (departure.stage()) {
            case MOVING -> {
                if (departure.overdue(now)) {
                    closeLogs(now, out);
                }
            }
            case MARKING -> {
                if (marked) {
                    departure.enter(Departure.Stage.FAREWELL, now);
                    beat(now, out);
                }
            }
            case FAREWELL -> {
                boolean fenced = metadata.own()
                        .filter(own -> own.epoch() == epoch && own.state() == BrokerState.FENCED)
                        .isPresent();
                if (fenced || epoch < 0 || departure.overdue(now)) {
                    departure.enter(Departure.Stage.RELEASING, now);
                    lease.release(now);
                    lease.act(now, settings.leases().brokerRenewal().toNanos(), out);
                    out.emit(new Signal.ReleaseRequested());
                }
            }
            case RELEASING -> {
                boolean released = lease.state() == LeaseKeeper.State.RELEASED && controllerReleased;
                if (released || departure.overdue(now)) {
                    departure.enter(Departure.Stage.DONE, now);
                    out.emit(new NodeEffect.ShutdownComplete());
                }
            }
            case NONE, CLOSING, DONE -> {}
        }
        if (installedSinceStep) {
            installedSinceStep = false;
            replicationPeers = metadata.replicationPeers();
            publish(out);
            link.send(epoch, new Message.MetadataAck(epoch, metadata.installed()), out);
        }
    }

    private void publish(Effects<ClusterEffect> out) {
        boolean serves = state == State.SERVING && departure.stage().ordinal() <= Departure.Stage.MOVING.ordinal();
        var image = metadata.image(serves ? epoch : -1);
        errands.onInstalled(image, metadata.purging(), metadata.dropped(), out);
        proposals.onInstalled(image, me.brokerId(), out);
        out.emit(new NodeEffect.InstallImage(image));
    }

    private void setReady(boolean now, Effects<ClusterEffect> out) {
        if (ready != now) {
            ready = now;
            out.emit(new NodeEffect.ReadyChanged(now));
        }
    }

    private void persist(SortedMap<String, byte[]> changes, Runnable then, Effects<ClusterEffect> out) {
        long id = nextPersistId++;
        onPersisted.put(id, then);
        out.emit(new NodeEffect.Persist(id, changes));
    }

    private void halt(String reason, Effects<ClusterEffect> out) {
        if (!halted) {
            halted = true;
            out.emit(new NodeEffect.Halt(reason));
        }
    }
}
