// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.testkit.sim;

import io.eventfleet.core.cluster.PartitionLine;
import io.eventfleet.core.cluster.TopicState;
import io.eventfleet.core.cluster.store.ShardDoc;
import io.eventfleet.core.log.TopicPartitionId;
import io.eventfleet.core.replication.FollowerReplica;
import io.eventfleet.core.replication.IsrProposal;
import io.eventfleet.core.replication.LeaderReplica;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Sees every log and the store at once, and so knows what must never be lost. Checks the invariants of records, by their
 * numbers in the specification, whenever something moves that they speak of.
 */
final class RecordOracle {

    private final SimCluster cluster;
    private final Map<TopicPartitionId, PartitionTruth> truths = new LinkedHashMap<>();
    private final Map<TopicPartitionId, Stored> stored = new LinkedHashMap<>();
    private final Map<String, Set<TopicPartitionId>> byShard = new HashMap<>();
    private final Map<LedEpoch, Long> highWatermarks = new HashMap<>();
    private final Map<TopicPartitionId, List<IsrProposal>> proposals = new HashMap<>();

    /**
     * A line as the store has it.
     *
     * @param minIsr effective, of the same version
     * @param open false while the topic has no leaders
     * @param stamps which incarnations the shard vouches for
     */
    record Stored(PartitionLine line, int minIsr, boolean open, Map<Integer, Long> stamps) {}

    private record LedEpoch(TopicPartitionId id, int leaderEpoch) {}

    RecordOracle(SimCluster cluster) {
        this.cluster = cluster;
    }

    PartitionTruth truth(TopicPartitionId id) {
        return truths.computeIfAbsent(id, PartitionTruth::new);
    }

    Collection<PartitionTruth> truths() {
        return truths.values();
    }

    Optional<Stored> stored(TopicPartitionId id) {
        return Optional.ofNullable(stored.get(id));
    }

    /** Partitions of open topics, in the order in which they came. */
    List<TopicPartitionId> open() {
        var open = new ArrayList<TopicPartitionId>();
        stored.forEach((id, now) -> {
            if (now.open()) {
                open.add(id);
            }
        });
        return open;
    }

    /** A shard was written. */
    void onShard(String name, ShardDoc shard) {
        var present = new HashSet<TopicPartitionId>();
        for (var topic : shard.topics().values()) {
            if (topic.home() && topic.state() == TopicState.PURGING) {
                purging(topic.topicId());
            }
            for (var line : topic.lines()) {
                var id = new TopicPartitionId(topic.topicId(), line.partition());
                present.add(id);
                var before = stored.get(id);
                int minIsr = Math.min(topic.minIsr(), line.replicas().size());
                boolean open = topic.state() == TopicState.OPEN;
                var now = new Stored(line, minIsr, open, shard.brokerEpochs());
                if (!now.equals(before)) {
                    count(before, now);
                    stored.put(id, now);
                    if (line.uncleanEpoch() >= 0
                            && (before == null || before.line().uncleanEpoch() != line.uncleanEpoch())) {
                        onUncleanElection(id, line);
                    }
                    checkCandidates(id, line);
                }
            }
        }
        var gone = byShard.put(name, present);
        if (gone != null) {
            gone.removeAll(present);
            gone.forEach(stored::remove);
        }
    }

    private void count(@Nullable Stored before, Stored now) {
        if (before != null) {
            long was = before.line().isr().size();
            long is = now.line().isr().size();
            if (is != was) {
                cluster.world().count(is > was ? "larger ISRs" : "smaller ISRs");
            }
            if (before.line().elr().isEmpty() && !now.line().elr().isEmpty()) {
                cluster.world().count("ELRs");
            }
        }
    }

    /** What the users deleted for good is nobody's any more. */
    private void purging(UUID topicId) {
        truths.forEach((id, truth) -> {
            if (id.topicId().equals(topicId)) {
                truth.excuse(true);
            }
        });
    }

    private void onUncleanElection(TopicPartitionId id, PartitionLine line) {
        var truth = truth(id);
        if (!truth.excused() && truth.end() > 0) {
            boolean lossy = line.isr().stream().noneMatch(member -> isWhole(member, truth));
            if (lossy) {
                throw new Violation(33, id + " had an unclean election that was not needed: " + line);
            }
        }
    }

    /** 32: every member of ISR and ELR has everything that is committed. */
    private void checkCandidates(TopicPartitionId id, PartitionLine line) {
        var truth = truths.get(id);
        if (truth == null || truth.excused() || truth.end() == 0) {
            return;
        }
        line.isr().forEach(member -> checkCandidate(truth, member, "in-sync broker "));
        line.elr().forEach(member -> checkCandidate(truth, member, "eligible broker "));
    }

    private void checkCandidate(PartitionTruth truth, int member, String what) {
        var volume = cluster.node(member).volume();
        if (!volume.suspect()) {
            truth.holds(32, what + member, content(member, truth.id()));
        }
    }

    /** What a broker holds for sure: as durable as its mode promises. */
    LogContent content(int brokerId, TopicPartitionId id) {
        var node = cluster.node(brokerId);
        var disk = node.volume().log(id);
        return node.buffered() ? disk.written() : disk.synced();
    }

