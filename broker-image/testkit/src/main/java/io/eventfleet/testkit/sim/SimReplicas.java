// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.testkit.sim;

import io.eventfleet.core.KafkaError;
import io.eventfleet.core.cluster.image.ClusterImage;
import io.eventfleet.core.cluster.image.PartitionInfo;
import io.eventfleet.core.cluster.image.TopicInfo;
import io.eventfleet.core.cluster.image.TopicInfo.TopicState;
import io.eventfleet.core.cluster.port.NodeEffect;
import io.eventfleet.core.cluster.port.NodeEvent;
import io.eventfleet.core.log.TopicPartitionId;
import io.eventfleet.core.replication.LeaderAssignment;
import io.eventfleet.core.replication.LeaderReplica;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The replicas of one process: leads and follows as its image says. Does no more than the partition layer of a broker does
 * around the pure rules of {@code core.replication}.
 */
final class SimReplicas {

    private static final long LONG_POLL_NANOS = World.SECOND / 2;
    private static final long CHECKPOINT_NANOS = 5 * World.SECOND;

    private final SimNode.Process process;
    private final RecordOracle oracle;
    private final Map<TopicPartitionId, SimLog> logs = new LinkedHashMap<>();
    private final Map<TopicPartitionId, Role> roles = new LinkedHashMap<>();
    private final Map<Integer, FetchPipeline> pipelines = new TreeMap<>();
    private final List<Held> held = new ArrayList<>();
    private final Map<Long, Proposed> proposed = new HashMap<>();
    private ClusterImage image = ClusterImage.empty("");
    private long proposals;
    private boolean closed;

    /** What was last asked of a partition. */
    private static final class Role {
        private @Nullable Wanted wanted;
        private @Nullable PartitionInfo line;
        private @Nullable SimLeader led;
        private @Nullable SimFollower followed;
    }

    /** Leads if {@code leaderId} is this broker. */
    private record Wanted(int leaderId, int leaderEpoch) {}

    private record Proposed(SimLeader leader, long attempt) {}

    /** A fetch that waits for records. */
    private record Held(
            ReplicaWire.FetchRequest request, Consumer<List<ReplicaWire.Part>> answer, Set<TopicPartitionId> ids) {}

    SimReplicas(SimNode.Process process, RecordOracle oracle) {
        this.process = process;
        this.oracle = oracle;
        process.after(CHECKPOINT_NANOS, this::checkpoint);
    }

    Optional<SimLeader> led(TopicPartitionId id) {
        return Optional.ofNullable(roles.get(id)).map(role -> role.led);
    }

    Optional<SimFollower> followed(TopicPartitionId id) {
        return Optional.ofNullable(roles.get(id)).map(role -> role.followed);
    }

    List<SimLeader> led() {
        return roles.values().stream()
                .map(role -> role.led)
                .filter(Objects::nonNull)
                .toList();
    }

    void onImage(ClusterImage next) {
        if (closed) {
            return;
        }
        image = next;
        var present = new HashSet<TopicPartitionId>();
        for (var topic : sorted(next)) {
            if (topic.state() == TopicState.OPEN) {
                for (var line : topic.partitions()) {
                    var id = new TopicPartitionId(topic.id(), line.partition());
                    present.add(id);
                    assign(id, line);
                }
            }
        }
        roles.forEach((id, role) -> {
            if (!present.contains(id)) {
                change(id, role, null);
            }
        });
    }

    private static List<TopicInfo> sorted(ClusterImage image) {
        return image.topicsById().values().stream()
                .sorted(Comparator.comparing(topic -> topic.id()))
                .toList();
    }

    private void assign(TopicPartitionId id, PartitionInfo line) {
        int me = process.node().id();
        boolean mine = line.replicas().contains(me) && image.selfEpoch() >= 0;
        var wanted =
                mine && line.leader() != PartitionInfo.NO_LEADER ? new Wanted(line.leader(), line.leaderEpoch()) : null;
        if (wanted == null && !roles.containsKey(id)) {
            return;
        }
        var role = roles.computeIfAbsent(id, key -> new Role());
        role.line = line;
        if (!Objects.equals(role.wanted, wanted)) {
            change(id, role, wanted);
        } else if (role.led != null) {
            role.led.assigned(LeaderAssignment.of(image, me, line));
        }
    }

    private void change(TopicPartitionId id, Role role, @Nullable Wanted wanted) {
        if (Objects.equals(role.wanted, wanted)) {
            return;
        }
        withdraw(id, role);
        role.wanted = wanted;
        var log = logs.computeIfAbsent(
                id,
                key -> new SimLog(
                        process, key, process.files().log(key), process.node().buffered()));
        if (wanted == null) {
            log.resign(() -> {});
        } else if (log.leaderEpoch() > wanted.leaderEpoch()) {
            throw new IllegalStateException(process.name() + " is told of " + wanted + " after " + log.leaderEpoch());
        } else if (wanted.leaderId() == process.node().id()) {
            log.becomeLeader(wanted.leaderEpoch(), () -> lead(role, wanted, log));
        } else {
            log.becomeFollower(wanted.leaderEpoch(), () -> follow(role, wanted, log));
        }
    }

    private void withdraw(TopicPartitionId id, Role role) {
        if (role.led != null) {
            role.led.end();
            role.led = null;
        }
        if (role.followed != null) {
            pipeline(role.followed.leaderId()).forget(id);
            role.followed.end();
            role.followed = null;
        }
    }

