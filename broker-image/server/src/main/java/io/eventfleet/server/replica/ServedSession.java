// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.replica;

import io.eventfleet.core.KafkaError;
import io.eventfleet.core.log.PartitionLog.ReadRequest;
import io.eventfleet.core.log.PartitionLog.ReadResult;
import io.eventfleet.core.log.TopicPartitionId;
import io.eventfleet.core.replication.FetchPosition.Judgement;
import io.eventfleet.core.replication.LogExtent;
import io.eventfleet.protocol.ErrorCodes;
import io.eventfleet.protocol.Ids;
import io.eventfleet.protocol.StoredBatches;
import io.eventfleet.server.partition.Access;
import io.eventfleet.server.partition.LedReplica;
import io.eventfleet.server.partition.PartitionRegistry;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchResponseData.EpochEndOffset;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one follower broker fetches, over one connection (KIP-227): a fetch costs something per partition with news, not
 * per partition followed. Partitions stand in line in the order of their news; one that was answered goes to the end, so
 * that a full answer starves nobody. Used by one thread at a time, but for the news.
 */
final class ServedSession {
    private static final Logger LOG = LoggerFactory.getLogger(ServedSession.class);
    private static final long UNKNOWN_OFFSET = -1;
    private static final int SESSION_ID = 1;

    private final PartitionRegistry registry;
    private final int followerId;
    private final Runnable onNews;
    private final Map<TopicPartitionId, ServedPartition> partitions = new HashMap<>();
    private final Queue<ServedPartition> news = new ConcurrentLinkedQueue<>();
    private final ArrayDeque<ServedPartition> line = new ArrayDeque<>();
    private int nextEpoch = ReplicaWire.FIRST_EPOCH;
    private long brokerEpoch = -1;
    private volatile boolean holdsQuietNews;

    /** @param onNews called on any thread when there is something to look at; must be quick */
    ServedSession(PartitionRegistry registry, int followerId, Runnable onNews) {
        this.registry = registry;
        this.followerId = followerId;
        this.onNews = onNews;
    }

    int id() {
        return SESSION_ID;
    }

    /**
     * Takes over what a request says.
     *
     * @return what is wrong with its session, or NONE
     */
    KafkaError begin(FetchRequestData request) {
        int epoch = request.sessionEpoch();
        if (epoch == ReplicaWire.FIRST_EPOCH) {
            close();
            nextEpoch = ReplicaWire.FIRST_EPOCH;
        } else if (request.sessionId() != SESSION_ID || nextEpoch == ReplicaWire.FIRST_EPOCH) {
            return KafkaError.FETCH_SESSION_ID_NOT_FOUND;
        } else if (epoch != nextEpoch) {
            return KafkaError.INVALID_FETCH_SESSION_EPOCH;
        }
        nextEpoch = epoch == Integer.MAX_VALUE ? 1 : epoch + 1;
        brokerEpoch = request.replicaState().replicaEpoch();
        for (var topic : request.forgottenTopicsData()) {
            var topicId = Ids.toJava(topic.topicId());
            topic.partitions().forEach(partition -> forget(new TopicPartitionId(topicId, partition)));
        }
        for (var topic : request.topics()) {
            var topicId = Ids.toJava(topic.topicId());
            for (var wanted : topic.partitions()) {
                partitions
                        .computeIfAbsent(
                                new TopicPartitionId(topicId, wanted.partition()),
                                id -> new ServedPartition(id, this::note))
                        .named(wanted);
            }
        }
        return KafkaError.NONE;
    }

    private void forget(TopicPartitionId id) {
        var forgotten = partitions.remove(id);
        if (forgotten != null) {
            forgotten.unwatch();
        }
    }

    /** Forgets everything. */
    void close() {
        partitions.values().forEach(ServedPartition::unwatch);
        partitions.clear();
        line.clear();
        news.clear();
    }

    private void note(ServedPartition partition, boolean firstInLine, boolean urgent) {
        if (firstInLine) {
            news.add(partition);
        }
        if (urgent || !holdsQuietNews) {
            onNews.run();
        }
    }

    /** True when there is something that {@link #answer} has not looked at. */
    boolean hasNews() {
        return !news.isEmpty();
    }

    /**
     * Counts partitions at rest as fetched, since the follower is there and asks for them with every request, and looks
     * for log starts that have moved.
     */
    void refresh() {
        for (var partition : partitions.values()) {
            var replica = partition.replica();
            if (replica == null || replica.hasEnded() || partition.isAwaited() || !partition.isInLog()) {
                continue;
            }
            replica.fetched(partition.toFetch(followerId, brokerEpoch));
            if (!partition.knowsLogStart(replica.log().logStartOffset())) {
                partition.tell(true);
            }
        }
    }

    /**
     * Answers as many partitions with news as fit. May wait for the disk.
     *
     * @param withQuiet also answer those of which only the high watermark has moved, if there is nothing else to say
     */
    FetchAnswer answer(int maxBytes, boolean withQuiet) {
        for (var next = news.poll(); next != null; next = news.poll()) {
            line.add(next);
        }
        var answer = new FetchAnswer();
        var quiet = new ArrayDeque<ServedPartition>();
        try {
            for (int rest = line.size(); rest > 0; rest--) {
                var partition = line.remove();
                if (!answer.isEmpty() && answer.bytes() >= maxBytes) {
                    line.addFirst(partition);
                    break;
                }
                partition.takeOutOfLine();
                if (partitions.get(partition.id()) == partition && !partition.isAwaited()) {
                    look(partition, maxBytes - answer.bytes(), answer, quiet);
                }
            }
            if (!answer.isEmpty() || withQuiet) {
                quiet.forEach(partition -> sayQuietly(partition, answer));
                quiet.clear();
            }
        } catch (RuntimeException | OutOfMemoryError e) {
            answer.release();
            throw e;
        }
        line.addAll(quiet);
        holdsQuietNews = !quiet.isEmpty();
        return answer;
    }

