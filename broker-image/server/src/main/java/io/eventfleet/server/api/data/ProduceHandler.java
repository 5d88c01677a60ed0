// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.api.data;

import io.eventfleet.core.KafkaError;
import io.eventfleet.core.cluster.image.TopicInfo;
import io.eventfleet.core.log.AppendRequest;
import io.eventfleet.core.log.BatchValidator;
import io.eventfleet.protocol.Ids;
import io.eventfleet.protocol.PooledRecords;
import io.eventfleet.protocol.RequestContext;
import io.eventfleet.server.api.ApiHandler;
import io.eventfleet.server.partition.Access;
import io.eventfleet.server.partition.LedReplica;
import io.eventfleet.server.partition.PartitionRegistry;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.protocol.ApiKeys;

/**
 * Produce. Batches are checked on the network thread and handed to the partition's writer in the order of the requests;
 * topics are known by id since version 13, by name before. Transactional batches are refused: there is no transaction
 * coordinator that could ever end their transaction.
 */
final class ProduceHandler implements ApiHandler<ProduceRequestData, ProduceResponseData> {
    private static final short ACKS_ALL = -1;
    private static final short ACKS_LEADER = 1;
    /** Name under which Kafka's own tools may write to internal topics. */
    private static final String ADMIN_CLIENT = "__admin_client";

    private final PartitionRegistry partitions;
    private final InstantSource clock;
    private final ScheduledExecutorService timers;

    ProduceHandler(PartitionRegistry partitions, InstantSource clock, ScheduledExecutorService timers) {
        this.partitions = partitions;
        this.clock = clock;
        this.timers = timers;
    }

    @Override
    public ApiKeys key() {
        return ApiKeys.PRODUCE;
    }

    @Override
    public CompletionStage<ProduceResponseData> handle(RequestContext context, ProduceRequestData request) {
        var answer = new ProduceAnswer(request.acks(), context, partitions);
        for (var topic : request.topicData()) {
            var topicAnswer = answer.topic(topic);
            var info = topicInfo(topic);
            for (var partition : topic.partitionData()) {
                var part = answer.partition(topicAnswer, partition.index());
                if (info.isEmpty()) {
                    answer.refused(part, unknownTopic(topic), null);
                } else {
                    append(new Produced(context, request, info.get(), partition), part, answer);
                }
            }
        }
        answer.allHandedOver();
        return answer.done();
    }

    /** One partition of a request. */
    private record Produced(
            RequestContext context, ProduceRequestData request, TopicInfo topic, PartitionProduceData partition) {}

    private void append(Produced produced, PartitionProduceResponse part, ProduceAnswer answer) {
        var request = produced.request();
        var acks = request.acks();
        if (acks != 0 && acks != ACKS_LEADER && acks != ACKS_ALL) {
            answer.refused(part, KafkaError.INVALID_REQUIRED_ACKS, "acks must be 0, 1 or -1, not " + acks);
            return;
        }
        if (produced.topic().internal() && !produced.context().clientId().equals(ADMIN_CLIENT)) {
            answer.refused(part, KafkaError.INVALID_TOPIC_EXCEPTION, "clients do not write to internal topics");
            return;
        }
        switch (partitions.find(produced.topic().id(), produced.partition().index(), -1)) {
            case Access.Refused refused -> answer.elsewhere(part, refused);
            case Access.Led(var replica) -> {
                if (acks == ACKS_ALL && !replica.view().hasEnoughReplicas()) {
                    answer.refused(
                            part,
                            KafkaError.NOT_ENOUGH_REPLICAS,
                            replica.view().partition().isr().size() + " of min.insync.replicas="
                                    + replica.view().partition().minIsr() + " replicas are in sync");
                } else if (acks != ACKS_ALL && partitions.isCutOff(replica)) {
                    answer.refused(
                            part,
                            KafkaError.NOT_LEADER_OR_FOLLOWER,
                            "this leader hears neither the cluster nor a follower: it may have been replaced");
                } else {
                    append(produced, replica, part, answer);
                }
            }
        }
    }

    private void append(Produced produced, LedReplica replica, PartitionProduceResponse part, ProduceAnswer answer) {
        var records = produced.partition().records();
        if (records == null) {
            answer.refused(part, KafkaError.INVALID_RECORD, "there is no record batch");
            return;
        }
        var now = clock.millis();
        var limits = replica.view().rules().limits();
        var batches = PooledRecords.inFrame(produced.context(), records);
        try {
            if (BatchValidator.validateProduced(batches.bytes(), limits, now)
                    instanceof BatchValidator.Result.Invalid invalid) {
                answer.refused(part, invalid.error(), invalid.message());
                return;
            }
            if (isTransactional(produced, batches.bytes())) {
                answer.refused(part, KafkaError.INVALID_TXN_STATE, "transactions are not supported");
                return;
            }
            var request = new AppendRequest(
                    replica.leaderEpoch(), AppendRequest.Origin.CLIENT, batches, now, limits.appendTime());
            var promise = new ProducedListener.Promise(
                    produced.request().acks(), produced.request().timeoutMs());
            new ProducedListener(promise, replica, part, answer, timers).append(request);
        } finally {
            batches.release();
        }
    }

    private static boolean isTransactional(Produced produced, java.nio.ByteBuffer batch) {
        return produced.request().transactionalId() != null
                || BatchValidator.first(batch)
                        .map(header -> header.isTransactional())
                        .orElse(false);
    }

    private Optional<TopicInfo> topicInfo(TopicProduceData topic) {
        return isNamed(topic)
                ? partitions.image().topic(topic.name())
                : partitions.image().openTopic(Ids.toJava(topic.topicId()));
    }

    private static KafkaError unknownTopic(TopicProduceData topic) {
        return isNamed(topic) ? KafkaError.UNKNOWN_TOPIC_OR_PARTITION : KafkaError.UNKNOWN_TOPIC_ID;
    }

    private static boolean isNamed(TopicProduceData topic) {
        return topic.topicId().equals(Uuid.ZERO_UUID);
    }
}
