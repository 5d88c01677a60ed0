// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.testkit.sim;

import io.eventfleet.core.cluster.TopicState;
import io.eventfleet.core.cluster.broker.DiskState;
import io.eventfleet.core.cluster.image.BrokerInfo.BrokerState;
import io.eventfleet.core.cluster.image.ClusterImage;
import io.eventfleet.core.cluster.message.Envelope;
import io.eventfleet.core.cluster.message.Message;
import io.eventfleet.core.cluster.port.NodeEffect;
import io.eventfleet.core.cluster.store.Body;
import io.eventfleet.core.cluster.store.FencedBody;
import io.eventfleet.core.cluster.store.Kind;
import io.eventfleet.core.cluster.store.ObjectNames;
import io.eventfleet.core.cluster.store.Ref;
import io.eventfleet.core.cluster.store.RegistryDoc;
import io.eventfleet.core.cluster.store.RootDoc;
import io.eventfleet.core.cluster.store.ShardDoc;
import io.eventfleet.core.cluster.store.TopicDoc;
import io.eventfleet.core.log.TopicPartitionId;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The safety invariants, by their numbers in the specification, checked on every write to the store and on every effect
 * of every node. A broken one throws {@link Violation}.
 */
final class Invariants {

    private static final long LEASE_NANOS = 15 * World.SECOND;
    /** A refused connection may be reported late, and the write that follows it may be applied late. */
    private static final long EVIDENCE_NANOS = 15 * World.SECOND;

    private static final long SILENCE_NANOS = 12 * World.SECOND;
    /** Silence that is enough when the broker's replication peers report it too (E2b). */
    private static final long REPORTED_SILENCE_NANOS = 6 * World.SECOND;

    private final SimCluster cluster;
    private final StoreHistory history = new StoreHistory();
    private final ShardInvariants shards;
    private final Map<Long, UUID> epochsGiven = new HashMap<>();
    private final TreeMap<Long, Long> producerIds = new TreeMap<>();
    private final Map<String, UUID> servedBy = new HashMap<>();
    private final Silence<String> messages = new Silence<>(SILENCE_NANOS * SimCluster.SLOWEST_CLOCK);
    private final Silence<String> shortly = new Silence<>(REPORTED_SILENCE_NANOS * SimCluster.SLOWEST_CLOCK);
    private final Map<Integer, Long> reportedSilentAt = new HashMap<>();
    private final Silence<Ref> renewals = new Silence<>(LEASE_NANOS * SimCluster.SLOWEST_CLOCK);
    private final Map<Integer, Long> evidenceAt = new HashMap<>();
    private int highestActiveEpoch;
    private int fencings;

    Invariants(SimCluster cluster) {
        this.cluster = cluster;
        this.shards = new ShardInvariants(cluster, history);
    }

    /** Fencings of brokers so far. */
    int fencings() {
        return fencings;
    }

    StoreHistory history() {
        return history;
    }

    void onWrite(Ref ref, @Nullable Body before, @Nullable Body after) {
        switch (ref.kind()) {
            case ROOT, REGISTRY, SHARD -> {
                if (after instanceof FencedBody fenced) {
                    checkFence(ref, (FencedBody) before, fenced);
                    checkContent(ref, before, fenced);
                    history.onFenced(ref, fenced);
                    if (fenced instanceof ShardDoc shard) {
                        cluster.oracle().onShard(ref.name(), shard);
                    }
                }
            }
            case LEASE -> renewals.heard(ref, cluster.world().now());
            case TOPIC -> history.onTopic((TopicDoc) before, (TopicDoc) after);
        }
    }

    private void checkFence(Ref ref, @Nullable FencedBody before, FencedBody after) {
        if (before == null) {
            return;
        }
        var was = before.fence();
        var is = after.fence();
        if (is.version() != was.version() + 1 || is.controllerEpoch() < was.controllerEpoch()) {
            throw new Violation(3, ref + " from " + was + " to " + is);
        }
        if (ref.kind() != Kind.ROOT && is.controllerEpoch() < highestActiveEpoch) {
            throw new Violation(
                    4,
                    ref + " written by epoch " + is.controllerEpoch() + " after " + highestActiveEpoch
                            + " had claimed everything");
        }
    }

    private void checkContent(Ref ref, @Nullable Body before, FencedBody after) {
        if (after instanceof ShardDoc shard) {
            shards.check(ref.name(), (ShardDoc) before, shard);
        } else if (after instanceof RegistryDoc registry && before instanceof RegistryDoc old) {
            checkRegistry(old, registry);
        }
    }

