// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.testkit.sim;

import io.eventfleet.core.log.TopicPartitionId;

/**
 * One produce request, the same in all its attempts.
 *
 * @param id the partition
 * @param payload unique in a run
 * @param records how many records
 * @param acks what the producer waits for
 */
record SimSend(TopicPartitionId id, long payload, int records, Acks acks) {

    /** What counts as done. */
    enum Acks {
        LEADER,
        ALL
    }
}
