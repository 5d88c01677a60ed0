// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.fetch;

import io.eventfleet.core.KafkaError;
import io.eventfleet.core.log.PartitionLog.ReadRequest;
import io.eventfleet.core.log.PartitionLog.ReadResult;
import io.eventfleet.protocol.ErrorCodes;
import io.eventfleet.protocol.Ids;
import io.eventfleet.protocol.StoredBatches;
import io.eventfleet.server.partition.Access;
import io.eventfleet.server.partition.LedReplica;
import io.eventfleet.server.partition.PartitionRegistry;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FetchResponseData.EpochEndOffset;
import org.apache.kafka.common.message.FetchResponseData.LeaderIdAndEpoch;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;

/** Reads many partitions for one consumer. Stateless; {@link #read} may block on disk. */
final class FetchReader {
    private static final long UNKNOWN_OFFSET = -1;

    private final PartitionRegistry partitions;

    FetchReader(PartitionRegistry partitions) {
        this.partitions = partitions;
    }

    /** What a look without reading tells. */
    enum Outlook {
        /** A partition has an error to report. */
        ERROR,
        /** There is something to read. */
        DATA,
        /** Everything was read already. */
        NOTHING
    }

    /** Looks at every partition without reading any. */
    Outlook look(List<FetchTarget> targets) {
        var outlook = Outlook.NOTHING;
        for (var target : targets) {
            if (!(access(target) instanceof Access.Led(var replica)) || isOutOfRange(target, replica)) {
                return Outlook.ERROR;
            }
            if (target.offset() < replica.highWatermark() || mayDiverge(target)) {
                outlook = Outlook.DATA;
            }
        }
        return outlook;
    }

    /** The partitions among the targets that this broker leads, in order. */
    List<LedReplica> led(List<FetchTarget> targets) {
        var led = new ArrayList<LedReplica>(targets.size());
        for (var target : targets) {
            if (access(target) instanceof Access.Led(var replica)) {
                led.add(replica);
            }
        }
        return led;
    }

    /** Reads in the order of the targets until the bytes are used up; every target gets a result. */
    List<FetchResult> read(List<FetchTarget> targets, int maxBytes, boolean readCommitted) {
        var results = new ArrayList<FetchResult>(targets.size());
        int used = 0;
        try {
            for (var target : targets) {
                var result = read(target, maxBytes - used, used == 0, readCommitted);
                used += result.bytes();
                results.add(result);
            }
        } catch (RuntimeException | OutOfMemoryError e) {
            results.forEach(FetchResult::release);
            throw e;
        }
        return results;
    }

    private FetchResult read(FetchTarget target, int bytesLeft, boolean isFirst, boolean readCommitted) {
        return switch (access(target)) {
            case Access.Refused refused -> refused(target, refused);
            case Access.Led(var replica) -> read(target, replica, bytesLeft, isFirst, readCommitted);
        };
    }

    private FetchResult read(
            FetchTarget target, LedReplica replica, int bytesLeft, boolean isFirst, boolean readCommitted) {
        var log = replica.log();
        var highWatermark = replica.highWatermark();
        var data = new PartitionData()
                .setPartitionIndex(target.key().partition())
                .setHighWatermark(highWatermark)
                .setLastStableOffset(replica.lastStableOffset())
                .setLogStartOffset(log.logStartOffset())
                .setAbortedTransactions(readCommitted ? List.of() : null)
                .setRecords(StoredBatches.none());
        if (isOutOfRange(target, replica)) {
            return failed(target, KafkaError.OFFSET_OUT_OF_RANGE);
        }
        if (mayDiverge(target)) {
            var end = log.endOffsetForEpoch(target.lastFetchedEpoch());
            if (end.leaderEpoch() < target.lastFetchedEpoch() || end.endOffset() < target.offset()) {
                data.setDivergingEpoch(
                        new EpochEndOffset().setEpoch(end.leaderEpoch()).setEndOffset(end.endOffset()));
                return new FetchResult(target, data, List.of(), 0);
            }
        }
        var limit = Math.min(target.maxBytes(), bytesLeft);
        if (target.offset() >= highWatermark || (limit <= 0 && !isFirst)) {
            return new FetchResult(target, data, List.of(), 0);
        }
        return switch (log.read(new ReadRequest(target.offset(), highWatermark, Math.max(0, limit), isFirst))) {
            case ReadResult.OutOfRange outOfRange -> failed(target, KafkaError.OFFSET_OUT_OF_RANGE);
            case ReadResult.Batches batches -> {
                data.setRecords(
                        batches.buffers().isEmpty()
                                ? StoredBatches.none()
                                : new StoredBatches(batches.buffers(), batches.sizeBytes()));
                yield new FetchResult(target, data, batches.buffers(), batches.sizeBytes());
            }
        };
    }

    private Access access(FetchTarget target) {
        var key = target.key();
        if (!key.topicId().equals(Uuid.ZERO_UUID)) {
            return partitions.find(Ids.toJava(key.topicId()), key.partition(), target.currentLeaderEpoch());
        }
        return partitions
                .image()
                .topic(key.topic())
                .map(topic -> partitions.find(topic.id(), key.partition(), target.currentLeaderEpoch()))
                .orElseGet(() -> new Access.Refused(KafkaError.UNKNOWN_TOPIC_OR_PARTITION, -1, -1));
    }

    private static boolean isOutOfRange(FetchTarget target, LedReplica replica) {
        return target.offset() < replica.log().logStartOffset()
                || target.offset() > replica.log().logEndOffset();
    }

    private static boolean mayDiverge(FetchTarget target) {
        return target.lastFetchedEpoch() >= 0;
    }

    private static FetchResult failed(FetchTarget target, KafkaError error) {
        return refused(target, new Access.Refused(error, -1, -1));
    }

    private static FetchResult refused(FetchTarget target, Access.Refused refused) {
        var data = new PartitionData()
                .setPartitionIndex(target.key().partition())
                .setErrorCode(ErrorCodes.code(refused.error()))
                .setHighWatermark(UNKNOWN_OFFSET)
                .setLastStableOffset(UNKNOWN_OFFSET)
                .setLogStartOffset(UNKNOWN_OFFSET)
                .setRecords(StoredBatches.none());
        if (refused.leaderId() >= 0) {
            data.setCurrentLeader(
                    new LeaderIdAndEpoch().setLeaderId(refused.leaderId()).setLeaderEpoch(refused.leaderEpoch()));
        }
        return new FetchResult(target, data, List.of(), 0);
    }
}
