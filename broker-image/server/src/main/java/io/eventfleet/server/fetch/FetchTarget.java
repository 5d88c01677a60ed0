// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.fetch;

import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;

/**
 * What a consumer wants of one partition.
 *
 * @param key which partition
 * @param offset first offset wanted
 * @param maxBytes most bytes of this partition
 * @param currentLeaderEpoch the epoch that the consumer knows, or -1
 * @param lastFetchedEpoch epoch of the last record it has, or -1
 */
record FetchTarget(Key key, long offset, int maxBytes, int currentLeaderEpoch, int lastFetchedEpoch) {

    /**
     * A partition as the request names it: by id since version 13, by name before.
     *
     * @param topicId zero when named
     * @param topic empty when known by id
     */
    record Key(Uuid topicId, String topic, int partition) {}

    static FetchTarget of(FetchTopic topic, FetchPartition partition) {
        return new FetchTarget(
                new Key(topic.topicId(), topic.topic(), partition.partition()),
                partition.fetchOffset(),
                partition.partitionMaxBytes(),
                partition.currentLeaderEpoch(),
                partition.lastFetchedEpoch());
    }
}