    private boolean isWhole(int brokerId, PartitionTruth truth) {
        var volume = cluster.node(brokerId).volume();
        if (volume.suspect()) {
            return false;
        }
        var content = content(brokerId, truth.id());
        return content.end() >= truth.end();
    }

    /** A broker leads from now on. */
    void elected(SimNode.Process process, LeaderReplica replica, SimLog log) {
        cluster.world().count("leaderships");
        if (replica.leaderEpoch() > 0) {
            cluster.world().count("leaderships after the first");
        }
        var truth = truth(log.id());
        var now = stored.get(log.id());
        boolean outdated = now == null || now.line().leaderEpoch() != replica.leaderEpoch();
        if (!outdated) {
            truth.holdsEveryBatch(32, process.name() + " leading in epoch " + replica.leaderEpoch(), log.content());
        }
        cluster.world()
                .trace(process.name() + " leads " + log.id() + " in epoch " + replica.leaderEpoch() + " from "
                        + log.logEndOffset() + ", committed " + replica.highWatermark());
    }

    /** A leader's high watermark moved from where it was heard of last. */
    void committed(SimNode.Process process, LeaderReplica replica, SimLog log, long from) {
        cluster.world().count("commits");
        var id = log.id();
        long mark = replica.highWatermark();
        Long before = highWatermarks.put(new LedEpoch(id, replica.leaderEpoch()), mark);
        if (before != null && mark < before) {
            throw new Violation(
                    20, process.name() + ": high watermark of " + id + " falls from " + before + " to " + mark);
        }
        var truth = truth(id);
        long was = truth.end();
        truth.commit(process.name(), log.content(), from, mark);
        var line = stored.get(id);
        if (line != null && truth.end() > was) {
            checkMaximal(process, replica, line);
            checkCandidates(id, line.line());
        }
    }

    /** 19: a leader that is not outdated waits for everybody who may be elected. */
    private void checkMaximal(SimNode.Process process, LeaderReplica replica, Stored now) {
        boolean outdated = now.line().leaderEpoch() != replica.leaderEpoch();
        boolean commits = now.line().isr().size() >= now.minIsr();
        if (!outdated && commits) {
            var missing = new ArrayList<>(now.line().isr());
            missing.addAll(now.line().elr());
            missing.removeAll(replica.maximalIsr());
            if (!missing.isEmpty()) {
                throw new Violation(
                        19,
                        process.name() + " does not wait for " + missing + " of " + now.line() + " but for "
                                + replica.maximalIsr());
            }
        }
    }

    /** A follower has carried out what its leader's answer meant. */
    void followed(SimNode.Process process, FollowerReplica replica, SimLog log) {
        var truth = truth(log.id());
        if (!truth.excused() && replica.highWatermark() > truth.end()) {
            throw new Violation(
                    31,
                    process.name() + " takes " + log.id() + " for committed up to " + replica.highWatermark()
                            + ", committed is " + truth.end());
        }
    }

    /** A follower refused to cut off what it knows to be committed. */
    void failed(SimNode.Process process, TopicPartitionId id, String reason) {
        if (!truth(id).excused()) {
            throw new Violation(29, process.name() + " cannot follow " + id + ": " + reason);
        }
        cluster.world().trace(process.name() + " gives up " + id);
    }

    /** A follower was told what cannot be. */
    void distrusted(SimNode.Process process, TopicPartitionId id, String reason) {
        if (!truth(id).excused()) {
            throw new Violation(24, process.name() + " was told nonsense about " + id + ": " + reason);
        }
    }

    void proposed(SimNode.Process process, IsrProposal proposal) {
        cluster.world().count("proposals");
        proposals.computeIfAbsent(proposal.id(), key -> new ArrayList<>()).add(proposal);
        cluster.world()
                .trace(process.name() + " proposes " + proposal.isr() + " for " + proposal.id() + " at "
                        + proposal.partitionEpoch());
    }

    /** Proposals ever made for this version of the line, or for one between it and the next. */
    List<IsrProposal> proposals(TopicPartitionId id, PartitionLine before, PartitionLine after) {
        return proposals.getOrDefault(id, List.of()).stream()
                .filter(p -> p.leaderEpoch() >= before.leaderEpoch() && p.leaderEpoch() <= after.leaderEpoch())
                .filter(p ->
                        p.partitionEpoch() >= before.partitionEpoch() && p.partitionEpoch() < after.partitionEpoch())
                .toList();
    }

    /**
     * Partitions for which nobody else is left who holds everything committed and may be elected: their records are lost
     * if this broker's volume is.
     */
    List<TopicPartitionId> onlyOn(SimNode node) {
        var only = new ArrayList<TopicPartitionId>();
        stored.forEach((id, now) -> {
            var truth = truth(id);
            var others = new HashSet<>(now.line().isr());
            others.addAll(now.line().elr());
            others.remove(node.id());
            boolean holds = now.line().replicas().contains(node.id());
            if (holds && truth.end() > 0 && others.stream().noneMatch(other -> isWhole(other, truth))) {
                only.add(id);
            }
        });
        return only;
    }
}
