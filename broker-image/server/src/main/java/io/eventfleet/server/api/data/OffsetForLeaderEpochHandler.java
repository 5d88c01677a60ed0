// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.api.data;

import io.eventfleet.core.KafkaError;
import io.eventfleet.protocol.ErrorCodes;
import io.eventfleet.protocol.RequestContext;
import io.eventfleet.server.api.ApiHandler;
import io.eventfleet.server.partition.Access;
import io.eventfleet.server.partition.PartitionRegistry;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderPartition;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData.EpochEndOffset;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData.OffsetForLeaderTopicResult;
import org.apache.kafka.common.protocol.ApiKeys;

/** OffsetForLeaderEpoch: where an epoch ended, so that consumers notice truncation (KIP-320). */
final class OffsetForLeaderEpochHandler
        implements ApiHandler<OffsetForLeaderEpochRequestData, OffsetForLeaderEpochResponseData> {
    private static final int NO_EPOCH = -1;
    private static final long NO_OFFSET = -1;

    private final PartitionRegistry partitions;
    private final Executor blocking;

    OffsetForLeaderEpochHandler(PartitionRegistry partitions, Executor blocking) {
        this.partitions = partitions;
        this.blocking = blocking;
    }

    @Override
    public ApiKeys key() {
        return ApiKeys.OFFSET_FOR_LEADER_EPOCH;
    }

    @Override
    public CompletionStage<OffsetForLeaderEpochResponseData> handle(
            RequestContext context, OffsetForLeaderEpochRequestData request) {
        return CompletableFuture.supplyAsync(() -> answer(request), blocking);
    }

    private OffsetForLeaderEpochResponseData answer(OffsetForLeaderEpochRequestData request) {
        var response = new OffsetForLeaderEpochResponseData();
        for (var topic : request.topics()) {
            var part = new OffsetForLeaderTopicResult().setTopic(topic.topic());
            var info = partitions.image().topic(topic.topic());
            for (var partition : topic.partitions()) {
                var access = info.map(known ->
                                partitions.find(known.id(), partition.partition(), partition.currentLeaderEpoch()))
                        .orElseGet(() -> new Access.Refused(KafkaError.UNKNOWN_TOPIC_OR_PARTITION, -1, NO_EPOCH));
                part.partitions().add(answer(partition, access));
            }
            response.topics().add(part);
        }
        return response;
    }

    private static EpochEndOffset answer(OffsetForLeaderPartition partition, Access access) {
        var answer = new EpochEndOffset()
                .setPartition(partition.partition())
                .setLeaderEpoch(NO_EPOCH)
                .setEndOffset(NO_OFFSET);
        switch (access) {
            case Access.Refused refused -> answer.setErrorCode(ErrorCodes.code(refused.error()));
            case Access.Led(var replica) -> {
                var end = replica.log().endOffsetForEpoch(partition.leaderEpoch());
                // Not cut at the high watermark: that of a new leader lags, and a consumer would take it for a loss.
                answer.setLeaderEpoch(end.leaderEpoch()).setEndOffset(end.endOffset());
            }
        }
        return answer;
    }
}