    /** True when only high watermarks are left to be told. */
    boolean holdsQuietNews() {
        return holdsQuietNews;
    }

    private void look(ServedPartition partition, int bytesLeft, FetchAnswer answer, Queue<ServedPartition> quiet) {
        var id = partition.id();
        var position = partition.position();
        switch (registry.find(id.topicId(), id.partition(), position.currentLeaderEpoch())) {
            case Access.Refused(KafkaError error, int leader, int epoch) -> refuse(partition, error, answer);
            case Access.Led(LedReplica replica) -> {
                partition.watch(replica);
                var log = replica.log();
                var extent = new LogExtent(log.logStartOffset(), log.logEndOffset(), log.epochs());
                switch (position.judge(replica.leaderEpoch(), extent)) {
                    case Judgement.Refused(KafkaError error) -> refuse(partition, error, answer);
                    case Judgement.Diverging(var end) -> {
                        var data = said(partition, replica, extent);
                        data.setDivergingEpoch(
                                new EpochEndOffset().setEpoch(end.leaderEpoch()).setEndOffset(end.endOffset()));
                        partition.await();
                        answer.add(id, data);
                    }
                    case Judgement.BelowLogStart ignored -> {
                        var data = said(partition, replica, extent);
                        data.setErrorCode(ErrorCodes.code(KafkaError.OFFSET_OUT_OF_RANGE));
                        partition.await();
                        answer.add(id, data);
                    }
                    case Judgement.InLog ignored -> {
                        var wrong = wrong(replica, partition);
                        if (wrong.isPresent()) {
                            refuse(partition, wrong.get(), answer);
                        } else {
                            partition.foundInLog();
                            read(partition, replica, extent, bytesLeft, answer, quiet);
                        }
                    }
                }
            }
        }
    }

    /** Enters the fetch in the leader's books. */
    private Optional<KafkaError> wrong(LedReplica replica, ServedPartition partition) {
        return switch (replica.fetched(partition.toFetch(followerId, brokerEpoch))) {
            case ACCEPTED -> Optional.empty();
            case STALE_BROKER_EPOCH -> Optional.of(KafkaError.STALE_BROKER_EPOCH);
            case FENCED_LEADER_EPOCH -> Optional.of(KafkaError.FENCED_LEADER_EPOCH);
            case UNKNOWN_LEADER_EPOCH -> Optional.of(KafkaError.UNKNOWN_LEADER_EPOCH);
            // Kafka's answer to a replica that it does not know.
            case NOT_A_REPLICA -> Optional.of(KafkaError.NOT_LEADER_OR_FOLLOWER);
        };
    }

    private void read(
            ServedPartition partition,
            LedReplica replica,
            LogExtent extent,
            int bytesLeft,
            FetchAnswer answer,
            Queue<ServedPartition> quiet) {
        long offset = partition.position().fetchOffset();
        if (offset == extent.endOffset()) {
            if (!partition.knows(replica.highWatermark(), extent.logStartOffset())) {
                quiet.add(partition);
            }
            return;
        }
        var request = new ReadRequest(
                offset, extent.endOffset(), Math.min(partition.maxBytes(), bytesLeft), answer.bytes() == 0);
        switch (replica.log().read(request)) {
            case ReadResult.OutOfRange ignored -> partition.tell(true);
            case ReadResult.Batches batches -> {
                if (batches.buffers().isEmpty()) {
                    // What is left of this answer is too little for the next batch.
                    partition.tell(true);
                    return;
                }
                var data = said(partition, replica, extent);
                data.setRecords(new StoredBatches(batches.buffers(), batches.sizeBytes()));
                partition.await();
                answer.add(partition.id(), data, batches.buffers(), batches.sizeBytes());
            }
        }
    }

    private void sayQuietly(ServedPartition partition, FetchAnswer answer) {
        var replica = partition.replica();
        if (replica != null) {
            var log = replica.log();
            answer.add(
                    partition.id(),
                    said(partition, replica, new LogExtent(log.logStartOffset(), log.logEndOffset(), log.epochs())));
        }
    }

    private static PartitionData said(ServedPartition partition, LedReplica replica, LogExtent extent) {
        // Read after the log start, which is never above it.
        long highWatermark = replica.highWatermark();
        partition.told(highWatermark, extent.logStartOffset());
        return new PartitionData()
                .setPartitionIndex(partition.id().partition())
                .setHighWatermark(highWatermark)
                .setLastStableOffset(replica.lastStableOffset())
                .setLogStartOffset(extent.logStartOffset())
                .setRecords(StoredBatches.none());
    }

    private void refuse(ServedPartition partition, KafkaError error, FetchAnswer answer) {
        LOG.atDebug()
                .addKeyValue("partition", partition.id())
                .addKeyValue("follower", followerId)
                .addKeyValue("error", error)
                .log("fetch of a follower refused");
        partition.unwatch();
        partition.await();
        answer.add(
                partition.id(),
                new PartitionData()
                        .setPartitionIndex(partition.id().partition())
                        .setErrorCode(ErrorCodes.code(error))
                        .setHighWatermark(UNKNOWN_OFFSET)
                        .setLastStableOffset(UNKNOWN_OFFSET)
                        .setLogStartOffset(UNKNOWN_OFFSET)
                        .setRecords(StoredBatches.none()));
    }
}
