// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which connections a broker accepts, keeps and ends. */
class ConnectionsIT {
    private static final short FETCH_VERSION = 12;

    @TempDir
    Path data;

    @Test
    void refusesConnectionsBeyondTheLimitAndAcceptsAgainLater() throws Exception {
        try (var broker = new OneBroker(data, new FakeCluster(), Map.of("max.connections", "1"))) {
            try (var first = new RawClient(broker.port())) {
                introduce(first);
                try (var second = new RawClient(broker.port())) {
                    assertThat(second.isClosedByPeer()).isTrue();
                }
            }
            assertThat(broker.metrics.render()).contains("reason=\"connection_limit\"} 1");
        }
    }

    @Test
    void closesConnectionsThatAreIdle() throws Exception {
        try (var broker = new OneBroker(data, new FakeCluster(), Map.of("connections.max.idle.ms", "300"));
                var client = new RawClient(broker.port())) {
            introduce(client);

            assertThat(client.isClosedByPeer()).isTrue();
            assertThat(broker.metrics.render()).contains("reason=\"idle\"} 1");
        }
    }

    @Test
    void answersWaitingFetchesWhenItStops() throws Exception {
        try (var broker = new OneBroker(data, new FakeCluster(), Map.of());
                var client = new RawClient(broker.port())) {
            broker.cluster.put("topic", 1);
            introduce(client);
            var id = client.send(ApiKeys.FETCH, FETCH_VERSION, waitingFetch());
            broker.cluster.put("topic", 1, FakeCluster.OTHER, 2, Map.of());

            var answer = (FetchResponseData) client.receive(ApiKeys.FETCH, FETCH_VERSION, id);
            assertThat(answer.responses().getFirst().partitions().getFirst().errorCode())
                    .isEqualTo(Errors.NOT_LEADER_OR_FOLLOWER.code());

            var drained = CompletableFuture.runAsync(() -> broker.plane.drain(Duration.ofSeconds(10)));
            assertThat(client.isClosedByPeer()).isTrue();
            assertThat(drained).succeedsWithin(Duration.ofSeconds(10));
        }
    }

    private static void introduce(RawClient client) throws Exception {
        client.exchange(ApiKeys.API_VERSIONS, (short) 0, new ApiVersionsRequestData());
    }

    private static FetchRequestData waitingFetch() {
        return new FetchRequestData()
                .setMaxWaitMs(60_000)
                .setMinBytes(1)
                .setTopics(List.of(new FetchRequestData.FetchTopic()
                        .setTopic("topic")
                        .setPartitions(List.of(new FetchRequestData.FetchPartition()
                                .setPartition(0)
                                .setPartitionMaxBytes(1_000)))));
    }
}
