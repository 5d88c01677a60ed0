// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.cluster.controller;

import io.eventfleet.core.cluster.BrokerEntry;
import io.eventfleet.core.cluster.ClusterEffect;
import io.eventfleet.core.cluster.Rng;
import io.eventfleet.core.cluster.TopicLines;
import io.eventfleet.core.cluster.VersionVector;
import io.eventfleet.core.cluster.image.BrokerInfo.BrokerState;
import io.eventfleet.core.cluster.image.Endpoint;
import io.eventfleet.core.cluster.message.Envelope;
import io.eventfleet.core.cluster.message.Message;
import io.eventfleet.core.cluster.port.ClusterSettings;
import io.eventfleet.core.cluster.port.Guards;
import io.eventfleet.core.cluster.port.NodeEffect;
import io.eventfleet.core.cluster.port.NodeEffect.Severity;
import io.eventfleet.core.cluster.port.NodeIdentity;
import io.eventfleet.core.cluster.store.ObjectNames;
import io.eventfleet.core.cluster.store.RegistryDoc;
import io.eventfleet.core.cluster.store.RequestIds;
import io.eventfleet.core.cluster.store.RootDoc;
import io.eventfleet.core.cluster.store.ShardDoc;
import io.eventfleet.core.cluster.store.StoreEvent;
import io.eventfleet.core.step.Effects;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One term of a controller: its epoch, the objects it has claimed, and the ways out. Everything that belongs to a term
 * hangs on this object and is dropped with it, so nothing of an older term can act in a newer one.
 */
final class Term {

    private static final int MAX_WRITES_IN_FLIGHT = 8;
    private static final int MAX_FLUSH_ROUNDS = 16;

    /** What stays the same from term to term. */
    record Node(NodeIdentity me, ClusterSettings settings, Guards guards, Rng rng, RequestIds ids) {}

    /** Where a term stands. */
    enum Phase {
        READING,
        CLAIMING,
        ACTIVE,
        SAFE_MODE,
        OVER
    }

    private final Node node;
    private final ObjectNames names;
    private final SortedMap<String, MetaCell<ShardDoc>> shards = new TreeMap<>();
    private final Map<Long, Consumer<StoreEvent.Reply>> replies = new HashMap<>();
    /** Tells the terms of one process apart: their first requests differ. */
    private final long number;

    private Phase phase = Phase.READING;
    private boolean readOnly;
    private int epoch;
    private long sequence;
    private int writesInFlight;
    private long now;
    private @Nullable Effects<ClusterEffect> out;
    private @Nullable MetaCell<RootDoc> root;
    private @Nullable MetaCell<RegistryDoc> registry;
    private @Nullable MetaCell<ShardDoc> incubating;
    private @Nullable String safeModeReason;
    private @Nullable Resignation resignation;

    /** Why a term ended by itself. */
    record Resignation(String reason, boolean release) {}

    Term(Node node) {
        this.node = node;
        this.names = new ObjectNames(node.me().cluster());
        this.number = node.ids().next();
    }

    void enter(long nowNanos, Effects<ClusterEffect> effects) {
        now = nowNanos;
        out = effects;
    }

    long now() {
        return now;
    }

    NodeIdentity me() {
        return node.me();
    }

    ClusterSettings settings() {
        return node.settings();
    }

    Guards guards() {
        return node.guards();
    }

    Rng rng() {
        return node.rng();
    }

    ObjectNames names() {
        return names;
    }

    Phase phase() {
        return phase;
    }

    boolean active() {
        return phase == Phase.ACTIVE;
    }

    boolean readOnly() {
        return readOnly;
    }

    void setReadOnly(boolean value) {
        readOnly = value;
    }

    int epoch() {
        return epoch;
    }

    void beginClaim(int newEpoch) {
        epoch = newEpoch;
        phase = Phase.CLAIMING;
    }

    void activate() {
        phase = Phase.ACTIVE;
    }

    void emit(ClusterEffect effect) {
        Objects.requireNonNull(out).emit(effect);
    }

    long nextRequest(MetaCell<?> cell) {
        return nextRequest(reply -> cell.onReply(now, reply));
    }

    long nextRequest(Consumer<StoreEvent.Reply> onReply) {
        long id = node.ids().next();
        replies.put(id, onReply);
        return id;
    }

    void onReply(StoreEvent.Reply reply) {
        var handler = replies.remove(reply.reqId());
        if (handler != null) {
            handler.accept(reply);
        }
    }

    String nextToken() {
        return tokenPrefix() + ++sequence;
    }

    /** Whether a write of this term carried the token; another term may have claimed the same epoch. */
    boolean wrote(String token) {
        return token.startsWith(tokenPrefix());
    }

    private String tokenPrefix() {
        return epoch + "/" + node.me().incarnation() + "/" + number + "/";
    }

    boolean tryBeginWrite() {
        if (writesInFlight >= MAX_WRITES_IN_FLIGHT) {
            return false;
        }
        writesInFlight++;
        return true;
    }

    void endWrite() {
        writesInFlight--;
    }

    /** Id of the cluster; empty as long as the root has not been read. */
    String clusterId() {
        return root == null ? "" : root.durable().fence().clusterId();
    }

