// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.testkit.sim;

import io.eventfleet.core.cluster.PartitionLine;
import io.eventfleet.core.cluster.TopicLines;
import io.eventfleet.core.cluster.TopicState;
import io.eventfleet.core.cluster.store.Kind;
import io.eventfleet.core.cluster.store.RootDoc;
import io.eventfleet.core.cluster.store.ShardDoc;
import io.eventfleet.core.log.TopicPartitionId;
import io.eventfleet.core.replication.IsrProposal;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What must hold of every write to a shard. */
final class ShardInvariants {

    private final SimCluster cluster;
    private final StoreHistory history;
    private final Map<LeaderKey, Integer> leaders = new HashMap<>();
    private final Map<UUID, Long> buriedAt = new HashMap<>();

    private record LeaderKey(UUID topicId, int partition, int leaderEpoch) {}

    ShardInvariants(SimCluster cluster, StoreHistory history) {
        this.cluster = cluster;
        this.history = history;
    }

    void check(String name, @Nullable ShardDoc before, ShardDoc after) {
        if (after.lineCount() > 0) {
            checkListed(name);
        }
        for (var topic : after.topics().values()) {
            var old = before == null ? null : before.topics().get(topic.topicId());
            checkTopic(name, topic, old);
            for (var line : topic.lines()) {
                checkShape(topic, line, after);
                var oldLine = old == null ? Optional.<PartitionLine>empty() : line(old, line.partition());
                if (oldLine.isPresent() && before != null) {
                    checkStep(topic, oldLine.get(), line, before, after);
                }
                checkLeader(topic, line);
            }
        }
        if (before != null) {
            checkRemoved(before, after);
        }
    }

    private void checkListed(String name) {
        boolean listed = cluster.api().list(Kind.ROOT).stream()
                .anyMatch(root -> ((RootDoc) root.body()).shards().contains(name));
        if (!listed) {
            throw new Violation(62, name + " has lines and is not listed in the root");
        }
    }

    private void checkTopic(String name, TopicLines topic, @Nullable TopicLines old) {
        Set<Integer> seen = new HashSet<>();
        for (var line : topic.lines()) {
            if (!seen.add(line.partition())) {
                throw new Violation(61, topic.name() + "-" + line.partition() + " has two lines in " + name);
            }
        }
        for (var doc : cluster.api().list(Kind.SHARD)) {
            var other = ((ShardDoc) doc.body()).topics().get(topic.topicId());
            if (!doc.ref().name().equals(name) && other != null) {
                boolean twice = other.lines().stream().anyMatch(line -> seen.contains(line.partition()));
                if (twice) {
                    throw new Violation(
                            61,
                            topic.name() + " has a line in " + name + " and in "
                                    + doc.ref().name());
                }
            }
        }
        if (old != null && topic.home()) {
            checkStateChange(topic, old);
        }
    }

    private void checkStateChange(TopicLines topic, TopicLines old) {
        long now = cluster.world().now();
        boolean dies = topic.state() == TopicState.TOMBSTONE || topic.state() == TopicState.PURGING;
        if (old.state() == TopicState.OPEN && dies) {
            buriedAt.put(topic.topicId(), now);
            if (!history.deletionSeen(old.uid())) {
                throw new Violation(39, topic.name() + " was deleted although its resource never was");
            }
        }
        if (old.state() == TopicState.PURGING && topic.state() != TopicState.PURGING) {
            throw new Violation(59, topic.name() + " came back from PURGING");
        }
        if (old.state() != TopicState.PURGING && topic.state() == TopicState.PURGING) {
            long graceNanos = (long) (topic.graceTotalMs() * World.MS * SimCluster.SLOWEST_CLOCK);
            if (old.state() != TopicState.TOMBSTONE || now - buriedAt.getOrDefault(topic.topicId(), now) < graceNanos) {
                throw new Violation(59, topic.name() + " is purged before its grace is over");
            }
        }
    }

    private static void checkShape(TopicLines topic, PartitionLine line, ShardDoc shard) {
        String what = topic.name() + "-" + line.partition() + " " + line;
        int minIsr = Math.min(topic.minIsr(), line.replicas().size());
        boolean sets = line.replicas().containsAll(line.isr())
                && line.replicas().containsAll(line.elr())
                && line.isr().stream().noneMatch(line.elr()::contains);
        boolean leads = line.leader() == PartitionLine.NO_LEADER || line.isr().contains(line.leader());
        if (!sets || !leads || (line.isr().size() >= minIsr && !line.elr().isEmpty())) {
            throw new Violation(7, what);
        }
        for (var id : line.replicas()) {
            boolean member = line.isr().contains(id) || line.elr().contains(id);
            if (member && !shard.brokerEpochs().containsKey(id)) {
                throw new Violation(8, what + " has a member without a stamp");
            }
        }
    }

