// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.cluster.controller;

import io.eventfleet.core.cluster.BrokerEntry;
import io.eventfleet.core.cluster.ClusterEffect;
import io.eventfleet.core.cluster.ClusterEvent;
import io.eventfleet.core.cluster.VersionVector;
import io.eventfleet.core.cluster.image.BrokerInfo.BrokerState;
import io.eventfleet.core.cluster.lease.LeaseView;
import io.eventfleet.core.cluster.message.Envelope;
import io.eventfleet.core.cluster.message.Message;
import io.eventfleet.core.cluster.port.NodeEvent;
import io.eventfleet.core.cluster.port.NodeEvent.PeerFailure;
import io.eventfleet.core.cluster.port.Signal;
import io.eventfleet.core.cluster.store.Kind;
import io.eventfleet.core.cluster.store.LeaseHolder;
import io.eventfleet.core.cluster.store.RegistryDoc;
import io.eventfleet.core.cluster.store.RootDoc;
import io.eventfleet.core.cluster.store.StoreEffect;
import io.eventfleet.core.cluster.store.StoreEvent;
import io.eventfleet.core.step.Effects;
import org.jspecify.annotations.Nullable;

/** One term's deciders and the way of events to them. */
final class ActingController {

    private static final long WATCH_RETRY_NANOS = 1_000_000_000L;

    private final Term term;
    private final Sessions sessions = new Sessions();
    private final ShardChanges shardChanges;
    private final Registrations registrations;
    private final Liveness liveness;
    private final Topics topics;
    private final Deletions deletions;
    private final InternalTopics internalTopics;
    private final IsrChanges isrChanges;
    private final ReplicaChanges replicaChanges;
    private final ReplicationFactors replicationFactors;
    private final PreferredLeaders preferredLeaders;
    private final Pusher pusher;
    private Takeover takeover;
    private long watchAgainAt = Long.MAX_VALUE;
    private int unfencedBefore;

    /** @param deceased the controller before, if its process is known to be gone */
    ActingController(Term term, LeaseView leases, long lastYieldAt, @Nullable LeaseHolder deceased) {
        this.term = term;
        this.shardChanges = new ShardChanges(term, sessions::present);
        this.registrations = new Registrations(term, shardChanges, sessions);
        this.liveness =
                new Liveness(term, sessions, leases, shardChanges, new Liveness.Inherited(lastYieldAt, deceased));
        this.deletions = new Deletions(term);
        this.topics = new Topics(
                term, shardChanges, new TopicLayout(term, shardChanges, registrations::inProgress), deletions);
        this.internalTopics = new InternalTopics(term, topics);
        this.isrChanges = new IsrChanges(term, shardChanges);
        this.replicaChanges = new ReplicaChanges(term, shardChanges, registrations::inProgress);
        this.replicationFactors =
                new ReplicationFactors(term, shardChanges, replicaChanges, topics, registrations::inProgress);
        this.preferredLeaders = new PreferredLeaders(term, shardChanges);
        this.pusher = new Pusher(term, sessions);
        this.takeover = new Takeover(term, VersionVector.NOTHING, false);
    }

    Term term() {
        return term;
    }

    long lastYieldAt() {
        return liveness.lastYieldAt();
    }

    void begin(long now, VersionVector seenByMe, boolean knowsCluster, Effects<ClusterEffect> out) {
        term.enter(now, out);
        takeover = new Takeover(term, seenByMe, knowsCluster);
        takeover.begin();
    }

    long deadline() {
        long claim = Math.min(takeover.deadline(), watchAgainAt);
        long care = Math.min(replicationFactors.deadline(), preferredLeaders.deadline());
        long duties = Math.min(liveness.deadline(), topics.deadline());
        return Math.min(Math.min(claim, term.deadline()), Math.min(care, duties));
    }

    void step(long now, ClusterEvent event, Effects<ClusterEffect> out) {
        term.enter(now, out);
        switch (event) {
            case StoreEvent.Reply reply -> term.onReply(reply);
            case StoreEvent.Watched watched -> onWatched(watched);
            case StoreEvent.WatchEnded ended -> onWatchEnded(ended);
            case NodeEvent.Received received -> onReceived(received);
            case NodeEvent.PeerFailed failed -> onPeerFailed(failed);
            case Signal.LeaseInDoubt doubt -> term.setReadOnly(doubt.inDoubt());
            default -> {}
        }
        if (now >= watchAgainAt) {
            watchAgainAt = Long.MAX_VALUE;
            term.emit(new StoreEffect.Watch(Kind.TOPIC));
        }
        takeover.tick(now);
        registrations.proceed();
        liveness.tick(now);
        topics.proceed(now);
        replicationFactors.tick(now);
        preferredLeaders.tick(now);
        term.flush();
        if (takeover.complete()) {
            activate(now);
        }
        noticeBrokers();
        term.flush();
        pusher.push(now);
        isrChanges.answer();
    }

    private void activate(long now) {
        term.activate();
        term.info("metadata claimed");
        liveness.begin(now);
        shardChanges.completeHalfDone();
        topics.begin(takeover.topics());
        registrations.proceed();
        topics.proceed(now);
        term.flush();
    }

    private void noticeBrokers() {
        if (!term.active()) {
            return;
        }
        int unfenced = term.unfenced().size();
        if (unfenced != unfencedBefore) {
            unfencedBefore = unfenced;
            topics.onBrokersChanged();
            topics.proceed(term.now());
        }
    }

    private void onWatched(StoreEvent.Watched watched) {
        if (watched.ref().kind() == Kind.TOPIC) {
            topics.onWatched(watched.ref());
        }
    }

