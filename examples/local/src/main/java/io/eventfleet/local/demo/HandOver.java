// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.demo;

import java.util.Collection;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/** Commits before partitions go to another member. */
final class HandOver implements ConsumerRebalanceListener {
    private final KafkaConsumer<String, String> consumer;

    HandOver(KafkaConsumer<String, String> consumer) {
        this.consumer = consumer;
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
        consumer.commitSync();
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
        // Positions come from the committed offsets.
    }
}