    private void checkRegistry(RegistryDoc old, RegistryDoc next) {
        for (var broker : next.brokers().values()) {
            var was = old.broker(broker.id());
            boolean newEpoch = was.isEmpty() || was.get().epoch() != broker.epoch();
            if (newEpoch) {
                checkStamped(broker.id(), broker.epoch());
                cluster.node(broker.id()).registered(broker.incarnation());
            }
            boolean unfenced = was.isPresent()
                    && was.get().state() == BrokerState.FENCED
                    && broker.state() == BrokerState.UNFENCED;
            if (unfenced) {
                checkDurableEpoch(broker.id(), broker.lastUnfencedEpoch());
            }
            boolean fenced =
                    !newEpoch && was.get().state() != BrokerState.FENCED && broker.state() == BrokerState.FENCED;
            if (fenced) {
                checkFencing(broker.id(), broker.incarnation());
            }
        }
    }

    private void checkStamped(int brokerId, long epoch) {
        for (var doc : cluster.api().list(Kind.SHARD)) {
            var shard = (ShardDoc) doc.body();
            if (shard.assigns(brokerId) && shard.brokerEpochs().getOrDefault(brokerId, -1L) < epoch) {
                throw new Violation(
                        11,
                        "broker " + brokerId + " is registered with epoch " + epoch + " before "
                                + doc.ref().name() + " vouches for it");
            }
        }
    }

    private void checkDurableEpoch(int brokerId, long epoch) {
        var served = DiskState.read(cluster.node(brokerId).disk()::get).served();
        boolean wiped = cluster.node(brokerId).fate().lostSinceServed();
        if (!wiped && (served == null || served.brokerEpoch() < epoch)) {
            throw new Violation(
                    37, "broker " + brokerId + " is unfenced with epoch " + epoch + ", its disk has " + served);
        }
    }

    /** A living broker is fenced only for long silence, or for a Lease that really was not renewed (15, 17). */
    private void checkFencing(int brokerId, UUID incarnation) {
        fencings++;
        var process = cluster.node(brokerId).process();
        boolean alive = process.isPresent() && process.get().incarnation().equals(incarnation);
        long now = cluster.world().now();
        boolean evidence = now - evidenceAt.getOrDefault(brokerId, Long.MIN_VALUE / 2) < EVIDENCE_NANOS;
        if (!alive || evidence) {
            return;
        }
        var lease = new ObjectNames(SimCluster.NAME).brokerLease(brokerId);
        String session = controllerId() + "<" + brokerId;
        boolean reported = shortly.longEnough(session, now)
                && now - reportedSilentAt.getOrDefault(brokerId, Long.MIN_VALUE / 2) < EVIDENCE_NANOS;
        if (!reported && !messages.longEnough(session, now) && !renewals.longEnough(lease, now)) {
            throw new Violation(15, "living broker " + brokerId + " is fenced without a long silence");
        }
    }

    private int controllerId() {
        return ((RootDoc) cluster.api().list(Kind.ROOT).getFirst().body()).controllerId();
    }

    void onEffect(SimNode.Process process, NodeEffect effect) {
        switch (effect) {
            case NodeEffect.Send send -> onSend(process, send.envelope());
            case NodeEffect.InstallImage install -> onImage(process, install.image());
            case NodeEffect.PurgeTopic purge -> checkPurge(purge.topicId());
            case NodeEffect.DropReplica drop ->
                checkDrop(process, drop.replica().id());
            case NodeEffect.CloseLogs close -> onEvidence(process.node().id());
            case NodeEffect.RoleChanged change -> {
                if (change.role() == NodeEffect.Role.SAFE_MODE) {
                    throw new Violation(63, process.name() + " is in safe mode although the store never went back");
                }
                if (change.role() == NodeEffect.Role.CONTROLLER) {
                    highestActiveEpoch = Math.max(highestActiveEpoch, change.controllerEpoch());
                }
            }
            default -> {}
        }
    }

    /** A connection was refused, or a process said goodbye: evidence enough. */
    void onEvidence(int brokerId) {
        evidenceAt.put(brokerId, cluster.world().now());
    }

    void onHeard(SimNode.Process receiver, Envelope envelope) {
        if (envelope.message() instanceof Message.ToController) {
            String session = receiver.node().id() + "<" + envelope.srcId();
            messages.heard(session, cluster.world().now());
            shortly.heard(session, cluster.world().now());
        }
        if (envelope.message() instanceof Message.Heartbeat heartbeat) {
            heartbeat
                    .silentPeers()
                    .forEach(id -> reportedSilentAt.put(id, cluster.world().now()));
        }
    }

    private void onSend(SimNode.Process process, Envelope envelope) {
        switch (envelope.message()) {
            case Message.MetadataPush push -> checkPush(process, envelope.controllerEpoch(), push);
            case Message.RegisterReply reply -> checkRegistration(process, envelope, reply);
            case Message.ProducerIdsReply ids -> {
                checkClaimed(envelope.controllerEpoch(), "producer ids");
                checkProducerIds(ids);
            }
            default -> {}
        }
    }

