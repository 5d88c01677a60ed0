// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.eventfleet.core.log.TopicPartitionId;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplicationIT {
    @TempDir
    Path folder;

    private ReplicaFleet fleet;

    private ReplicaFleet start(int brokers, Map<String, String> settings) throws IOException {
        fleet = new ReplicaFleet(folder, brokers, settings);
        return fleet;
    }

    @AfterEach
    void close() {
        fleet.close();
    }

    @Test
    void followersCopyWhatIsAppendedAndWhatWasThere() throws Exception {
        start(3, Map.of());
        var id = topic(2, 0, 1, 2);
        fleet.broker(0).append(id, "a", "b");
        fleet.broker(0).append(id, "c");

        soon().untilAsserted(() -> assertSame(id, 0, 1, 2));
        soon().untilAsserted(() ->
                assertThat(fleet.broker(0).led(id).highWatermark()).isEqualTo(3));
        fleet.broker(0).append(id, "d");
        soon().untilAsserted(() -> assertSame(id, 0, 1, 2));
        assertThat(fleet.broker(1).metric("eventfleet_replica_fetched_bytes_total"))
                .isPositive();
        assertThat(fleet.broker(0).metric("eventfleet_replica_served_bytes_total"))
                .isEqualTo(fleet.broker(1).metric("eventfleet_replica_fetched_bytes_total")
                        + fleet.broker(2).metric("eventfleet_replica_fetched_bytes_total"));
    }

    @Test
    void copiesManyPartitionsAlthoughAnswersAreSmall() throws Exception {
        start(2, Map.of("replica.fetch.response.max.bytes", "2048", "replica.fetch.max.bytes", "1024"));
        int partitions = 20;
        var topicId = fleet.topic(partitions, 1, 0, 1);
        var ids = IntStream.range(0, partitions)
                .mapToObj(i -> new TopicPartitionId(topicId, i))
                .toList();
        ids.forEach(id -> soon().until(() -> fleet.broker(0).led(id) != null));

        for (int round = 0; round < 10; round++) {
            for (var id : ids) {
                fleet.broker(0).appendLater(id, "x".repeat(round % 3 == 0 ? 3_000 : 100));
            }
        }

        for (var id : ids) {
            soon().untilAsserted(() ->
                    assertThat(fleet.broker(0).led(id).highWatermark()).isEqualTo(10));
            assertSame(id, 0, 1);
        }
    }

    @Test
    void tellsFollowersOfHighWatermarksAndLogStarts() throws Exception {
        start(2, Map.of());
        var id = topic(2, 0, 1);
        fleet.broker(0).append(id, "a");
        fleet.broker(0).append(id, "b");
        soon().untilAsserted(() ->
                assertThat(fleet.broker(0).led(id).highWatermark()).isEqualTo(2));

        fleet.broker(0).log(id).deleteRecordsBefore(1).toCompletableFuture().join();

        soon().untilAsserted(() ->
                assertThat(fleet.broker(1).log(id).logStartOffset()).isEqualTo(1));
        // Its high watermark is what it begins with when it leads.
        fleet.elect(id, 1, List.of(1));
        soon().untilAsserted(() -> assertThat(fleet.broker(1).led(id)).isNotNull());
        assertThat(fleet.broker(1).log(id).checkpointedHighWatermark()).isEqualTo(2);
    }

    @Test
    void anotherLeaderIsFollowedAndWhatDivergesIsMadeEqual() throws Exception {
        start(3, Map.of());
        var id = topic(1, 0, 1, 2);
        fleet.broker(0).append(id, "committed");
        soon().untilAsserted(() -> assertSame(id, 0, 1, 2));
        soon().untilAsserted(() ->
                assertThat(fleet.broker(0).led(id).highWatermark()).isEqualTo(1));

        // The old leader hears nothing any more and goes on alone, without ever committing.
        fleet.grant(false);
        fleet.broker(0).images().hold();
        fleet.elect(id, 1, List.of(1, 2));
        soon().until(() -> fleet.broker(1).led(id) != null);
        fleet.broker(0).append(id, "lost 1", "lost 2");
        fleet.broker(0).append(id, "lost 3");
        fleet.broker(1).append(id, "kept");
        soon().untilAsserted(() -> assertSame(id, 1, 2));
        assertThat(fleet.broker(0).led(id).highWatermark()).isEqualTo(1);
        fleet.broker(0).images().release();

        soon().untilAsserted(() -> assertSame(id, 0, 1, 2));
        assertThat(fleet.broker(0).batches(id)).hasSize(2);
        assertThat(fleet.broker(0).log(id).epochs())
                .isEqualTo(fleet.broker(1).log(id).epochs());
    }

    private TopicPartitionId topic(int minIsr, Integer... replicas) {
        var id = new TopicPartitionId(fleet.topic(1, minIsr, replicas), 0);
        soon().until(() -> fleet.broker(replicas[0]).led(id) != null);
        return id;
    }

    private void assertSame(TopicPartitionId id, int first, int... others) {
        var expected = fleet.broker(first).batches(id);
        assertThat(expected).isNotEmpty();
        for (int other : others) {
            assertThat(fleet.broker(other).hasLog(id)).isTrue();
            assertThat(fleet.broker(other).batches(id)).as("broker %d", other).isEqualTo(expected);
        }
    }

    private static ConditionFactory soon() {
        return await().atMost(Duration.ofSeconds(20)).pollInterval(Duration.ofMillis(20));
    }
}
