// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.replica;

import io.eventfleet.config.ReplicationSettings;
import io.eventfleet.core.log.TopicPartitionId;
import io.eventfleet.protocol.Ids;
import io.eventfleet.server.network.DirectMemory;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchRequestData.ForgottenTopic;
import org.apache.kafka.common.message.FetchRequestData.ReplicaState;

/**
 * Writes the requests of one incremental fetch session (KIP-227): a partition is named when its position has changed, so
 * that an idle one costs nothing. Confined to the pipeline's event loop.
 */
final class FetchRequests {
    private final int brokerId;
    private final ReplicationSettings settings;
    private final int maxBytes;
    private final Set<TopicPartitionId> named = new LinkedHashSet<>();
    private final Set<TopicPartitionId> toForget = new LinkedHashSet<>();
    private int sessionId;
    private int nextEpoch = ReplicaWire.FIRST_EPOCH;
    private int lastCorrelationId;

    FetchRequests(int brokerId, ReplicationSettings settings) {
        this.brokerId = brokerId;
        this.settings = settings;
        this.maxBytes = DirectMemory.answerBytes(settings.responseMaxBytes());
    }

    /** One request and the number that its answer bears. */
    record Numbered(int correlationId, FetchRequestData request) {}

    /** True when the leader has said under which id it keeps the session. */
    boolean hasSession() {
        return sessionId != 0;
    }

    /** True when the next request names every partition. */
    boolean isFull() {
        return nextEpoch == ReplicaWire.FIRST_EPOCH;
    }

    /** True when a partition must be taken out of the session. */
    boolean hasToForget() {
        return !toForget.isEmpty();
    }

    /** Begins a session with the next request. */
    void reset() {
        sessionId = 0;
        nextEpoch = ReplicaWire.FIRST_EPOCH;
        named.clear();
        toForget.clear();
    }

    void begun(int id) {
        sessionId = id;
    }

    /** The partition is not fetched any more, or not for now. */
    void forget(TopicPartitionId id) {
        if (named.remove(id)) {
            toForget.add(id);
        }
    }

    /**
     * The next request. What is both forgotten and named begins anew.
     *
     * @param brokerEpoch epoch under which this broker serves
     * @param positions the partitions whose positions the leader does not know; told from now on
     */
    Numbered next(long brokerEpoch, Collection<FollowedPartition> positions) {
        int correlationId = ++lastCorrelationId;
        var topics = new LinkedHashMap<UUID, FetchTopic>();
        for (var partition : positions) {
            var position = partition.tell(correlationId);
            var id = partition.id();
            named.add(id);
            topics.computeIfAbsent(id.topicId(), topicId -> new FetchTopic().setTopicId(Ids.toKafka(topicId)))
                    .partitions()
                    .add(new FetchPartition()
                            .setPartition(id.partition())
                            .setCurrentLeaderEpoch(position.currentLeaderEpoch())
                            .setFetchOffset(position.fetchOffset())
                            .setLastFetchedEpoch(position.lastFetchedEpoch())
                            .setLogStartOffset(partition.log().logStartOffset())
                            .setPartitionMaxBytes(settings.fetchMaxBytes()));
        }
        var request = new FetchRequestData()
                .setReplicaState(new ReplicaState().setReplicaId(brokerId).setReplicaEpoch(brokerEpoch))
                // The first answer of a session comes at once, lest others wait until the session has a name.
                .setMaxWaitMs(
                        isFull() ? 0 : Math.toIntExact(settings.fetchWaitMax().toMillis()))
                .setMinBytes(1)
                .setMaxBytes(maxBytes)
                .setSessionId(sessionId)
                .setSessionEpoch(nextEpoch)
                .setTopics(new ArrayList<>(topics.values()))
                .setForgottenTopicsData(forgotten());
        nextEpoch = nextEpoch == Integer.MAX_VALUE ? 1 : nextEpoch + 1;
        toForget.clear();
        return new Numbered(correlationId, request);
    }

    private List<ForgottenTopic> forgotten() {
        var topics = new LinkedHashMap<UUID, ForgottenTopic>();
        for (var id : toForget) {
            topics.computeIfAbsent(id.topicId(), topicId -> new ForgottenTopic().setTopicId(Ids.toKafka(topicId)))
                    .partitions()
                    .add(id.partition());
        }
        return List.copyOf(topics.values());
    }
}