    private void checkPush(SimNode.Process process, int epoch, Message.MetadataPush push) {
        checkClaimed(epoch, "a push");
        push.shards().forEach((name, shard) -> {
            checkWasDurable(name, shard);
            checkNotOpen(process, new Ref(Kind.SHARD, name));
        });
        if (push.registry() != null) {
            checkWasDurable(SimCluster.NAME, push.registry());
            checkNotOpen(process, new ObjectNames(SimCluster.NAME).registry());
        }
    }

    private void checkWasDurable(String name, FencedBody body) {
        if (!history.wasDurable(name, body)) {
            throw new Violation(1, "pushed before it was durable: " + name + " " + body.fence());
        }
    }

    private void checkNotOpen(SimNode.Process process, Ref ref) {
        for (var open : cluster.api().openWrites()) {
            boolean mayLand = open.by() == process
                    && open.ref().equals(ref)
                    && cluster.api().get(ref).orElseThrow().resourceVersion().equals(open.expectedVersion());
            if (mayLand) {
                throw new Violation(51, ref + " was pushed while a write of unknown outcome may still be applied");
            }
        }
    }

    private void checkClaimed(int epoch, String what) {
        var root = (RootDoc) cluster.api().list(Kind.ROOT).getFirst().body();
        for (var doc : cluster.api().list(Kind.SHARD)) {
            boolean listed = root.shards().contains(doc.ref().name());
            if (listed && ((ShardDoc) doc.body()).fence().controllerEpoch() < epoch) {
                throw new Violation(
                        2,
                        what + " by epoch " + epoch + " before it claimed "
                                + doc.ref().name());
            }
        }
    }

    private void checkRegistration(SimNode.Process process, Envelope envelope, Message.RegisterReply reply) {
        if (reply.registration() != Message.Registration.ACCEPTED) {
            return;
        }
        checkClaimed(envelope.controllerEpoch(), "a registration");
        UUID incarnation = envelope.dstIncarnation();
        UUID other = epochsGiven.putIfAbsent(reply.brokerEpoch(), incarnation);
        if (other != null && !other.equals(incarnation)) {
            throw new Violation(13, "broker epoch " + reply.brokerEpoch() + " was given twice");
        }
        var node = cluster.node(envelope.dstId());
        if (reply.verdict() != null && incarnation != null && node.fate().contradicts(incarnation, reply.verdict())) {
            throw new Violation(36, "broker " + node.id() + " was judged " + reply.verdict());
        }
    }

    private void checkProducerIds(Message.ProducerIdsReply ids) {
        long end = ids.first() + ids.count();
        var below = producerIds.floorEntry(ids.first());
        var above = producerIds.ceilingEntry(ids.first());
        boolean overlaps = (below != null && below.getValue() > ids.first()) || (above != null && above.getKey() < end);
        if (overlaps) {
            throw new Violation(13, "producer ids from " + ids.first() + " were given twice");
        }
        producerIds.put(ids.first(), end);
    }

    /** Two processes never serve the same partition under one leader epoch (52). */
    private void onImage(SimNode.Process process, ClusterImage image) {
        int me = process.node().id();
        for (var topic : image.topicsByName().values()) {
            for (var partition : topic.partitions()) {
                if (partition.leader() == me) {
                    String key = topic.id() + "-" + partition.partition() + "@" + partition.leaderEpoch();
                    UUID other = servedBy.putIfAbsent(key, process.incarnation());
                    if (other != null && !other.equals(process.incarnation())) {
                        throw new Violation(52, process.name() + " leads " + key + " as another process did");
                    }
                }
            }
        }
    }

    /** 39, 55: a replica is deleted only when a durable line says that it is none any more. */
    private void checkDrop(SimNode.Process process, TopicPartitionId id) {
        int me = process.node().id();
        cluster.oracle().stored(id).ifPresent(now -> {
            boolean current = process == process.node().process().orElse(null);
            if (current && !now.line().moves().dropped().containsKey(me)) {
                throw new Violation(39, process.name() + " deletes its replica of " + id + ": " + now.line());
            }
        });
        cluster.world().count("replicas dropped");
    }

    private void checkPurge(UUID topicId) {
        for (var doc : cluster.api().list(Kind.SHARD)) {
            var topic = ((ShardDoc) doc.body()).topics().get(topicId);
            if (topic != null && topic.home() && topic.state() != TopicState.PURGING) {
                throw new Violation(39, "data of " + topic.name() + " is deleted in state " + topic.state());
            }
        }
    }
}
