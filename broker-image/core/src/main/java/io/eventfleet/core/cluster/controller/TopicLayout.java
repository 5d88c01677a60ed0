// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.cluster.controller;

import io.eventfleet.core.cluster.BrokerEntry;
import io.eventfleet.core.cluster.PartitionLine;
import io.eventfleet.core.cluster.TopicLines;
import io.eventfleet.core.cluster.TopicState;
import io.eventfleet.core.cluster.image.BrokerInfo.BrokerState;
import io.eventfleet.core.cluster.store.ShardDoc;
import io.eventfleet.core.cluster.store.TopicDoc;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Writes the lines of new partitions into shards: where there is room, over brokers that live (A12). */
final class TopicLayout {

    private static final String MIN_ISR = "min.insync.replicas";

    private final Term term;
    private final ShardChanges shardChanges;
    private final IntPredicate registering;

    /** @param registering brokers whose epoch is about to change */
    TopicLayout(Term term, ShardChanges shardChanges, IntPredicate registering) {
        this.term = term;
        this.shardChanges = shardChanges;
        this.registering = registering;
    }

    /** Every partition of the topic that has a line somewhere. */
    SortedSet<Integer> placed(UUID topicId) {
        var placed = new TreeSet<Integer>();
        term.shards().values().forEach(cell -> {
            var topic = cell.durable().topics().get(topicId);
            if (topic != null) {
                topic.lines().forEach(line -> placed.add(line.partition()));
            }
        });
        return placed;
    }

    /** Shard with the most suitable room: all missing lines if possible. */
    Optional<String> shardFor(int lines) {
        int max = term.settings().topics().maxLinesPerShard();
        String best = null;
        int bestRoom = 0;
        for (var cell : term.shards().entrySet()) {
            int room = max - cell.getValue().durable().lineCount();
            if (room >= lines) {
                return Optional.of(cell.getKey());
            }
            if (room > bestRoom) {
                best = cell.getKey();
                bestRoom = room;
            }
        }
        return Optional.ofNullable(best);
    }

    /** True if every missing partition of the topic can be given brokers in this shard now. */
    boolean possible(TopicDoc doc, UUID topicId, String shard) {
        var cell = term.shards().get(shard);
        return cell != null && possible(doc, placed(topicId), cell.durable());
    }

    private boolean possible(TopicDoc doc, SortedSet<Integer> present, ShardDoc shard) {
        if (doc.replicationFactor() > term.settings().topics().maxReplicationFactor()) {
            return false;
        }
        var usable = ids(usable(shard));
        var known = new ArrayList<>(usable);
        known.addAll(ids(away()));
        return IntStream.range(0, doc.partitions())
                .filter(p -> !present.contains(p))
                .allMatch(p -> p < doc.assignment().size()
                        ? complete(doc.assignment().get(p), doc.replicationFactor(), usable, known)
                        : !usable.isEmpty() && known.size() >= doc.replicationFactor());
    }

    /** Brokers chosen by a client: as many as there are to be replicas, none twice, all known, one usable. */
    private static boolean complete(
            List<Integer> chosen, int replicationFactor, List<Integer> usable, List<Integer> known) {
        return chosen.size() == replicationFactor
                && Set.copyOf(chosen).size() == replicationFactor
                && known.containsAll(chosen)
                && chosen.stream().anyMatch(usable::contains);
    }

    private static List<Integer> ids(List<BrokerEntry> brokers) {
        return brokers.stream().map(BrokerEntry::id).toList();
    }

    int minIsr(TopicDoc doc) {
        String own = doc.config().get(MIN_ISR);
        int wanted = term.settings().topics().defaultMinIsr();
        if (own != null) {
            try {
                wanted = Integer.parseInt(own);
            } catch (NumberFormatException notANumber) {
                term.warn("topic setting ignored", "topic", doc.topicName(), "setting", MIN_ISR);
            }
        }
        return Math.max(1, Math.min(wanted, doc.replicationFactor()));
    }

    /**
     * Adds missing lines to one shard, as many as it has room for.
     *
     * @param topicId id of the topic, new or existing
     * @param born value of the broker epoch counter
     * @param home header to use if this becomes the home shard, or null if the topic has a home
     */
    ShardDoc place(ShardDoc shard, TopicDoc doc, UUID topicId, long born, @Nullable TopicLines home) {
        var present = placed(topicId);
        var existing = shard.topics().get(topicId);
        if (existing != null) {
            existing.lines().forEach(line -> present.add(line.partition()));
        }
        if (!possible(doc, present, shard)) {
            return shard;
        }
        var placement = new Placement(usable(shard), away(), allLines(shard));
        int room = term.settings().topics().maxLinesPerShard() - shard.lineCount();
        var lines = new ArrayList<PartitionLine>(existing == null ? List.of() : existing.lines());
        var next = shard;
        for (int p = 0; p < doc.partitions() && room > 0; p++) {
            if (present.contains(p)) {
                continue;
            }
            var replicas = chosenBy(doc, p, placement).orElseGet(() -> placement.next(doc.replicationFactor()));
            for (int id : replicas) {
                next = shardChanges.stampAsRegistered(next, id);
            }
            lines.add(line(next, p, replicas, born));
            room--;
        }
        if (existing == null && lines.isEmpty()) {
            return shard;
        }
        lines.sort(Comparator.comparingInt(PartitionLine::partition));
        var header = existing != null ? existing : home != null ? home : elsewhere(topicId, doc);
        return next.withTopic(header.withLines(lines));
    }

    private PartitionLine line(ShardDoc shard, int partition, List<Integer> replicas, long born) {
        var members = shardChanges.members(shard);
        var inSync = replicas.stream().filter(members::electable).toList();
        return PartitionLine.created(partition, replicas, inSync, born);
    }

    private TopicLines elsewhere(UUID topicId, TopicDoc doc) {
        return new TopicLines(
                topicId,
                doc.topicName(),
                doc.uid(),
                TopicState.NEW,
                false,
                0,
                minIsr(doc),
                doc.replicationFactor(),
                0,
                0,
                doc.config(),
                List.of(),
                new TreeMap<>());
    }

    private Optional<List<Integer>> chosenBy(TopicDoc doc, int partition, Placement placement) {
        if (partition >= doc.assignment().size()) {
            return Optional.empty();
        }
        var chosen = doc.assignment().get(partition);
        placement.add(chosen);
        return Optional.of(chosen);
    }

    /**
     * Brokers that are electable in this shard once stamped: clients may use them, their epoch stands still, and the shard
     * does not vouch for a newer epoch than the registry.
     */
    private List<BrokerEntry> usable(ShardDoc shard) {
        return term.unfenced().stream()
                .filter(broker -> !registering.test(broker.id()))
                .filter(broker -> shard.brokerEpochs().getOrDefault(broker.id(), -1L) <= broker.epoch())
                .toList();
    }

    /** Brokers that will be back: they may hold replicas, but are not in sync before they have caught up. */
    private List<BrokerEntry> away() {
        return term.registry().durable().brokers().values().stream()
                .filter(broker -> broker.state() == BrokerState.FENCED && !registering.test(broker.id()))
                .toList();
    }

    /** All lines as they will stand: durable ones elsewhere, the working copy here. */
    private Stream<PartitionLine> allLines(ShardDoc working) {
        return term.shards().values().stream()
                .map(cell -> cell.durable().shardId() == working.shardId() ? working : cell.durable())
                .flatMap(shard -> shard.topics().values().stream())
                .flatMap(topic -> topic.lines().stream());
    }
}
