// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.cluster.controller;

import io.eventfleet.core.cluster.TopicLines;
import io.eventfleet.core.cluster.TopicState;
import io.eventfleet.core.cluster.image.BrokerInfo.BrokerState;
import io.eventfleet.core.cluster.port.Guard;
import io.eventfleet.core.cluster.store.ShardDoc;
import io.eventfleet.core.cluster.store.TopicDoc;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * From TOMBSTONE to the removal of the last line (A6). The grace is counted by monotonic time that this controller has
 * itself observed, and written back from time to time: a clock, a pause or a takeover can only lengthen it.
 */
final class Deletions {

    private static final long NANOS_PER_MS = 1_000_000;
    private static final long TICK_NANOS = 1_000_000_000L;
    /** The remaining grace is written back at least this many times. */
    private static final int GRACE_STEPS = 24;

    private static final int BREAKER_MIN_TOPICS = 10;
    private static final int BREAKER_DIVISOR = 10;
    private static final long BREAKER_WINDOW_MS = 600_000;

    private final Term term;
    private final Map<UUID, Observed> observed = new HashMap<>();
    private final Map<UUID, Set<Integer>> confirmed = new HashMap<>();
    private final Set<UUID> changing = new HashSet<>();
    private long nextTickAt;

    /** Remaining grace as it was durable, and since when this term counts it down. */
    private record Observed(long graceMs, long since) {}

    /** Changes the home block of a topic in the named shard. */
    @FunctionalInterface
    interface HomeChange {
        void change(UUID topicId, String shard, UnaryOperator<TopicLines> change);
    }

    Deletions(Term term) {
        this.term = term;
    }

    long deadline() {
        return term.homes().anyMatch(Deletions::dying) ? nextTickAt : Long.MAX_VALUE;
    }

    /**
     * True if so many topics were deleted lately that this one waits for confirmation. Counted in the shards, so that a
     * takeover forgets none.
     */
    boolean held(TopicDoc doc) {
        if (doc.deletionConfirmed()) {
            return false;
        }
        long topics = term.homes().count();
        long recent = term.homes()
                .filter(home -> home.state() == TopicState.TOMBSTONE || home.state() == TopicState.PURGING)
                .filter(home -> home.graceTotalMs() - remaining(home) < BREAKER_WINDOW_MS)
                .count();
        return recent >= Math.max(BREAKER_MIN_TOPICS, topics / BREAKER_DIVISOR);
    }

    /** OPEN becomes TOMBSTONE; leaders stop, data stays for the grace. */
    void bury(TopicLines home, long graceMs, HomeChange homeChange) {
        term.info("topic deleted", "topic", home.name(), "graceMs", Long.toString(graceMs));
        observed.remove(home.topicId());
        boolean atOnce = !term.guards().on(Guard.GRACE);
        homeChange.change(
                home.topicId(),
                shardOf(home.topicId()),
                topic -> topic.state() == TopicState.OPEN
                        ? topic.withState(atOnce ? TopicState.PURGING : TopicState.TOMBSTONE)
                                .withGrace(graceMs, Math.max(1, graceMs))
                        : topic);
        nextTickAt = Math.min(nextTickAt, term.now());
    }

    void onConfirmed(int brokerId, UUID topicId) {
        if (term.home(topicId)
                .filter(home -> home.state() == TopicState.PURGING)
                .isPresent()) {
            confirmed.computeIfAbsent(topicId, id -> new TreeSet<>()).add(brokerId);
            nextTickAt = term.now();
        }
    }

    void tick(long now) {
        if (now < nextTickAt) {
            return;
        }
        nextTickAt = now + TICK_NANOS;
        for (var home : term.homes().filter(Deletions::dying).toList()) {
            if (changing.contains(home.topicId())) {
                continue;
            }
            if (home.state() == TopicState.TOMBSTONE) {
                countDown(home, now);
            } else if (everyReplicaIsGone(home)) {
                removeLines(home);
            }
        }
    }

    private void countDown(TopicLines home, long now) {
        observed.putIfAbsent(home.topicId(), new Observed(home.graceMs(), now));
        long remaining = remaining(home);
        if (remaining <= 0) {
            change(
                    home,
                    topic -> topic.state() == TopicState.TOMBSTONE
                            ? topic.withState(TopicState.PURGING).withGrace(0, topic.graceTotalMs())
                            : topic);
        } else if (home.graceMs() - remaining >= Math.max(1, home.graceTotalMs() / GRACE_STEPS)) {
            change(
                    home,
                    topic -> topic.state() == TopicState.TOMBSTONE
                            ? topic.withGrace(remaining, topic.graceTotalMs())
                            : topic);
        }
    }

    private long remaining(TopicLines home) {
        var since = observed.get(home.topicId());
        if (since == null) {
            return home.graceMs();
        }
        return since.graceMs() - (term.now() - since.since()) / NANOS_PER_MS;
    }

    private boolean everyReplicaIsGone(TopicLines home) {
        var gone = confirmed.getOrDefault(home.topicId(), Set.of());
        return term.shards().values().stream()
                .flatMap(cell -> Stream.ofNullable(cell.durable().topics().get(home.topicId())))
                .flatMap(topic -> topic.lines().stream())
                .flatMap(line -> Stream.concat(line.replicas().stream(), line.moves().dropped().keySet().stream()))
                .allMatch(id -> gone.contains(id) || retired(id));
    }

    private boolean retired(int brokerId) {
        return term.broker(brokerId)
                .filter(broker -> broker.state() == BrokerState.RETIRED)
                .isPresent();
    }

    /** Lines elsewhere first, the home block last: as long as it is there, the removal can be completed. */
    private void removeLines(TopicLines home) {
        String homeShard = shardOf(home.topicId());
        boolean elsewhere = false;
        for (var cell : term.shards().entrySet()) {
            boolean holds = cell.getValue().durable().topics().containsKey(home.topicId());
            if (holds && !cell.getKey().equals(homeShard)) {
                elsewhere = true;
                remove(home, cell.getValue());
            }
        }
        if (!elsewhere) {
            remove(home, term.shards().get(homeShard));
            observed.remove(home.topicId());
        }
    }

    private void remove(TopicLines home, @Nullable MetaCell<ShardDoc> cell) {
        if (cell == null) {
            return;
        }
        changing.add(home.topicId());
        cell.enqueue(new Change<>() {
            @Override
            public ShardDoc apply(ShardDoc current) {
                return current.withoutTopic(home.topicId());
            }

            @Override
            public void durable(ShardDoc now) {
                changing.remove(home.topicId());
                nextTickAt = term.now();
            }
        });
    }

    private void change(TopicLines home, UnaryOperator<TopicLines> change) {
        changing.add(home.topicId());
        var cell = term.shards().get(shardOf(home.topicId()));
        if (cell == null) {
            return;
        }
        cell.enqueue(new Change<>() {
            @Override
            public ShardDoc apply(ShardDoc current) {
                var topic = current.topics().get(home.topicId());
                return topic == null ? current : current.withTopic(change.apply(topic));
            }

            @Override
            public void durable(ShardDoc now) {
                changing.remove(home.topicId());
                nextTickAt = term.now();
            }
        });
    }

    private String shardOf(UUID topicId) {
        return term.shards().entrySet().stream()
                .filter(cell -> cell.getValue().durable().topics().containsKey(topicId)
                        && cell.getValue().durable().topics().get(topicId).home())
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseThrow();
    }

    private static boolean dying(TopicLines home) {
        return home.state() == TopicState.TOMBSTONE || home.state() == TopicState.PURGING;
    }
}