    private void checkStep(TopicLines topic, PartitionLine old, PartitionLine line, ShardDoc before, ShardDoc after) {
        String what = topic.name() + "-" + line.partition() + " from " + old + " to " + line;
        boolean same = old.equals(line);
        boolean grows = line.partitionEpoch() > old.partitionEpoch() && line.leaderEpoch() >= old.leaderEpoch();
        if (!same && !grows) {
            throw new Violation(6, what);
        }
        if (old.leader() != line.leader() && line.leaderEpoch() <= old.leaderEpoch()) {
            throw new Violation(6, "leader without a new epoch: " + what);
        }
        if (!line.replicas().containsAll(old.replicas()) && line.leaderEpoch() <= old.leaderEpoch()) {
            throw new Violation(54, "replicas are gone without a new leader epoch: " + what);
        }
        var proposals = cluster.oracle().proposals(new TopicPartitionId(topic.topicId(), line.partition()), old, line);
        for (var id : line.isr()) {
            boolean fromOutside = !old.isr().contains(id) && !old.elr().contains(id);
            if (fromOutside && !old.lastKnownElr().contains(id) && !vouchedFor(id, proposals, after)) {
                throw new Violation(10, what);
            }
        }
        for (var id : old.isr()) {
            boolean removed = !line.replicas().contains(id) && line.leaderEpoch() > old.leaderEpoch();
            boolean shrunk =
                    removed || proposals.stream().anyMatch(p -> !p.isr().containsKey(id));
            if (!line.isr().contains(id) && !shrunk && !mayLeave(id, before, after)) {
                throw new Violation(12, "broker " + id + " left the ISR without being fenced: " + what);
            }
        }
        for (var id : old.elr()) {
            boolean gone = !line.elr().contains(id) && !line.isr().contains(id);
            boolean whole = line.isr().size()
                    >= Math.min(topic.minIsr(), line.replicas().size());
            boolean removed = !line.replicas().contains(id);
            if (gone && !whole && !removed && !registers(id, before, after)) {
                throw new Violation(50, "broker " + id + " left the ELR: " + what);
            }
        }
        if (line.leader() != old.leader() && line.leader() != PartitionLine.NO_LEADER) {
            long stamp = after.brokerEpochs().getOrDefault(line.leader(), -1L);
            if (!history.wasUnfenced(line.leader(), stamp)) {
                throw new Violation(8, "elected without being unfenced: " + what);
            }
        }
    }

    /** 9: the leader asked for this very incarnation, and the shard vouches for it. */
    private static boolean vouchedFor(int id, List<IsrProposal> proposals, ShardDoc after) {
        Long stamp = after.brokerEpochs().get(id);
        return proposals.stream()
                .anyMatch(proposal -> Objects.equals(stamp, proposal.isr().get(id)));
    }

    private boolean mayLeave(int id, ShardDoc before, ShardDoc after) {
        if (registers(id, before, after)) {
            return true;
        }
        var entry = history.registry().broker(id);
        long stamp = after.brokerEpochs().getOrDefault(id, -1L);
        return entry.isEmpty() || history.wasFenced(id, stamp) || entry.get().epoch() != stamp;
    }

    private static boolean registers(int id, ShardDoc before, ShardDoc after) {
        return !after.brokerEpochs()
                .getOrDefault(id, -1L)
                .equals(before.brokerEpochs().getOrDefault(id, -1L));
    }

    private void checkLeader(TopicLines topic, PartitionLine line) {
        if (line.leader() == PartitionLine.NO_LEADER) {
            return;
        }
        var key = new LeaderKey(topic.topicId(), line.partition(), line.leaderEpoch());
        Integer other = leaders.putIfAbsent(key, line.leader());
        if (other != null && other != line.leader()) {
            throw new Violation(6, "two leaders in one epoch: " + key + ": " + other + " and " + line.leader());
        }
    }

    private void checkRemoved(ShardDoc before, ShardDoc after) {
        for (var topic : before.topics().values()) {
            boolean gone = !after.topics().containsKey(topic.topicId());
            boolean mayGo = !topic.home() || topic.state() == TopicState.NEW || topic.state() == TopicState.PURGING;
            if (gone && !mayGo) {
                throw new Violation(39, "lines of " + topic.name() + " in state " + topic.state() + " were removed");
            }
        }
    }

    private static Optional<PartitionLine> line(TopicLines topic, int partition) {
        return topic.lines().stream().filter(l -> l.partition() == partition).findFirst();
    }

    /** Partitions and their leader epochs, for counting leader changes. */
    static Map<String, Integer> leaderEpochs(List<ShardDoc> shards) {
        var epochs = new HashMap<String, Integer>();
        for (var shard : shards) {
            for (var topic : shard.topics().values()) {
                topic.lines().forEach(line -> epochs.put(topic.topicId() + "-" + line.partition(), line.leaderEpoch()));
            }
        }
        return epochs;
    }
}
