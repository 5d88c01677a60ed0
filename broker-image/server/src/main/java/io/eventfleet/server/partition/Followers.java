// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.partition;

import io.eventfleet.core.log.PartitionLog;
import io.eventfleet.core.log.TopicPartitionId;
import java.util.concurrent.CompletionStage;

/** Copies partitions from the brokers that lead them. Thread-safe; nothing blocks. */
public interface Followers {

    /**
     * A partition to be followed.
     *
     * @param log its log, which follows in {@code leaderEpoch} already
     * @param leaderId broker that leads
     * @param leaderEpoch epoch in which it leads
     * @param uncleanEpoch see {@link io.eventfleet.core.cluster.image.PartitionInfo#uncleanEpoch()}
     */
    record Followed(PartitionLog log, int leaderId, int leaderEpoch, int uncleanEpoch) {}

    /**
     * Begins to follow. What was followed of the same partition before has been stopped. Called under a lock of the
     * caller: it is not called back.
     */
    void follow(Followed partition);

    /**
     * Stops following.
     *
     * @return completes when nothing of this partition is being appended or truncated any more, and its high watermark is
     *     in {@link PartitionLog#checkpointHighWatermark}
     */
    CompletionStage<Void> stop(TopicPartitionId id);
}
