// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.partition;

import io.eventfleet.core.KafkaError;
import io.eventfleet.core.cluster.image.PartitionInfo;

/** Whether a client may use a partition here. */
public sealed interface Access {

    /** It may, for this broker leads. */
    record Led(LedReplica replica) implements Access {}

    /**
     * It may not.
     *
     * @param error Kafka's error
     * @param leaderId who leads instead, as far as known (KIP-951), or -1
     * @param leaderEpoch the leader's epoch, or -1
     */
    record Refused(KafkaError error, int leaderId, int leaderEpoch) implements Access {
        static Refused because(KafkaError error) {
            return new Refused(error, PartitionInfo.NO_LEADER, -1);
        }
    }
}
