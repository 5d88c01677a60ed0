// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.cluster.controller;

import io.eventfleet.core.cluster.PartitionLine;
import io.eventfleet.core.cluster.TopicLines;
import io.eventfleet.core.cluster.TopicState;
import io.eventfleet.core.cluster.port.Guard;
import io.eventfleet.core.cluster.store.Doc;
import io.eventfleet.core.cluster.store.Ref;
import io.eventfleet.core.cluster.store.ShardDoc;
import io.eventfleet.core.cluster.store.StoreEffect;
import io.eventfleet.core.cluster.store.StoreEvent;
import io.eventfleet.core.cluster.store.TopicDoc;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Brings the lines of topics in accordance with Topic resources (A6). The watch only says which resource to look at:
 * every decision is made on a linearizable read of it, and at most one change per topic is under way.
 *
 * <pre>
 * resource with finalizer ─► NEW ─► OPEN ⇄ (grow, settings)      deletionTimestamp ─► TOMBSTONE ─► PURGING ─► gone
 *                             │ resource gone: removed                    restore ─► OPEN
 * </pre>
 */
final class Topics {

    private static final long READ_TIMEOUT_MS = 10_000;
    private static final long RETRY_NANOS = 1_000_000_000L;
    private static final int MAX_READS_IN_FLIGHT = 8;

    private final Term term;
    private final ShardChanges shardChanges;
    private final TopicLayout layout;
    private final Deletions deletions;
    private final ShardCreator shardCreator;
    private final SortedMap<Ref, TopicDoc> known = new TreeMap<>();
    private final SortedSet<Ref> dirty = new TreeSet<>();
    private final Set<Ref> reading = new HashSet<>();
    private final Set<Ref> outdatedReads = new HashSet<>();
    private final Set<UUID> busy = new HashSet<>();
    private final Set<String> creating = new HashSet<>();
    private final Set<Ref> unanswered = new HashSet<>();
    private final Set<String> reported = new HashSet<>();
    private long retryAt = Long.MAX_VALUE;

    Topics(Term term, ShardChanges shardChanges, TopicLayout layout, Deletions deletions) {
        this.term = term;
        this.shardChanges = shardChanges;
        this.layout = layout;
        this.deletions = deletions;
        this.shardCreator = new ShardCreator(term);
    }

    /** All resources, read linearizably after the claim. */
    void begin(List<Doc> docs) {
        docs.forEach(doc -> known.put(doc.ref(), (TopicDoc) doc.body()));
        dirty.addAll(known.keySet());
        var uids = new HashSet<String>();
        known.values().forEach(doc -> uids.add(doc.uid()));
        term.homes().filter(home -> !uids.contains(home.uid())).toList().forEach(this::withoutResource);
    }

    Map<Ref, TopicDoc> known() {
        return known;
    }

    void onWatched(Ref ref) {
        dirty.add(ref);
    }

    /** Brokers came or went: what could not be placed may be placed now. */
    void onBrokersChanged() {
        for (var doc : known.entrySet()) {
            if (byUid(doc.getValue().uid()).isEmpty() || incomplete(doc.getValue())) {
                dirty.add(doc.getKey());
            }
        }
    }

    long deadline() {
        if (!term.active() || term.readOnly()) {
            return Long.MAX_VALUE;
        }
        return Math.min(retryAt, deletions.deadline());
    }

    /** Does what is due. Called after every event. */
    void proceed(long now) {
        if (!term.active() || term.readOnly()) {
            return;
        }
        deletions.tick(now);
        if (now >= retryAt) {
            retryAt = Long.MAX_VALUE;
            dirty.addAll(unanswered);
            unanswered.clear();
            onBrokersChanged();
        }
        for (Ref ref : List.copyOf(dirty)) {
            if (reading.size() >= MAX_READS_IN_FLIGHT) {
                return;
            }
            if (reading.add(ref)) {
                dirty.remove(ref);
                read(ref);
            }
        }
    }

