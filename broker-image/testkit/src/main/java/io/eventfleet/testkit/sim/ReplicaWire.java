// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.testkit.sim;

import io.eventfleet.core.KafkaError;
import io.eventfleet.core.log.TopicPartitionId;
import io.eventfleet.core.replication.FetchPosition;
import io.eventfleet.core.replication.FollowerReplica;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What followers and leaders say to each other: Kafka's Fetch, as far as replication uses it. */
final class ReplicaWire {
    private ReplicaWire() {}

    /**
     * A fetch by a follower.
     *
     * @param replicaId the follower
     * @param brokerEpoch epoch of its incarnation
     * @param partitions what it wants
     */
    record FetchRequest(int replicaId, long brokerEpoch, List<Wanted> partitions) {}

    /** One partition of a fetch. */
    record Wanted(TopicPartitionId id, FetchPosition position, long logStartOffset) {}

    /**
     * The answer for one partition: an error, or what follows the position.
     *
     * @param answer null when there is an error
     * @param batches what comes along
     */
    record Part(
            TopicPartitionId id,
            @Nullable KafkaError error,
            FollowerReplica.@Nullable Answer answer,
            List<SimBatch> batches) {

        static Part refused(TopicPartitionId id, KafkaError error) {
            return new Part(id, error, null, List.of());
        }

        /** True when the follower should hear of it now instead of at the end of the wait. */
        boolean urgent() {
            return error != null || !batches.isEmpty() || !(answer instanceof FollowerReplica.Answer.InLog);
        }
    }
}
