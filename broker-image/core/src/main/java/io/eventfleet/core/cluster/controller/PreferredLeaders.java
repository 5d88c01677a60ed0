// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.cluster.controller;

import io.eventfleet.core.cluster.BrokerEntry;
import io.eventfleet.core.cluster.PartitionLine;
import io.eventfleet.core.cluster.store.ShardDoc;
import io.eventfleet.core.log.TopicPartitionId;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/**
 * Gives leaderships back to the preferred leaders, which their restarts took from them: Kafka's
 * {@code auto.leader.rebalance.enable}, but partition by partition as soon as it is safe to say that the broker is back.
 * A broker that restarts again and again waits longer each time (A9); needed it is used at once, by the fold.
 */
final class PreferredLeaders {

    private static final long SECOND = 1_000_000_000L;
    private static final long TICK_NANOS = SECOND;
    /** For how long the preferred leader must have been in sync without leading. */
    private static final long IN_SYNC_NANOS = 10 * SECOND;
    /** Leaderships given back per tick. */
    private static final int MAX_MOVES_PER_TICK = 20;

    private static final long LINGER_NANOS = SECOND / 2;
    private static final long FLAP_WINDOW_NANOS = 600 * SECOND;
    private static final long MAX_DAMPING_NANOS = 60 * SECOND;

    private final Term term;
    private final ShardChanges shardChanges;
    private final Map<TopicPartitionId, Waiting> waiting = new HashMap<>();
    private final Map<Integer, Restarts> restarts = new HashMap<>();
    private long nextTickAt;

    /** A preferred leader that is in sync and does not lead, and since when. */
    private record Waiting(int brokerId, long epoch, long since) {}

    /** When a broker was seen with a new epoch; the first one of a term says nothing. */
    private record Restarts(long epoch, Deque<Long> at) {}

    PreferredLeaders(Term term, ShardChanges shardChanges) {
        this.term = term;
        this.shardChanges = shardChanges;
    }

    long deadline() {
        return term.active() && !term.readOnly() ? nextTickAt : Long.MAX_VALUE;
    }

    void tick(long now) {
        if (!term.active() || term.readOnly() || now < nextTickAt) {
            return;
        }
        nextTickAt = now + TICK_NANOS;
        term.registry().durable().brokers().values().forEach(broker -> noticeRestart(broker, now));
        Map<TopicPartitionId, Waiting> still = new HashMap<>();
        int moves = 0;
        for (var cell : term.shards().values()) {
            var shard = cell.durable();
            var members = shardChanges.members(shard);
            for (var topic : shard.topics().values()) {
                boolean open = shardChanges.open(topic.topicId());
                for (var line : topic.lines()) {
                    var id = new TopicPartitionId(topic.topicId(), line.partition());
                    if (open && displaced(line, members)) {
                        int preferred = line.replicas().getFirst();
                        var since = since(id, preferred, now);
                        still.put(id, since);
                        if (now - since.since() >= IN_SYNC_NANOS + damping(preferred) && moves < MAX_MOVES_PER_TICK) {
                            moves++;
                            giveBack(cell, id);
                        }
                    }
                }
            }
        }
        waiting.clear();
        waiting.putAll(still);
    }

    private static boolean displaced(PartitionLine line, PartitionFold.Members members) {
        int preferred = line.replicas().getFirst();
        return line.leader() != PartitionLine.NO_LEADER
                && line.leader() != preferred
                && !line.moves().running()
                && line.isr().contains(preferred)
                && members.electable(preferred)
                && members.present(preferred);
    }

    private Waiting since(TopicPartitionId id, int brokerId, long now) {
        long epoch = term.broker(brokerId).map(BrokerEntry::epoch).orElse(-1L);
        var before = waiting.get(id);
        return before != null && before.brokerId() == brokerId && before.epoch() == epoch
                ? before
                : new Waiting(brokerId, epoch, now);
    }

    private void noticeRestart(BrokerEntry broker, long now) {
        var seen = restarts.get(broker.id());
        if (seen == null) {
            restarts.put(broker.id(), new Restarts(broker.epoch(), new ArrayDeque<>()));
            return;
        }
        if (seen.epoch() != broker.epoch()) {
            seen.at().addLast(now);
            restarts.put(broker.id(), new Restarts(broker.epoch(), seen.at()));
        }
        while (!seen.at().isEmpty() && now - seen.at().getFirst() > FLAP_WINDOW_NANOS) {
            seen.at().removeFirst();
        }
    }

    /** Nothing for the first restart in ten minutes, then a second, doubled with every further one. */
    private long damping(int brokerId) {
        var seen = restarts.get(brokerId);
        int count = seen == null ? 0 : seen.at().size();
        return count < 2 ? 0 : Math.min(MAX_DAMPING_NANOS, SECOND << Math.min(count - 2, 6));
    }

    private void giveBack(MetaCell<ShardDoc> cell, TopicPartitionId id) {
        cell.enqueueWithin(
                shard -> shardChanges.withLine(shard, id, line -> {
                    var topic = shard.topics().get(id.topicId());
                    var members = shardChanges.members(shard);
                    return topic != null && displaced(line, members)
                            ? PartitionFold.prefer(line, topic.minIsr(), members)
                            : line;
                }),
                LINGER_NANOS);
    }
}
