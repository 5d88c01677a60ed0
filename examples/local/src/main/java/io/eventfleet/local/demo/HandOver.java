// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.demo;

import java.util.Collection;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Commits before partitions go to another member. */
final class HandOver implements ConsumerRebalanceListener {
    private static final Logger LOG = LoggerFactory.getLogger(HandOver.class);

    private final KafkaConsumer<String, String> consumer;

    HandOver(KafkaConsumer<String, String> consumer) {
        this.consumer = consumer;
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
        commit(consumer);
    }

    /** Commits, unless the partitions have gone to another member already: that one begins at the commit before. */
    static void commit(KafkaConsumer<String, String> consumer) {
        try {
            consumer.commitSync();
        } catch (CommitFailedException | RebalanceInProgressException e) {
            LOG.atDebug().setCause(e).log("not committed");
        }
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
        // Positions come from the committed offsets.
    }
}
