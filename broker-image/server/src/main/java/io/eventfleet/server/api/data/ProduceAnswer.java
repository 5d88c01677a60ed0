// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.api.data;

import io.eventfleet.core.KafkaError;
import io.eventfleet.core.log.AppendListener.Appended;
import io.eventfleet.core.log.TopicPartitionId;
import io.eventfleet.protocol.ErrorCodes;
import io.eventfleet.protocol.RequestContext;
import io.eventfleet.server.api.BrokerAddresses;
import io.eventfleet.server.api.CloseConnectionException;
import io.eventfleet.server.partition.Access;
import io.eventfleet.server.partition.PartitionRegistry;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.message.ProduceResponseData.LeaderIdAndEpoch;
import org.apache.kafka.common.message.ProduceResponseData.NodeEndpoint;
import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.message.ProduceResponseData.TopicProduceResponse;
import org.jspecify.annotations.Nullable;

/**
 * The answer to one produce request while its partitions are being written. Each partition is answered once, on any
 * thread; the last one completes the answer.
 */
final class ProduceAnswer {
    private static final long NO_OFFSET = -1;
    private static final int LEADER_VERSION = 10;

    private final PartitionRegistry partitions;
    private final String listener;
    private final boolean wanted;
    private final boolean tellsLeaders;
    private final ProduceResponseData response = new ProduceResponseData();
    private final AtomicInteger open = new AtomicInteger(1);
    private final AtomicReference<@Nullable String> refusal = new AtomicReference<>();
    private final CompletableFuture<ProduceResponseData> done = new CompletableFuture<>();

    /**
     * @param acks 0: the client wants no answer and learns of errors by the end of its connection
     * @param context the request's: its version and its listener
     * @param partitions says who leads instead
     */
    ProduceAnswer(short acks, RequestContext context, PartitionRegistry partitions) {
        this.partitions = partitions;
        listener = context.listener();
        wanted = acks != 0;
        tellsLeaders = context.apiVersion() >= LEADER_VERSION;
    }

    CompletableFuture<ProduceResponseData> done() {
        return done;
    }

    TopicProduceResponse topic(ProduceRequestData.TopicProduceData topic) {
        var part = new TopicProduceResponse().setName(topic.name()).setTopicId(topic.topicId());
        response.responses().add(part);
        return part;
    }

    /** One more partition to be answered. Called on the network thread only. */
    PartitionProduceResponse partition(TopicProduceResponse topic, int index) {
        var part = new PartitionProduceResponse()
                .setIndex(index)
                .setBaseOffset(NO_OFFSET)
                .setLogAppendTimeMs(NO_OFFSET)
                .setLogStartOffset(NO_OFFSET);
        topic.partitionResponses().add(part);
        open.incrementAndGet();
        return part;
    }

    void appended(PartitionProduceResponse part, Appended appended) {
        part.setBaseOffset(appended.baseOffset())
                .setLogAppendTimeMs(appended.logAppendTimeMs())
                .setLogStartOffset(appended.logStartOffset());
        answered();
    }

    void refused(PartitionProduceResponse part, KafkaError error, @Nullable String message) {
        part.setErrorCode(ErrorCodes.code(error)).setErrorMessage(message);
        refusal.compareAndSet(null, message == null ? error.name() : message);
        answered();
    }

    /** Refuses a partition that is not led here any more, in the middle of the request. */
    void leadershipEnded(PartitionProduceResponse part, TopicPartitionId id, @Nullable String message) {
        if (partitions.find(id.topicId(), id.partition(), -1) instanceof Access.Refused elsewhere) {
            tellLeader(part, elsewhere);
        }
        refused(part, KafkaError.NOT_LEADER_OR_FOLLOWER, message);
    }

    /** Refuses a partition that is not led here, with the leader if it is known (KIP-951). */
    void elsewhere(PartitionProduceResponse part, Access.Refused refused) {
        tellLeader(part, refused);
        refused(part, refused.error(), null);
    }

    private void tellLeader(PartitionProduceResponse part, Access.Refused refused) {
        if (!tellsLeaders || refused.leaderId() < 0) {
            return;
        }
        part.setCurrentLeader(
                new LeaderIdAndEpoch().setLeaderId(refused.leaderId()).setLeaderEpoch(refused.leaderEpoch()));
        // Partitions may be answered on several threads at a time.
        synchronized (response) {
            if (response.nodeEndpoints().find(refused.leaderId()) == null) {
                BrokerAddresses.find(partitions.image(), refused.leaderId(), listener)
                        .ifPresent(leader -> response.nodeEndpoints()
                                .add(new NodeEndpoint()
                                        .setNodeId(refused.leaderId())
                                        .setHost(leader.address().host())
                                        .setPort(leader.address().port())
                                        .setRack(leader.broker().rack())));
            }
        }
    }

    /** Every partition has been handed over. */
    void allHandedOver() {
        answered();
    }

    private void answered() {
        if (open.decrementAndGet() > 0) {
            return;
        }
        var why = refusal.get();
        if (wanted) {
            done.complete(response);
        } else if (why == null) {
            // The protocol wants no answer.
            done.complete(null);
        } else {
            done.completeExceptionally(new CloseConnectionException("produce with acks=0 was refused: " + why));
        }
    }
}
