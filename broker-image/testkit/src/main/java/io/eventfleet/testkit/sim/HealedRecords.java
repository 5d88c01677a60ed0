// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.testkit.sim;

import io.eventfleet.core.cluster.PartitionLine;
import io.eventfleet.core.log.TopicPartitionId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/** What must come true of records once faults and producers have stopped. Each method names what is still missing. */
final class HealedRecords {

    private final SimCluster cluster;

    HealedRecords(SimCluster cluster) {
        this.cluster = cluster;
    }

    /** 49: everybody is in sync. */
    Optional<String> everybodyIsInSync() {
        return first((id, line) -> {
            var missing = new HashSet<>(line.replicas());
            line.isr().forEach(missing::remove);
            return missing.isEmpty() ? Optional.empty() : Optional.of("lacks " + missing);
        });
    }

    /** 45, 48: no proposal and no producer waits any more. */
    Optional<String> nobodyWaits() {
        return first((id, line) -> {
            var leader = leader(id, line);
            if (leader.isEmpty()) {
                return Optional.of("is not led by " + line.leader());
            }
            return leader.get()
                    .replica()
                    .pending()
                    .map(proposal -> "still waits for " + proposal)
                    .or(() -> leader.get().waits() ? Optional.of("has producers that wait") : Optional.empty());
        });
    }

    /** 47: what was acknowledged, and whatever else was committed, is on every in-sync replica, once. */
    void checkRecords() {
        cluster.oracle().truths().forEach(truth -> {
            truth.checkUnique();
            cluster.oracle().stored(truth.id()).ifPresent(now -> {
                for (var member : now.line().isr()) {
                    truth.holdsEveryBatch(
                            47, "in-sync broker " + member, cluster.oracle().content(member, truth.id()));
                }
            });
        });
        checkEpochs();
    }

    /** 30: the epochs of every log are those of its batches. */
    private void checkEpochs() {
        for (var node : cluster.nodes()) {
            node.volume().logs().forEach((id, disk) -> {
                for (var batch : disk.written().batches()) {
                    if (disk.written().epochs().epochOf(batch.baseOffset()) != batch.leaderEpoch()) {
                        throw new Violation(
                                30,
                                "broker " + node.id() + " has " + batch + " in " + id + " under "
                                        + disk.written().epochs());
                    }
                }
            });
        }
    }

    private Optional<SimLeader> leader(TopicPartitionId id, PartitionLine line) {
        return cluster.node(line.leader()).process().flatMap(process -> process.replicas()
                .led(id));
    }

    /** The first problem of a partition that is led. */
    private Optional<String> first(BiFunction<TopicPartitionId, PartitionLine, Optional<String>> problem) {
        for (var open : openLines()) {
            var found = problem.apply(open.id(), open.line());
            if (found.isPresent()) {
                return Optional.of(open.id() + " " + found.get() + ": " + open.line());
            }
        }
        return Optional.empty();
    }

    private record Open(TopicPartitionId id, PartitionLine line) {}

    private List<Open> openLines() {
        var open = new ArrayList<Open>();
        for (var truth : cluster.oracle().truths()) {
            cluster.oracle()
                    .stored(truth.id())
                    .filter(now -> now.open() && now.line().leader() != PartitionLine.NO_LEADER)
                    .ifPresent(now -> open.add(new Open(truth.id(), now.line())));
        }
        return open;
    }
}