    MetaCell<RootDoc> root() {
        return Objects.requireNonNull(root);
    }

    void setRoot(MetaCell<RootDoc> cell) {
        root = cell;
    }

    MetaCell<RegistryDoc> registry() {
        return Objects.requireNonNull(registry);
    }

    void setRegistry(MetaCell<RegistryDoc> cell) {
        registry = cell;
    }

    SortedMap<String, MetaCell<ShardDoc>> shards() {
        return shards;
    }

    /** A shard that is being created: claimed like any other, but without lines and not listed yet. */
    void incubate(@Nullable MetaCell<ShardDoc> cell) {
        incubating = cell;
    }

    /** Writes what may be written now; in the order of a claim: root, registry, shards. */
    void flush() {
        int rounds = 0;
        while (flushOnce() && rounds < MAX_FLUSH_ROUNDS) {
            rounds++;
        }
    }

    private boolean flushOnce() {
        if (readOnly || phase == Phase.SAFE_MODE || phase == Phase.OVER || root == null) {
            return false;
        }
        boolean completed = root.flush(now);
        boolean rootClaimed = root.durable().fence().controllerEpoch() == epoch && root.settled();
        if (registry == null || !rootClaimed) {
            return completed;
        }
        completed |= registry.flush(now);
        if (incubating != null) {
            completed |= incubating.flush(now);
        }
        if (registry.settled()) {
            for (var shard : List.copyOf(shards.values())) {
                if (phase != Phase.SAFE_MODE && phase != Phase.OVER) {
                    completed |= shard.flush(now);
                }
            }
        }
        return completed;
    }

    long deadline() {
        if (readOnly || phase == Phase.SAFE_MODE || phase == Phase.OVER || root == null) {
            return Long.MAX_VALUE;
        }
        long earliest = root.deadline(now);
        if (registry != null) {
            earliest = Math.min(earliest, registry.deadline(now));
        }
        if (incubating != null) {
            earliest = Math.min(earliest, incubating.deadline(now));
        }
        for (var shard : shards.values()) {
            earliest = Math.min(earliest, shard.deadline(now));
        }
        return earliest;
    }

    Optional<BrokerEntry> broker(int id) {
        return registry == null ? Optional.empty() : registry.durable().broker(id);
    }

    /** Brokers that clients may use. */
    List<BrokerEntry> unfenced() {
        return registry().durable().brokers().values().stream()
                .filter(broker -> broker.state() == BrokerState.UNFENCED)
                .toList();
    }

    /** The home block of a topic, wherever it is. */
    Optional<TopicLines> home(UUID topicId) {
        return homes().filter(topic -> topic.topicId().equals(topicId)).findFirst();
    }

    Stream<TopicLines> homes() {
        return shards.values().stream()
                .flatMap(cell -> cell.durable().topics().values().stream())
                .filter(TopicLines::home);
    }

    /** Versions of everything durable. */
    VersionVector vector() {
        var versions = new TreeMap<String, Long>();
        shards.forEach((name, cell) -> versions.put(name, cell.durable().fence().version()));
        return new VersionVector(
                root().durable().fence().storeGeneration(),
                epoch,
                registry().durable().fence().version(),
                versions);
    }

    void send(BrokerEntry to, Message message) {
        send(to.id(), to.incarnation(), to.internal(), message);
    }

    void send(int brokerId, @Nullable UUID incarnation, Endpoint address, Message message) {
        long ownEpoch = broker(me().brokerId())
                .filter(own -> own.incarnation().equals(me().incarnation()))
                .map(BrokerEntry::epoch)
                .orElse(-1L);
        emit(new NodeEffect.Send(
                address,
                new Envelope(me().brokerId(), me().incarnation(), ownEpoch, epoch, brokerId, incarnation, message)));
    }

    void info(String event, String... keysAndValues) {
        report(Severity.INFO, event, keysAndValues);
    }

    void warn(String event, String... keysAndValues) {
        report(Severity.WARN, event, keysAndValues);
    }

    private void report(Severity severity, String event, String... keysAndValues) {
        var keys = new TreeMap<String, String>();
        keys.put("controllerEpoch", Integer.toString(epoch));
        for (int i = 0; i + 1 < keysAndValues.length; i += 2) {
            keys.put(keysAndValues[i], keysAndValues[i + 1]);
        }
        emit(new NodeEffect.Report(severity, event, keys));
    }

    /** The store contradicts what is known: nothing more is decided in this term. */
    void safeMode(String reason) {
        if (phase != Phase.SAFE_MODE && phase != Phase.OVER) {
            phase = Phase.SAFE_MODE;
            safeModeReason = reason;
            report(Severity.ERROR, "safe mode", "reason", reason);
            emit(new NodeEffect.RoleChanged(NodeEffect.Role.SAFE_MODE, epoch));
        }
    }

    Optional<String> safeModeReason() {
        return Optional.ofNullable(safeModeReason);
    }

    /** Ends the term. */
    void resign(String reason, boolean release) {
        if (phase != Phase.OVER) {
            phase = Phase.OVER;
            resignation = new Resignation(reason, release);
        }
    }

    Optional<Resignation> resignation() {
        return Optional.ofNullable(resignation);
    }
}
