// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A fleet with a data folder is the same fleet when it comes back, all of its brokers at once. */
class RestartIT {
    private static final String TOPIC = "kept";
    private static final TopicPartition PARTITION = new TopicPartition(TOPIC, 1);

    @TempDir
    Path data;

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void keepsTopicsRecordsAndCommittedOffsets(int brokers) throws Exception {
        String clusterId;
        try (Fleet fleet = Fleet.start(brokers, data)) {
            fleet.clients().createTopic(new NewTopic(TOPIC, 2, (short) brokers));
            fleet.clients().alterTopic(TOPIC, Map.of("retention.ms", "7200000"));
            fleet.clients().produce(TOPIC, 1, Map.of(), List.of("a", "b", "c"));
            try (Admin admin = fleet.clients().admin()) {
                admin.alterConsumerGroupOffsets("kept", Map.of(PARTITION, new OffsetAndMetadata(2)))
                        .all()
                        .get();
                clusterId = admin.describeCluster().clusterId().get();
            }
        }
        try (Fleet fleet = Fleet.start(brokers, data);
                Admin admin = fleet.clients().admin()) {
            assertThat(fleet.clients().values(TOPIC, 2)).containsExactly("a", "b", "c");
            assertThat(admin.listConsumerGroupOffsets("kept")
                            .partitionsToOffsetAndMetadata()
                            .get())
                    .containsEntry(PARTITION, new OffsetAndMetadata(2));
            assertThat(admin.describeCluster().clusterId().get()).isEqualTo(clusterId);
            assertThat(fleet.kubectl()
                            .run("get", "evt", TOPIC, "-o", "jsonpath={.spec.config.retention\\.ms}")
                            .out())
                    .isEqualTo("7200000");
            fleet.clients().produce(TOPIC, 1, Map.of(), List.of("d"));
            assertThat(fleet.clients().values(TOPIC, 2)).containsExactly("a", "b", "c", "d");
        }
    }
}
