// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.api.data;

import io.eventfleet.core.KafkaError;
import io.eventfleet.core.log.PartitionLog;
import io.eventfleet.core.log.PartitionLog.TimestampedOffset;
import io.eventfleet.protocol.ErrorCodes;
import io.eventfleet.protocol.RequestContext;
import io.eventfleet.server.api.ApiHandler;
import io.eventfleet.server.partition.Access;
import io.eventfleet.server.partition.LedReplica;
import io.eventfleet.server.partition.PartitionRegistry;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.apache.kafka.common.message.ListOffsetsRequestData;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsPartition;
import org.apache.kafka.common.message.ListOffsetsResponseData;
import org.apache.kafka.common.message.ListOffsetsResponseData.ListOffsetsPartitionResponse;
import org.apache.kafka.common.message.ListOffsetsResponseData.ListOffsetsTopicResponse;
import org.apache.kafka.common.protocol.ApiKeys;

/** ListOffsets. Runs where it may wait for the disk, for a search by time reads batches. */
final class ListOffsetsHandler implements ApiHandler<ListOffsetsRequestData, ListOffsetsResponseData> {
    private static final long LATEST = -1;
    private static final long EARLIEST = -2;
    private static final long MAX_TIMESTAMP = -3;
    private static final long EARLIEST_LOCAL = -4;
    private static final long LATEST_TIERED = -5;
    private static final long EARLIEST_PENDING_UPLOAD = -6;
    private static final int NO_EPOCH = -1;
    /** First version that has leader epochs. */
    private static final int EPOCH_VERSION = 4;
    /** First version whose clients know that an offset may not be known yet. */
    private static final int NOT_AVAILABLE_VERSION = 5;

    private static final long NONE = -1;

    private final PartitionRegistry partitions;
    private final Executor blocking;

    ListOffsetsHandler(PartitionRegistry partitions, Executor blocking) {
        this.partitions = partitions;
        this.blocking = blocking;
    }

    @Override
    public ApiKeys key() {
        return ApiKeys.LIST_OFFSETS;
    }

    @Override
    public CompletionStage<ListOffsetsResponseData> handle(RequestContext context, ListOffsetsRequestData request) {
        return CompletableFuture.supplyAsync(() -> answer(request, context.apiVersion()), blocking);
    }

    private ListOffsetsResponseData answer(ListOffsetsRequestData request, short version) {
        var notAvailable =
                version >= NOT_AVAILABLE_VERSION ? KafkaError.OFFSET_NOT_AVAILABLE : KafkaError.LEADER_NOT_AVAILABLE;
        var response = new ListOffsetsResponseData();
        for (var topic : request.topics()) {
            var part = new ListOffsetsTopicResponse().setName(topic.name());
            var info = partitions.image().topic(topic.name());
            for (var partition : topic.partitions()) {
                var access = info.map(known ->
                                partitions.find(known.id(), partition.partitionIndex(), partition.currentLeaderEpoch()))
                        .orElseGet(() -> new Access.Refused(KafkaError.UNKNOWN_TOPIC_OR_PARTITION, -1, NO_EPOCH));
                var answer =
                        switch (access) {
                            case Access.Refused refused -> failed(partition, refused.error());
                            case Access.Led(var replica) -> find(partition, replica, notAvailable);
                        };
                part.partitions().add(version >= EPOCH_VERSION ? answer : answer.setLeaderEpoch(NO_EPOCH));
            }
            response.topics().add(part);
        }
        return response;
    }

    /** @param notAvailable said where a new leader may know less than the one before told (KIP-207) */
    private static ListOffsetsPartitionResponse find(
            ListOffsetsPartition partition, LedReplica replica, KafkaError notAvailable) {
        var log = replica.log();
        boolean knowsAll = replica.hasCommittedEpochStart();
        long end = replica.highWatermark();
        long wanted = partition.timestamp();
        if (wanted < EARLIEST_PENDING_UPLOAD) {
            return failed(partition, KafkaError.INVALID_REQUEST);
        }
        if (!knowsAll && isBeyond(end, wanted, log)) {
            return failed(partition, notAvailable);
        }
        return switch ((int) Math.min(wanted, 0)) {
            case (int) LATEST -> found(partition, new TimestampedOffset(NONE, end, replica.leaderEpoch()));
            case (int) EARLIEST, (int) EARLIEST_LOCAL ->
                found(
                        partition,
                        new TimestampedOffset(NONE, log.logStartOffset(), log.epochOfOffset(log.logStartOffset())));
            case (int) MAX_TIMESTAMP -> found(partition, log.maxTimestamp(end));
            // Nothing is tiered and nothing waits to be.
            case (int) LATEST_TIERED, (int) EARLIEST_PENDING_UPLOAD -> found(partition, Optional.empty());
            default -> found(partition, log.offsetForTimestamp(wanted, end));
        };
    }

    /** True when the answer lies in the part of the log that is not known to be committed. */
    private static boolean isBeyond(long highWatermark, long wanted, PartitionLog log) {
        if (wanted == LATEST) {
            return true;
        }
        long logEnd = log.logEndOffset();
        var found = wanted == MAX_TIMESTAMP
                ? log.maxTimestamp(logEnd)
                : wanted >= 0 ? log.offsetForTimestamp(wanted, logEnd) : Optional.<TimestampedOffset>empty();
        return found.filter(record -> record.offset() >= highWatermark).isPresent();
    }

    private static ListOffsetsPartitionResponse found(
            ListOffsetsPartition partition, Optional<TimestampedOffset> offset) {
        return found(partition, offset.orElseGet(() -> new TimestampedOffset(NONE, NONE, NO_EPOCH)));
    }

    private static ListOffsetsPartitionResponse found(ListOffsetsPartition partition, TimestampedOffset offset) {
        return new ListOffsetsPartitionResponse()
                .setPartitionIndex(partition.partitionIndex())
                .setTimestamp(offset.timestampMs())
                .setOffset(offset.offset())
                .setLeaderEpoch(offset.leaderEpoch());
    }

    private static ListOffsetsPartitionResponse failed(ListOffsetsPartition partition, KafkaError error) {
        return new ListOffsetsPartitionResponse()
                .setPartitionIndex(partition.partitionIndex())
                .setErrorCode(ErrorCodes.code(error))
                .setTimestamp(NONE)
                .setOffset(NONE)
                .setLeaderEpoch(NO_EPOCH);
    }
}
