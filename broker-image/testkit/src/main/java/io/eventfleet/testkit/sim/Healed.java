// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.testkit.sim;

import io.eventfleet.core.cluster.PartitionLine;
import io.eventfleet.core.cluster.TopicLines;
import io.eventfleet.core.cluster.TopicState;
import io.eventfleet.core.cluster.image.BrokerInfo.BrokerState;
import io.eventfleet.core.cluster.image.PartitionInfo;
import io.eventfleet.core.cluster.port.NodeEffect.Role;
import io.eventfleet.core.cluster.store.Kind;
import io.eventfleet.core.cluster.store.ShardDoc;
import io.eventfleet.core.cluster.store.TopicDoc;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What must come true once faults have stopped. Each method names what is still missing. */
final class Healed {

    private final SimCluster cluster;

    Healed(SimCluster cluster) {
        this.cluster = cluster;
    }

    /** 44, 56: every broker is registered, unfenced and knows it; there is one controller. */
    Optional<String> brokersServe() {
        var problems = new ArrayList<String>();
        long controllers = 0;
        for (var node : cluster.nodes()) {
            var process = node.process();
            if (process.isEmpty() || !process.get().ready()) {
                problems.add("broker " + node.id() + " is not ready");
                continue;
            }
            var entry = cluster.invariants().history().registry().broker(node.id());
            boolean agrees = entry.isPresent()
                    && entry.get().state() == BrokerState.UNFENCED
                    && entry.get().epoch() == process.get().core().broker().epoch();
            if (!agrees) {
                problems.add("broker " + node.id() + " and its registry entry disagree: " + entry);
            }
            for (var shard : cluster.shards()) {
                Long stamp = shard.brokerEpochs().get(node.id());
                if (shard.assigns(node.id())
                        && entry.isPresent()
                        && stamp != null
                        && stamp != entry.get().epoch()) {
                    problems.add("broker " + node.id() + " has stamp " + stamp + " in shard " + shard.shardId());
                }
            }
            controllers += process.get().role() == Role.CONTROLLER ? 1 : 0;
        }
        if (controllers != 1) {
            problems.add(controllers + " controllers");
        }
        return first(problems);
    }

    /** 66, 67: whoever can lead, leads. */
    Optional<String> leadersExist() {
        var problems = new ArrayList<String>();
        for (var shard : cluster.shards()) {
            for (var topic : shard.topics().values()) {
                for (var line : topic.lines()) {
                    boolean could = line.isr().stream().anyMatch(id -> electable(shard, id))
                            || (line.isr().isEmpty() && line.elr().stream().anyMatch(id -> electable(shard, id)));
                    if (line.leader() == PartitionLine.NO_LEADER && could) {
                        problems.add(topic.name() + "-" + line.partition() + " has no leader: " + line);
                    }
                }
            }
        }
        return first(problems);
    }

    private boolean electable(ShardDoc shard, int brokerId) {
        return cluster.invariants()
                .history()
                .registry()
                .broker(brokerId)
                .filter(b -> b.state() == BrokerState.UNFENCED)
                .filter(b -> shard.brokerEpochs().getOrDefault(brokerId, -1L) == b.epoch())
                .isPresent();
    }

    /** 46: what brokers know is what the store says. */
    Optional<String> imagesMatch() {
        var problems = new ArrayList<String>();
        for (var node : cluster.nodes()) {
            var process = node.process();
            if (process.isEmpty()) {
                problems.add("broker " + node.id() + " is down");
                continue;
            }
            for (var shard : cluster.shards()) {
                for (var topic : shard.topics().values()) {
                    for (var line : topic.lines()) {
                        compare(process.get(), topic, line).ifPresent(problems::add);
                    }
                }
            }
        }
        return first(problems);
    }

    private Optional<String> compare(SimNode.Process process, TopicLines topic, PartitionLine line) {
        var home = homes().stream()
                .filter(t -> t.topicId().equals(topic.topicId()))
                .findFirst();
        if (home.isEmpty() || line.partition() >= home.get().partitionCount()) {
            return Optional.empty();
        }
        var known = process.image().partition(topic.topicId(), line.partition());
        boolean same = known.map(PartitionInfo::partitionEpoch)
                        .filter(e -> e == line.partitionEpoch())
                        .isPresent()
                && known.get().leader() == line.leader();
        return same
                ? Optional.empty()
                : Optional.of(process.name() + " knows " + known + " of " + topic.name() + ", the store says " + line);
    }

    /** 60: every resource has its topic, every topic a resource, or is dying, or is an orphan. */
    Optional<String> topicsMatchResources() {
        var problems = new ArrayList<String>();
        var docs = cluster.api().list(Kind.TOPIC).stream()
                .map(doc -> (TopicDoc) doc.body())
                .toList();
        var homes = homes();
        for (var doc : docs) {
            long served = homes.stream()
                    .filter(home -> home.name().equals(doc.topicName()) && home.state() == TopicState.OPEN)
                    .count();
            boolean possible = doc.replicationFactor() <= cluster.nodes().size();
            if (doc.deleting() && !internal(doc.topicName())) {
                problems.add("Topic of " + doc.topicName() + " is still being deleted");
            } else if (served == 0 && possible) {
                problems.add(doc.topicName() + " is not open");
            } else if (served > 1) {
                problems.add(doc.topicName() + " is open twice");
            }
            homes.stream()
                    .filter(home -> home.uid().equals(doc.uid()) && home.state() == TopicState.OPEN)
                    .filter(home -> home.partitionCount() < doc.partitions() && !internal(home.name()))
                    .forEach(home -> problems.add(
                            home.name() + " has " + home.partitionCount() + " partitions of " + doc.partitions()));
        }
        Set<String> uids = docs.stream().map(TopicDoc::uid).collect(Collectors.toSet());
        homes.stream()
                .filter(home -> home.state() == TopicState.NEW && !uids.contains(home.uid()))
                .forEach(home -> problems.add(home.name() + " is NEW without a resource"));
        return first(problems);
    }

    /** 59: what was deleted is purged when its grace is over. */
    Optional<String> nothingIsDying() {
        return homes().stream()
                .filter(home -> home.state() == TopicState.TOMBSTONE || home.state() == TopicState.PURGING)
                .map(home -> home.name() + " is still " + home.state())
                .findFirst();
    }

    private boolean internal(String topicName) {
        return cluster.settings().topics().internalTopics().containsKey(topicName);
    }

    private List<TopicLines> homes() {
        return cluster.shards().stream()
                .flatMap(shard -> shard.topics().values().stream())
                .filter(TopicLines::home)
                .toList();
    }

    private static Optional<String> first(List<String> problems) {
        return problems.stream().findFirst();
    }
}