    private void lead(Role role, Wanted wanted, SimLog log) {
        var line = role.line;
        if (wanted.equals(role.wanted) && line != null) {
            role.led = new SimLeader(
                    process,
                    oracle,
                    log,
                    LeaderAssignment.of(image, process.node().id(), line));
            role.led.controllerWritable(process.controllerWritable());
        }
    }

    private void follow(Role role, Wanted wanted, SimLog log) {
        var line = role.line;
        if (wanted.equals(role.wanted) && line != null) {
            var follower =
                    new SimFollower(process, oracle, log, wanted.leaderId(), wanted.leaderEpoch(), line.uncleanEpoch());
            role.followed = follower;
            pipeline(wanted.leaderId()).follow(follower);
        }
    }

    private FetchPipeline pipeline(int leaderId) {
        return pipelines.computeIfAbsent(
                leaderId, id -> new FetchPipeline(process, process.cluster().node(id)));
    }

    /** A producer's request; the answer runs at most once. */
    void produce(SimSend send, SimLeader.Answered answered) {
        var leader = led(send.id());
        if (leader.isEmpty()) {
            answered.on(KafkaError.NOT_LEADER_OR_FOLLOWER, -1);
            return;
        }
        leader.get().produce(send, (error, offset) -> {
            if (error == KafkaError.NONE && send.acks() == SimSend.Acks.ALL) {
                oracle.truth(send.id()).acknowledge(process.name(), send.payload(), offset, send.records());
            }
            answered.on(error, offset);
        });
    }

    /** A consumer's request, with the leader epoch that it knows (KIP-320). */
    SimConsumer.Fetched read(TopicPartitionId id, int leaderEpoch, long offset) {
        return led(id).map(leader -> leader.read(leaderEpoch, offset))
                .orElseGet(() -> SimConsumer.Fetched.refused(KafkaError.NOT_LEADER_OR_FOLLOWER));
    }

    /** Answers a follower at once if there is anything to say, else when there is, or when it has waited long enough. */
    void onFetch(ReplicaWire.FetchRequest request, Consumer<List<ReplicaWire.Part>> answer) {
        var parts = answer(request);
        if (parts.stream().anyMatch(ReplicaWire.Part::urgent)) {
            answer.accept(parts);
            return;
        }
        var ids = new HashSet<TopicPartitionId>();
        request.partitions().forEach(wanted -> ids.add(wanted.id()));
        var waits = new Held(request, answer, ids);
        held.add(waits);
        process.after(LONG_POLL_NANOS, () -> release(waits));
    }

    private List<ReplicaWire.Part> answer(ReplicaWire.FetchRequest request) {
        var parts = new ArrayList<ReplicaWire.Part>();
        for (var wanted : request.partitions()) {
            parts.add(led(wanted.id())
                    .map(leader -> leader.fetch(request, wanted))
                    .orElseGet(() -> ReplicaWire.Part.refused(wanted.id(), KafkaError.NOT_LEADER_OR_FOLLOWER)));
        }
        return parts;
    }

    private void release(Held waits) {
        if (held.remove(waits)) {
            waits.answer().accept(answer(waits.request()));
        }
    }

    /** Followers hear of records before they are durable here. */
    void onAppended(TopicPartitionId id) {
        for (var waits : List.copyOf(held)) {
            if (waits.ids().contains(id)) {
                process.after(0, () -> release(waits));
            }
        }
    }

    /** Hands a leader's proposal to the cluster cores. */
    void propose(SimLeader leader, LeaderReplica.Attempt attempt) {
        long number = ++proposals;
        proposed.put(number, new Proposed(leader, attempt.number()));
        process.after(0, () -> process.deliver(new NodeEvent.IsrProposed(number, attempt.proposal())));
    }

    void onProposalEnded(NodeEffect.ProposalEnded ended) {
        var asked = proposed.remove(ended.number());
        if (asked != null && ended.refusal() != null) {
            asked.leader().refused(asked.attempt(), ended.refusal());
        }
    }

    void controllerWritable(boolean writable) {
        led().forEach(leader -> leader.controllerWritable(writable));
    }

    /** Deletes what is stored of a topic. */
    void purge(UUID topicId) {
        for (var id : List.copyOf(roles.keySet())) {
            if (id.topicId().equals(topicId)) {
                withdraw(id, roles.remove(id));
                logs.remove(id);
            }
        }
        process.files().deleteTopic(topicId.toString());
    }

    /**
     * Deletes what is stored of one replica.
     *
     * @return false if this broker is to hold it again
     */
    boolean drop(TopicPartitionId id) {
        boolean wanted = image.partition(id.topicId(), id.partition())
                .filter(line -> line.replicas().contains(process.node().id()))
                .isPresent();
        if (wanted) {
            return false;
        }
        var role = roles.remove(id);
        if (role != null) {
            withdraw(id, role);
        }
        logs.remove(id);
        process.files().delete(id);
        return true;
    }

    /** Lays everything down; all logs are synced. */
    void close() {
        closed = true;
        roles.forEach((id, role) -> {
            withdraw(id, role);
            role.wanted = null;
        });
    }

    private void checkpoint() {
        roles.values().forEach(role -> {
            if (role.led != null) {
                role.led.checkpoint();
            } else if (role.followed != null) {
                role.followed.checkpoint();
            }
        });
        process.after(CHECKPOINT_NANOS, this::checkpoint);
    }
}