    private void read(Ref ref) {
        long reqId = term.nextRequest(reply -> {
            reading.remove(ref);
            if (outdatedReads.remove(ref)) {
                dirty.add(ref);
                return;
            }
            if (reply instanceof StoreEvent.Got got && got.answered()) {
                got.doc().ifPresentOrElse(doc -> present(ref, (TopicDoc) doc.body()), () -> absent(ref));
            } else {
                unanswered.add(ref);
                retryAt = Math.min(retryAt, term.now() + RETRY_NANOS);
            }
        });
        term.emit(new StoreEffect.Get(reqId, ref, READ_TIMEOUT_MS));
    }

    private void absent(Ref ref) {
        var doc = known.remove(ref);
        if (!term.active()) {
            return;
        }
        sweepNew();
        if (doc == null) {
            return;
        }
        byUid(doc.uid()).ifPresent(this::withoutResource);
        known.forEach((other, otherDoc) -> {
            if (otherDoc.topicName().equals(doc.topicName())) {
                dirty.add(other);
            }
        });
    }

    /** Lines in NEW whose resource vanished while they were being written. */
    private void sweepNew() {
        term.homes()
                .filter(home -> home.state() == TopicState.NEW && !busy.contains(home.topicId()))
                .filter(home ->
                        known.values().stream().noneMatch(doc -> doc.uid().equals(home.uid())))
                .toList()
                .forEach(this::removeEverywhere);
    }

    /** Lines whose resource is gone without a deletion ever seen: no data in NEW, an orphan that serves on in OPEN. */
    private void withoutResource(TopicLines home) {
        if (home.state() == TopicState.NEW) {
            removeEverywhere(home);
        } else if (home.state() == TopicState.OPEN && !term.guards().on(Guard.ABSENCE_IS_NOT_DELETION)) {
            deletions.bury(home, 0, this::change);
        } else if (home.state() == TopicState.OPEN) {
            term.warn("topic is orphaned", "topic", home.name());
        }
    }

    private void present(Ref ref, TopicDoc doc) {
        var before = known.put(ref, doc);
        if (before != null && !before.uid().equals(doc.uid())) {
            byUid(before.uid()).ifPresent(this::withoutResource);
        }
        if (!term.active()) {
            return;
        }
        var own = byUid(doc.uid());
        if (own.isPresent() && busy.contains(own.get().topicId())) {
            retryAt = Math.min(retryAt, term.now() + RETRY_NANOS);
            return;
        }
        if (doc.deleting()) {
            own.ifPresent(home -> delete(home, doc));
        } else if (own.isPresent()) {
            reconcile(ref, doc, own.get());
        } else {
            adoptOrCreate(ref, doc);
        }
    }

    private void delete(TopicLines home, TopicDoc doc) {
        if (home.state() == TopicState.NEW) {
            removeEverywhere(home);
        } else if (home.state() == TopicState.OPEN && !internal(home.name())) {
            if (deletions.held(doc)) {
                reportOnce("too many deletions, held for confirmation", doc.topicName());
                retryAt = Math.min(retryAt, term.now() + RETRY_NANOS);
                return;
            }
            long grace = Objects.requireNonNullElse(
                    doc.deletionDelayMs(),
                    term.settings().topics().deletedTopicRetention().toMillis());
            deletions.bury(home, grace, this::change);
        }
    }

    private void reconcile(Ref ref, TopicDoc doc, TopicLines home) {
        if (home.state() == TopicState.NEW && !doc.finalizer()) {
            removeEverywhere(home);
            return;
        }
        if (home.state() != TopicState.NEW && home.state() != TopicState.OPEN) {
            return;
        }
        var placed = layout.placed(home.topicId());
        if (placed.size() < doc.partitions() && !growsInternal(home)) {
            place(ref, doc, home.topicId(), null);
        } else if (home.state() == TopicState.NEW) {
            change(
                    home.topicId(),
                    homeShard(home),
                    topic -> topic.state() == TopicState.NEW
                            ? topic.withPartitionCount(placed.size()).withState(TopicState.OPEN)
                            : topic);
        } else if (home.partitionCount() < placed.size()) {
            change(home.topicId(), homeShard(home), topic -> topic.withPartitionCount(placed.size()));
        } else {
            applySettings(doc, home);
        }
    }

