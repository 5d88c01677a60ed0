// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** {@code kill -9} of every broker in turn, while an idempotent producer writes. */
@ExtendWith(SharedFleet.class)
class KillNineIT {
    private static final int PARTITIONS = 6;
    private static final String GROUP = "kill-nine";
    private static final int BETWEEN_KILLS = 200;

    private final Fleet fleet;

    KillNineIT(Fleet fleet) {
        this.fleet = fleet;
    }

    @Test
    void everyAcknowledgedRecordIsThereOnceAndInOrder() throws Exception {
        String topic = "kill-nine";
        fleet.clients().createTopic(topic, PARTITIONS);
        try (Admin admin = fleet.clients().admin()) {
            admin.alterConsumerGroupOffsets(GROUP, Map.of(new TopicPartition(topic, 1), new OffsetAndMetadata(17)))
                    .all()
                    .get();
        }
        Production production = Production.start(fleet, topic, PARTITIONS);
        try (production) {
            production.awaitMore(BETWEEN_KILLS);
            for (int broker = 0; broker < fleet.brokers(); broker++) {
                fleet.killBroker(broker);
                // Every partition moves again: the broker is back, and so is what it leads.
                production.awaitMore(BETWEEN_KILLS);
            }
        }

        production.assertNothingLostOrTwice();
        try (Admin admin = fleet.clients().admin()) {
            assertThat(admin.listConsumerGroupOffsets(GROUP)
                            .partitionsToOffsetAndMetadata()
                            .get()
                            .get(new TopicPartition(topic, 1))
                            .offset())
                    .isEqualTo(17);
        }
    }

    @Test
    void aReaderFromBeforeARestartIsFenced() throws Exception {
        String topic = "kill-nine-epoch";
        fleet.clients().createTopic(topic, 1);
        Node leader = fleet.clients().leader(topic, 0);
        fleet.killBroker(leader.id());

        fleet.eventually(() -> assertThat(new RawRequests(fleet.clients().leader(topic, 0)).fetch(topic, 0))
                .isEqualTo(Errors.FENCED_LEADER_EPOCH));
    }
}
