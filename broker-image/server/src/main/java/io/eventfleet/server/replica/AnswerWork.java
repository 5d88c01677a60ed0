// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.replica;

import io.eventfleet.core.KafkaError;
import io.eventfleet.core.log.AppendListener;
import io.eventfleet.core.log.AppendRequest;
import io.eventfleet.core.log.BatchHeader;
import io.eventfleet.core.log.BatchValidator;
import io.eventfleet.core.log.PartitionLog.EpochEnd;
import io.eventfleet.core.log.RecordBuffer;
import io.eventfleet.core.replication.FollowerReplica.Answer;
import io.eventfleet.core.replication.FollowerReplica.Step;
import io.eventfleet.protocol.ResponseReader.ReceivedResponse;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries out what a leader answered for one partition. Confined to the pipeline's event loop, where its work also ends. */
final class AnswerWork {
    private static final Logger LOG = LoggerFactory.getLogger(AnswerWork.class);
    private static final long NO_RECORDS = -1;

    private final ReplicaMetrics metrics;
    private final Executor loop;

    AnswerWork(ReplicaMetrics metrics, Executor loop) {
        this.metrics = metrics;
        this.loop = loop;
    }

    /** What became of an answer. */
    sealed interface Outcome {
        /** There is nothing to do with the log. */
        record Rest() implements Outcome {}

        /** Something is being done with the log; completes on the event loop. */
        record Begun(CompletableFuture<Void> done) implements Outcome {}

        /** Nothing can be done with this answer; another one may be better. */
        record Wrong(String reason) implements Outcome {}

        /** Nothing can be done with any such answer. */
        record Over(String reason) implements Outcome {}
    }

    Outcome begin(FollowedPartition partition, ReceivedResponse answer, PartitionData data) {
        var error = ReplicaWire.error(data.errorCode());
        if (error != KafkaError.NONE && error != KafkaError.OFFSET_OUT_OF_RANGE) {
            return new Outcome.Wrong(error.name());
        }
        if (ReceivedResponse.sizeOf(data.records()) == 0) {
            return follow(partition, toAnswer(error, data, NO_RECORDS), null);
        }
        var records = answer.records(data.records());
        try {
            if (BatchValidator.validateReplicated(records.bytes())
                    instanceof BatchValidator.Result.Invalid(KafkaError wrong, String message)) {
                LOG.atWarn()
                        .addKeyValue("partition", partition.id())
                        .addKeyValue("reason", message)
                        .log("records of the leader are damaged");
                return new Outcome.Wrong(wrong + ": " + message);
            }
            long first =
                    BatchHeader.at(records.bytes(), records.bytes().position()).baseOffset();
            return follow(partition, toAnswer(error, data, first), records);
        } finally {
            records.release();
        }
    }

    private static Answer toAnswer(KafkaError error, PartitionData data, long firstOffset) {
        if (error == KafkaError.OFFSET_OUT_OF_RANGE) {
            return new Answer.BelowLogStart(data.logStartOffset());
        }
        var diverging = data.divergingEpoch();
        return diverging.endOffset() >= 0
                ? new Answer.Diverging(new EpochEnd(diverging.epoch(), diverging.endOffset()), data.logStartOffset())
                : new Answer.InLog(data.highWatermark(), data.logStartOffset(), firstOffset);
    }

    private Outcome follow(FollowedPartition partition, Answer answer, @Nullable RecordBuffer records) {
        var step = partition.core().on(answer, partition.extent());
        if (answer instanceof Answer.InLog(long highWatermark, long ignored, long alsoIgnored)
                && !(step instanceof Step.Distrust)) {
            partition.heardHighWatermark(highWatermark);
        }
        return switch (step) {
            case Step.Keep ignored -> new Outcome.Rest();
            case Step.Append ignored -> new Outcome.Begun(append(partition, Objects.requireNonNull(records)));
            case Step.Truncate(long offset) -> {
                note(partition, "log truncated", offset);
                yield new Outcome.Begun(onLoop(partition.log().truncateTo(partition.leaderEpoch(), offset)));
            }
            case Step.Restart(long offset) -> {
                note(partition, "log begun anew", offset);
                yield new Outcome.Begun(onLoop(partition.log().restartAt(partition.leaderEpoch(), offset)));
            }
            case Step.Distrust(String reason) -> {
                LOG.atWarn()
                        .addKeyValue("partition", partition.id())
                        .addKeyValue("reason", reason)
                        .log("answer of the leader cannot be true");
                yield new Outcome.Wrong(reason);
            }
            case Step.Fail(String reason) -> new Outcome.Over(reason);
        };
    }

    private void note(FollowedPartition partition, String what, long offset) {
        metrics.truncations.increment();
        LOG.atInfo()
                .addKeyValue("partition", partition.id())
                .addKeyValue("leaderEpoch", partition.leaderEpoch())
                .addKeyValue("offset", offset)
                .addKeyValue("logEndOffset", partition.extent().endOffset())
                .log(what);
    }

    private CompletableFuture<Void> append(FollowedPartition partition, RecordBuffer records) {
        var done = new CompletableFuture<Void>();
        int bytes = records.sizeBytes();
        // The time from which idempotent producers expire here, should this replica lead one day.
        long nowMs = System.currentTimeMillis();
        partition
                .log()
                .append(
                        new AppendRequest(partition.leaderEpoch(), AppendRequest.Origin.REPLICA, records, nowMs, false),
                        new AppendListener() {
                            @Override
                            public void onDurable(Appended appended) {
                                metrics.fetchedBytes.add(bytes);
                                loop.execute(() -> done.complete(null));
                            }

                            @Override
                            public void onRejected(Rejected rejected) {
                                loop.execute(() -> done.completeExceptionally(
                                        new IllegalStateException(rejected.error() + ": " + rejected.message())));
                            }
                        });
        return done;
    }

    private CompletableFuture<Void> onLoop(CompletionStage<?> stage) {
        var done = new CompletableFuture<Void>();
        stage.whenComplete((result, failure) -> loop.execute(() -> {
            if (failure == null) {
                done.complete(null);
            } else {
                done.completeExceptionally(failure);
            }
        }));
        return done;
    }
}