    private void applySettings(TopicDoc doc, TopicLines home) {
        int minIsr = layout.minIsr(doc);
        if (home.config().equals(doc.config()) && home.minIsr() == minIsr) {
            return;
        }
        for (var shard : shardsOf(home.topicId())) {
            queue(home.topicId(), shard, new Change<>() {
                @Override
                public ShardDoc apply(ShardDoc current) {
                    var topic = current.topics().get(home.topicId());
                    return topic == null ? current : withSettings(current, topic, doc.config(), minIsr);
                }
            });
        }
    }

    private ShardDoc withSettings(ShardDoc shard, TopicLines topic, SortedMap<String, String> config, int minIsr) {
        var lines = new ArrayList<PartitionLine>(topic.lines());
        if (topic.minIsr() != minIsr) {
            var members = shardChanges.members(shard);
            lines.replaceAll(line -> PartitionFold.touch(line, minIsr, members));
        }
        return shard.withTopic(topic.withSettings(config, minIsr).withLines(lines));
    }

    /** One change at a time per name: a creation and a restore must not both succeed. */
    private boolean nameIsBusy(String topicName) {
        return creating.contains(topicName)
                || term.homes().anyMatch(home -> home.name().equals(topicName) && busy.contains(home.topicId()));
    }

    private void adoptOrCreate(Ref ref, TopicDoc doc) {
        if (nameIsBusy(doc.topicName())) {
            retryAt = Math.min(retryAt, term.now() + RETRY_NANOS);
            return;
        }
        var open = term.homes()
                .filter(home -> home.name().equals(doc.topicName()))
                .filter(home -> home.state() == TopicState.OPEN || home.state() == TopicState.NEW)
                .findFirst();
        if (open.isPresent()) {
            adoptOrphan(ref, doc, open.get());
            return;
        }
        var buried = term.homes()
                .filter(home -> home.name().equals(doc.topicName()) && home.state() == TopicState.TOMBSTONE)
                .findFirst();
        if (doc.restore() && buried.isPresent()) {
            change(
                    buried.get().topicId(),
                    homeShard(buried.get()),
                    topic -> topic.state() == TopicState.TOMBSTONE
                            ? topic.withState(TopicState.OPEN)
                                    .withUid(doc.uid())
                                    .withGrace(0, 0)
                            : topic);
            return;
        }
        if (doc.finalizer() && !olderNamesake(ref, doc)) {
            create(ref, doc);
        }
    }

    /** An orphan belongs to the next resource of its name, unless that one contradicts it. */
    private void adoptOrphan(Ref ref, TopicDoc doc, TopicLines home) {
        boolean owned = known.values().stream().anyMatch(other -> other.uid().equals(home.uid()));
        boolean fits = doc.partitions() >= home.partitionCount() || home.state() == TopicState.NEW;
        if (!owned && fits && doc.finalizer() && !olderNamesake(ref, doc)) {
            change(
                    home.topicId(),
                    homeShard(home),
                    topic -> topic.state() == home.state() ? topic.withUid(doc.uid()) : topic);
        }
    }

    private boolean olderNamesake(Ref ref, TopicDoc doc) {
        return known.entrySet().stream()
                .filter(other -> !other.getKey().equals(ref)
                        && other.getValue().topicName().equals(doc.topicName())
                        && !other.getValue().deleting())
                .min(Comparator.<Map.Entry<Ref, TopicDoc>, String>comparing(
                                other -> other.getValue().createdAt())
                        .thenComparing(Map.Entry::getKey))
                .filter(oldest -> oldest.getValue().createdAt().compareTo(doc.createdAt()) < 0
                        || (oldest.getValue().createdAt().equals(doc.createdAt())
                                && oldest.getKey().compareTo(ref) < 0))
                .isPresent();
    }

    private void create(Ref ref, TopicDoc doc) {
        if (doc.partitions() < 1 || doc.replicationFactor() < 1) {
            return;
        }
        if (doc.replicationFactor() > term.settings().topics().maxReplicationFactor()) {
            reportOnce("topic asks for more replicas than are supported", doc.topicName());
            return;
        }
        var topicId = term.rng().nextUuid();
        var home = new TopicLines(
                topicId,
                doc.topicName(),
                doc.uid(),
                TopicState.NEW,
                true,
                0,
                layout.minIsr(doc),
                doc.replicationFactor(),
                0,
                0,
                doc.config(),
                List.of(),
                new TreeMap<>());
        place(ref, doc, topicId, home);
    }

