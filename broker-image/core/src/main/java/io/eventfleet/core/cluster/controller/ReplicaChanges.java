// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.cluster.controller;

import io.eventfleet.core.KafkaError;
import io.eventfleet.core.admin.ReplicaAdmin.Election;
import io.eventfleet.core.cluster.BrokerEntry;
import io.eventfleet.core.cluster.PartitionLine;
import io.eventfleet.core.cluster.TopicLines;
import io.eventfleet.core.cluster.image.BrokerInfo.BrokerState;
import io.eventfleet.core.cluster.message.Message;
import io.eventfleet.core.cluster.message.PartitionOutcome;
import io.eventfleet.core.cluster.store.ShardDoc;
import io.eventfleet.core.log.TopicPartitionId;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * What administrators ask of replicas and leaders: reassignments (KIP-455) and elections (KIP-460). A request is repeated
 * by its broker until every partition has an outcome, and each outcome is said when it is durable. What must wait, such as a
 * broker that has not yet deleted what it held before, simply has none yet.
 */
final class ReplicaChanges {

    private static final long LINGER_NANOS = 10_000_000L;
    private static final int REMEMBERED_REQUESTS = 256;

    private final Term term;
    private final ShardChanges shardChanges;
    private final IntPredicate registering;
    /** The latest requests, so that a copy of one that is done gets the same answer. */
    private final Map<RequestKey, Asked> asked = new LinkedHashMap<>();

    private record RequestKey(UUID incarnation, long requestId) {}

    /** A request with what is known of its outcome. */
    private static final class Asked {
        private final BrokerEntry from;
        private final long requestId;
        private final int partitions;
        private final Set<TopicPartitionId> underWay = new HashSet<>();
        private final Map<TopicPartitionId, PartitionOutcome> outcomes = new LinkedHashMap<>();

        private Asked(BrokerEntry from, long requestId, int partitions) {
            this.from = from;
            this.requestId = requestId;
            this.partitions = partitions;
        }
    }

    /** What a command makes of a shard; without an outcome it is to be tried again. */
    record Effect(ShardDoc shard, @Nullable KafkaError error, String message) {}

    /** A command on the line of one partition. */
    @FunctionalInterface
    interface LineCommand {
        Effect apply(ShardDoc shard, TopicLines topic, PartitionLine line);
    }

    /** @param registering brokers whose epoch is about to change */
    ReplicaChanges(Term term, ShardChanges shardChanges, IntPredicate registering) {
        this.term = term;
        this.shardChanges = shardChanges;
        this.registering = registering;
    }

    void onReassign(BrokerEntry broker, Message.ReassignRequest request) {
        var asking = remember(broker, request.requestId(), request.targets().size());
        for (var target : request.targets()) {
            attempt(asking, target.id(), reassignment(target.replicas()));
        }
        answer(asking);
    }

    void onElect(BrokerEntry broker, Message.ElectRequest request) {
        var asking = remember(broker, request.requestId(), request.partitions().size());
        for (var id : request.partitions()) {
            attempt(asking, id, election(request.election()));
        }
        answer(asking);
    }

    /** The broker's disk does not hold its former replica any more. */
    void onReplicaDropped(BrokerEntry broker, Message.ReplicaDropped confirmation) {
        var id = confirmation.id();
        shardChanges
                .cellOf(id)
                .ifPresent(cell -> cell.enqueueWithin(
                        shard -> shardChanges.withLine(
                                shard,
                                id,
                                line -> PartitionFold.confirmDropped(line, broker.id(), confirmation.droppedIn())),
                        LINGER_NANOS));
    }

    private Asked remember(BrokerEntry broker, long requestId, int partitions) {
        if (asked.size() > REMEMBERED_REQUESTS) {
            asked.remove(asked.keySet().iterator().next());
        }
        return asked.computeIfAbsent(
                new RequestKey(broker.incarnation(), requestId), key -> new Asked(broker, requestId, partitions));
    }

    private void attempt(Asked request, TopicPartitionId id, LineCommand command) {
        if (term.readOnly() || request.outcomes.containsKey(id) || !request.underWay.add(id)) {
            return;
        }
        var cell = shardChanges.cellOf(id);
        if (cell.isEmpty() || !shardChanges.open(id.topicId())) {
            request.underWay.remove(id);
            request.outcomes.put(id, unknown(id));
            return;
        }
        cell.get().enqueueWithin(new Attempt(request, id, command), LINGER_NANOS);
    }

    private void answer(Asked request) {
        if (request.outcomes.size() == request.partitions) {
            term.send(
                    request.from,
                    new Message.ReplicaChangeReply(request.requestId, List.copyOf(request.outcomes.values())));
        }
    }

    /** A command under way; {@link #effect} is that of the last application. */
    private final class Attempt implements Change<ShardDoc> {

        private final Asked request;
        private final TopicPartitionId id;
        private final LineCommand command;
        private @Nullable Effect effect;

