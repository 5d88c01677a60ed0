// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.api.data;

import io.eventfleet.core.KafkaError;
import io.eventfleet.core.cluster.image.TopicInfo;
import io.eventfleet.protocol.ErrorCodes;
import io.eventfleet.protocol.RequestContext;
import io.eventfleet.server.api.ApiHandler;
import io.eventfleet.server.partition.Access;
import io.eventfleet.server.partition.LedReplica;
import io.eventfleet.server.partition.PartitionRegistry;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import org.apache.kafka.common.message.DeleteRecordsRequestData;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsPartition;
import org.apache.kafka.common.message.DeleteRecordsResponseData;
import org.apache.kafka.common.message.DeleteRecordsResponseData.DeleteRecordsPartitionResult;
import org.apache.kafka.common.message.DeleteRecordsResponseData.DeleteRecordsTopicResult;
import org.apache.kafka.common.protocol.ApiKeys;

/**
 * DeleteRecords: moves the log start offset up, never above the high watermark, and answers when every live in-sync replica
 * has followed.
 */
final class DeleteRecordsHandler implements ApiHandler<DeleteRecordsRequestData, DeleteRecordsResponseData> {
    private static final long UP_TO_HIGH_WATERMARK = -1;
    private static final long NO_OFFSET = -1;

    private final PartitionRegistry partitions;

    private final ScheduledExecutorService timers;

    /** @param timers ends waits */
    DeleteRecordsHandler(PartitionRegistry partitions, ScheduledExecutorService timers) {
        this.partitions = partitions;
        this.timers = timers;
    }

    @Override
    public ApiKeys key() {
        return ApiKeys.DELETE_RECORDS;
    }

    @Override
    public CompletionStage<DeleteRecordsResponseData> handle(RequestContext context, DeleteRecordsRequestData request) {
        var response = new DeleteRecordsResponseData();
        var pending = new ArrayList<CompletableFuture<?>>();
        for (var topic : request.topics()) {
            var part = new DeleteRecordsTopicResult().setName(topic.name());
            response.topics().add(part);
            var info = partitions.image().topic(topic.name());
            for (var partition : topic.partitions()) {
                var result = new DeleteRecordsPartitionResult()
                        .setPartitionIndex(partition.partitionIndex())
                        .setLowWatermark(NO_OFFSET);
                part.partitions().add(result);
                if (info.filter(TopicInfo::internal).isPresent()) {
                    // Groups and committed offsets may lie below any offset that a client names.
                    result.setErrorCode(ErrorCodes.code(KafkaError.INVALID_TOPIC_EXCEPTION));
                    continue;
                }
                var access = info.map(known -> partitions.find(known.id(), partition.partitionIndex(), -1))
                        .orElseGet(() -> new Access.Refused(KafkaError.UNKNOWN_TOPIC_OR_PARTITION, -1, -1));
                switch (access) {
                    case Access.Refused refused -> result.setErrorCode(ErrorCodes.code(refused.error()));
                    case Access.Led(var replica) ->
                        pending.add(delete(partition, replica, request.timeoutMs(), result));
                }
            }
        }
        return CompletableFuture.allOf(pending.toArray(CompletableFuture[]::new))
                .thenApply(nothing -> response);
    }

    private CompletableFuture<?> delete(
            DeleteRecordsPartition partition, LedReplica replica, int timeoutMs, DeleteRecordsPartitionResult result) {
        long end = replica.highWatermark();
        long wanted = partition.offset() == UP_TO_HIGH_WATERMARK ? end : partition.offset();
        if (wanted < 0 || wanted > end) {
            result.setErrorCode(ErrorCodes.code(KafkaError.OFFSET_OUT_OF_RANGE));
            return CompletableFuture.completedFuture(null);
        }
        return replica.log()
                .deleteRecordsBefore(wanted)
                .thenCompose(logStartOffset -> new DeletionWait(replica, wanted).begin(timers, timeoutMs))
                .handle((error, failure) -> {
                    var outcome = failure == null
                            ? ErrorCodes.code(error)
                            : ErrorCodes.ofFailure(failure).code();
                    return outcome == ErrorCodes.code(KafkaError.NONE)
                            ? result.setLowWatermark(replica.lowWatermark())
                            : result.setErrorCode(outcome);
                })
                .toCompletableFuture();
    }
}