    private void place(Ref ref, TopicDoc doc, UUID topicId, @Nullable TopicLines home) {
        var shard = layout.shardFor(doc.partitions() - layout.placed(topicId).size());
        if (shard.isEmpty()) {
            shardCreator.request();
            retryAt = Math.min(retryAt, term.now() + RETRY_NANOS / 50);
            return;
        }
        if (!layout.possible(doc, topicId, shard.get())) {
            retryAt = Math.min(retryAt, term.now() + RETRY_NANOS);
            return;
        }
        if (!creating.add(doc.topicName())) {
            return;
        }
        long born = term.root().durable().nextBrokerEpoch();
        queue(topicId, shard.get(), new Change<>() {
            @Override
            public ShardDoc apply(ShardDoc current) {
                return layout.place(current, doc, topicId, born, home);
            }

            @Override
            public void durable(ShardDoc now) {
                creating.remove(doc.topicName());
                lookAgain(ref);
            }
        });
    }

    private void removeEverywhere(TopicLines home) {
        for (var shard : shardsOf(home.topicId())) {
            queue(home.topicId(), shard, new Change<>() {
                @Override
                public ShardDoc apply(ShardDoc current) {
                    var topic = current.topics().get(home.topicId());
                    boolean isNew = topic != null && (!topic.home() || topic.state() == TopicState.NEW);
                    return isNew ? current.withoutTopic(home.topicId()) : current;
                }
            });
        }
    }

    /** Changes the home block of a topic. */
    void change(UUID topicId, String shard, UnaryOperator<TopicLines> change) {
        queue(topicId, shard, new Change<>() {
            @Override
            public ShardDoc apply(ShardDoc current) {
                var topic = current.topics().get(topicId);
                return topic == null ? current : current.withTopic(change.apply(topic));
            }
        });
    }

    private void queue(UUID topicId, String shard, Change<ShardDoc> change) {
        busy.add(topicId);
        Objects.requireNonNull(term.shards().get(shard)).enqueue(new Change<>() {
            @Override
            public ShardDoc apply(ShardDoc current) {
                return change.apply(current);
            }

            @Override
            public void durable(ShardDoc now) {
                busy.remove(topicId);
                change.durable(now);
                lookAgain(topicId);
            }
        });
    }

    private void lookAgain(UUID topicId) {
        term.home(topicId)
                .ifPresent(home -> known.forEach((ref, doc) -> {
                    if (doc.uid().equals(home.uid()) || doc.topicName().equals(home.name())) {
                        lookAgain(ref);
                    }
                }));
    }

    /** A read that began before the change was durable does not count: the resource may be gone since. */
    private void lookAgain(Ref ref) {
        dirty.add(ref);
        if (reading.contains(ref)) {
            outdatedReads.add(ref);
        }
    }

    private List<String> shardsOf(UUID topicId) {
        return term.shards().entrySet().stream()
                .filter(cell -> cell.getValue().durable().topics().containsKey(topicId))
                .map(Map.Entry::getKey)
                .toList();
    }

    String homeShard(TopicLines home) {
        return term.shards().entrySet().stream()
                .filter(cell -> Optional.ofNullable(
                                cell.getValue().durable().topics().get(home.topicId()))
                        .filter(TopicLines::home)
                        .isPresent())
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseThrow();
    }

    private Optional<TopicLines> byUid(String uid) {
        return term.homes().filter(home -> home.uid().equals(uid)).findFirst();
    }

    private boolean incomplete(TopicDoc doc) {
        return byUid(doc.uid())
                .filter(home -> home.state() == TopicState.NEW
                        || (doc.deleting() && home.state() == TopicState.OPEN)
                        || home.partitionCount() < doc.partitions())
                .isPresent();
    }

    private boolean internal(String topicName) {
        return term.settings().topics().internalTopics().containsKey(topicName);
    }

    private boolean growsInternal(TopicLines home) {
        return internal(home.name()) && home.state() == TopicState.OPEN;
    }

    private void reportOnce(String event, String topicName) {
        if (reported.add(event + topicName)) {
            term.warn(event, "topic", topicName);
        }
    }
}