        private Attempt(Asked request, TopicPartitionId id, LineCommand command) {
            this.request = request;
            this.id = id;
            this.command = command;
        }

        @Override
        public ShardDoc apply(ShardDoc current) {
            var topic = current.topics().get(id.topicId());
            var line = ShardChanges.lineOf(current, id);
            effect = topic == null || line.isEmpty() ? null : command.apply(current, topic, line.get());
            return effect == null ? current : effect.shard();
        }

        @Override
        public void durable(ShardDoc now) {
            request.underWay.remove(id);
            if (effect == null) {
                request.outcomes.put(id, unknown(id));
            } else if (effect.error() != null) {
                request.outcomes.put(id, new PartitionOutcome(id, effect.error(), effect.message()));
            }
            answer(request);
        }
    }

    private static PartitionOutcome unknown(TopicPartitionId id) {
        return new PartitionOutcome(id, KafkaError.UNKNOWN_TOPIC_OR_PARTITION, "");
    }

    private static Effect refused(ShardDoc shard, KafkaError error, String message) {
        return new Effect(shard, error, message);
    }

    private static Effect later(ShardDoc shard) {
        return new Effect(shard, null, "");
    }

    /** @param wanted replicas to be, or nobody to cancel */
    LineCommand reassignment(List<Integer> wanted) {
        return (shard, topic, line) -> {
            if (wanted.isEmpty() && !line.moves().running()) {
                return refused(shard, KafkaError.NO_REASSIGNMENT_IN_PROGRESS, "");
            }
            var target = wanted.isEmpty() ? before(line) : wanted;
            String flaw = flaw(target);
            if (flaw != null) {
                return refused(shard, KafkaError.INVALID_REPLICA_ASSIGNMENT, flaw);
            }
            var added = target.stream().filter(id -> !line.assignedTo(id)).toList();
            if (added.stream()
                    .anyMatch(
                            id -> registering.test(id) || line.moves().dropped().containsKey(id))) {
                return later(shard);
            }
            var stamped = shard;
            for (int id : added) {
                stamped = shardChanges.stampAsRegistered(stamped, id);
            }
            var next = PartitionFold.reassign(line, target, topic.minIsr(), shardChanges.members(stamped));
            return next == line
                    ? new Effect(shard, KafkaError.NONE, "")
                    : new Effect(stamped.withTopic(topic.withLine(next)), KafkaError.NONE, "");
        };
    }

    private static List<Integer> before(PartitionLine line) {
        return line.replicas().stream()
                .filter(id -> !line.moves().adding().contains(id))
                .toList();
    }

    private @Nullable String flaw(List<Integer> target) {
        int max = term.settings().topics().maxReplicationFactor();
        if (target.size() > max) {
            return target.size() + " replicas are more than the " + max + " that are supported";
        }
        if (Set.copyOf(target).size() < target.size()) {
            return "a broker is named twice";
        }
        for (int id : target) {
            boolean usable = term.broker(id)
                    .filter(entry -> entry.state() != BrokerState.RETIRED)
                    .isPresent();
            if (!usable) {
                return "there is no broker " + id;
            }
        }
        return null;
    }

    private LineCommand election(Election election) {
        return (shard, topic, line) -> switch (election) {
            case PREFERRED -> preferred(shard, topic, line);
            case UNCLEAN -> unclean(shard, topic, line);
        };
    }

    private Effect preferred(ShardDoc shard, TopicLines topic, PartitionLine line) {
        int preferred = line.replicas().getFirst();
        if (line.leader() == preferred) {
            return refused(shard, KafkaError.ELECTION_NOT_NEEDED, "");
        }
        var next = PartitionFold.prefer(line, topic.minIsr(), shardChanges.members(shard));
        return next.leader() != preferred
                ? refused(
                        shard,
                        KafkaError.PREFERRED_LEADER_NOT_AVAILABLE,
                        "broker " + preferred + " is not in sync, or not here")
                : new Effect(shard.withTopic(topic.withLine(next)), KafkaError.NONE, "");
    }

    private Effect unclean(ShardDoc shard, TopicLines topic, PartitionLine line) {
        var members = shardChanges.members(shard);
        boolean led = line.leader() != PartitionLine.NO_LEADER && members.inSync(line.leader());
        if (led) {
            return refused(shard, KafkaError.ELECTION_NOT_NEEDED, "");
        }
        var next = PartitionFold.electUnclean(line, topic.minIsr(), members);
        if (next.leader() == PartitionLine.NO_LEADER) {
            return refused(shard, KafkaError.ELIGIBLE_LEADERS_NOT_AVAILABLE, "no replica is on a live broker");
        }
        term.warn(
                "unclean election",
                "topic",
                topic.name(),
                "partition",
                Integer.toString(line.partition()),
                "leader",
                Integer.toString(next.leader()));
        return new Effect(shard.withTopic(topic.withLine(next)), KafkaError.NONE, "");
    }
}