    private void onWatchEnded(StoreEvent.WatchEnded ended) {
        if (ended.kind() == Kind.TOPIC) {
            watchAgainAt = term.now() + WATCH_RETRY_NANOS;
            if (ended.gone()) {
                topics.known().keySet().forEach(topics::onWatched);
            }
        }
    }

    private void onPeerFailed(NodeEvent.PeerFailed failed) {
        if (!term.active()) {
            return;
        }
        boolean refused = failed.failure() == PeerFailure.REFUSED;
        term.broker(failed.brokerId()).ifPresent(broker -> {
            if (refused) {
                sessions.refused(broker, failed.address(), failed.attemptedAt());
            }
            liveness.peerFailed(broker, refused);
        });
    }

    private void onReceived(NodeEvent.Received received) {
        var envelope = received.envelope();
        if (!(envelope.message() instanceof Message.ToController message)) {
            return;
        }
        if (message instanceof Message.RegisterRequest request) {
            registrations.onRequest(envelope, request);
            return;
        }
        if (term.phase() == Term.Phase.SAFE_MODE) {
            answerHeartbeat(envelope, message);
        }
        if (!term.active()) {
            return;
        }
        var entry = term.broker(envelope.srcId());
        if (entry.isEmpty()) {
            return;
        }
        if (!ControllerCore.fromRegistered(entry.get(), received)) {
            answerStranger(entry.get(), envelope);
            return;
        }
        boolean first = sessions.heard(entry.get(), term.now());
        if (first) {
            shardChanges.settleAll();
        }
        onMessage(entry.get(), envelope, message);
    }

    /** A process that is not the registered one: superseded if its epoch is older (S10). */
    private void answerStranger(BrokerEntry entry, Envelope envelope) {
        boolean older = envelope.srcEpoch() >= 0 && envelope.srcEpoch() < entry.epoch();
        if (older && !registrations.inProgress(entry.id())) {
            term.send(
                    envelope.srcId(),
                    envelope.srcIncarnation(),
                    entry.internal(),
                    new Message.Superseded(entry.epoch()));
        }
    }

    private void onMessage(BrokerEntry broker, Envelope envelope, Message.ToController message) {
        switch (message) {
            case Message.RegisterRequest request -> registrations.onRequest(envelope, request);
            case Message.Heartbeat heartbeat -> {
                pusher.onInstalled(broker, heartbeat.installed());
                sessions.of(broker).ifPresent(s -> s.reported(term.now(), heartbeat.peers(), heartbeat.silentPeers()));
                registrations.onHeard(broker);
                answerHeartbeat(envelope, heartbeat);
            }
            case Message.MetadataAck ack -> pusher.onInstalled(broker, ack.installed());
            case Message.MetadataNack nack -> pusher.onSeen(broker.id(), nack.persisted());
            case Message.UnfenceRequest request -> {
                pusher.onInstalled(broker, request.installed());
                registrations.onUnfence(broker, request);
            }
            case Message.PurgeConfirm confirm -> deletions.onConfirmed(broker.id(), confirm.topicId());
            case Message.ShutdownRequest request -> onShutdown(broker);
            case Message.StoppedNotice notice -> {
                if (notice.brokerEpoch() == broker.epoch()) {
                    liveness.stopped(broker);
                }
            }
            case Message.ProducerIdsRequest request -> giveProducerIds(broker, request.requestId());
            case Message.InternalTopicRequest request -> internalTopics.onWanted(request.topicName());
            case Message.AlterPartitions request -> isrChanges.onRequest(broker, request);
            case Message.ReassignRequest request -> replicaChanges.onReassign(broker, request);
            case Message.ElectRequest request -> replicaChanges.onElect(broker, request);
            case Message.ReplicaDropped confirmation -> replicaChanges.onReplicaDropped(broker, confirmation);
        }
    }

    private void answerHeartbeat(Envelope envelope, Message.ToController message) {
        if (message instanceof Message.Heartbeat) {
            term.broker(envelope.srcId())
                    .ifPresent(broker -> term.send(
                            broker,
                            new Message.HeartbeatAck(
                                    term.readOnly(), term.safeModeReason().orElse(null))));
        }
    }

    private void onShutdown(BrokerEntry broker) {
        if (broker.state() == BrokerState.UNFENCED) {
            term.registry().enqueue(new Change<>() {
                @Override
                public RegistryDoc apply(RegistryDoc current) {
                    return current.broker(broker.id())
                            .filter(entry -> entry.epoch() == broker.epoch() && entry.state() == BrokerState.UNFENCED)
                            .map(entry -> current.with(entry.withState(BrokerState.SHUTTING_DOWN)))
                            .orElse(current);
                }

                @Override
                public void durable(RegistryDoc now) {
                    shardChanges.settleAll();
                }
            });
            return;
        }
        boolean settled = term.shards().values().stream().allMatch(cell -> cell.settled() && cell.idle());
        if (settled && term.registry().idle()) {
            term.send(broker, new Message.ShutdownReply(broker.epoch(), shardChanges.movableLeaders(broker.id())));
        }
    }

    private void giveProducerIds(BrokerEntry broker, long requestId) {
        int block = term.settings().topics().producerIdBlock();
        long[] first = {-1};
        term.root().enqueue(new Change<>() {
            @Override
            public RootDoc apply(RootDoc current) {
                first[0] = current.nextProducerId();
                return current.withNextProducerId(first[0] + block);
            }

            @Override
            public void durable(RootDoc now) {
                term.send(broker, new Message.ProducerIdsReply(requestId, first[0], block));
            }
        });
    }
}
