// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.api.group;

import static io.eventfleet.server.api.ApiCalls.call;
import static org.assertj.core.api.Assertions.assertThat;

import io.eventfleet.coordinator.OffsetsTopic;
import io.eventfleet.server.api.ClusterFixture;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.FindCoordinatorResponseData.Coordinator;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FindCoordinatorHandlerTest {
    private static final byte GROUP = 0;
    private static final byte TRANSACTION = 1;
    private static final byte SHARE = 2;

    private final ClusterFixture cluster = ClusterFixture.ofBrokers(3);
    private final FindCoordinatorHandler handler =
            new FindCoordinatorHandler(cluster, new OffsetsTopic(cluster, cluster, 8, 3));

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3, 4, 6})
    void createsTheTopicOnTheFirstQuestionAndThenAnswers(int version) throws Exception {
        assertThat(Errors.forCode(find(version, GROUP, "g").errorCode())).isEqualTo(Errors.COORDINATOR_NOT_AVAILABLE);
        assertThat(cluster.asked()).containsExactly("create __consumer_offsets 8 3 {cleanup.policy=compact} []");

        var found = find(version, GROUP, "g");

        assertThat(Errors.forCode(found.errorCode())).isEqualTo(Errors.NONE);
        var leader = cluster.current()
                .topic(OffsetsTopic.NAME)
                .orElseThrow()
                .partitions()
                .get(OffsetsTopic.partitionFor("g", 8))
                .leader();
        assertThat(found.nodeId()).isEqualTo(leader);
        assertThat(found.host()).isEqualTo("broker-" + leader);
        assertThat(found.port()).isEqualTo(9092);
    }

    @Test
    void createsTheTopicWithNoMoreReplicasThanBrokers() throws Exception {
        var alone = ClusterFixture.ofBrokers(1);
        var request = new FindCoordinatorRequestData().setCoordinatorKeys(List.of("g"));

        call(new FindCoordinatorHandler(alone, new OffsetsTopic(alone, alone, 8, 3)), 4, request);

        assertThat(alone.asked()).containsExactly("create __consumer_offsets 8 1 {cleanup.policy=compact} []");
    }

    @Test
    void answersEveryKey() throws Exception {
        cluster.withTopic(OffsetsTopic.NAME, 8, Map.of(), true);

        var response = call(handler, 6, new FindCoordinatorRequestData().setCoordinatorKeys(List.of("a", "b", "c")));

        assertThat(response.coordinators()).extracting(Coordinator::key).containsExactly("a", "b", "c");
    }

    @Test
    void computesThePartitionAsClientsDo() {
        assertThat(OffsetsTopic.partitionFor("my-group", 50)).isEqualTo(Math.abs("my-group".hashCode()) % 50);
        assertThat(OffsetsTopic.partitionFor("polygenelubricants", 50))
                .as("hash is Integer.MIN_VALUE")
                .isZero();
    }

    @Test
    void saysThatTransactionsHaveNoCoordinator() throws Exception {
        var found = find(6, TRANSACTION, "tx");

        assertThat(Errors.forCode(found.errorCode())).isEqualTo(Errors.COORDINATOR_NOT_AVAILABLE);
        assertThat(found.errorMessage()).contains("transactions");
        assertThat(cluster.asked()).isEmpty();
    }

    @Test
    void refusesOtherKindsOfCoordinators() throws Exception {
        assertThat(Errors.forCode(find(6, SHARE, "g:t:0").errorCode())).isEqualTo(Errors.INVALID_REQUEST);
        assertThat(Errors.forCode(find(6, (byte) 77, "x").errorCode())).isEqualTo(Errors.INVALID_REQUEST);
    }

    private Coordinator find(int version, byte type, String key) throws Exception {
        var request = new FindCoordinatorRequestData();
        if (version >= 1) {
            request.setKeyType(type);
        }
        if (version >= 4) {
            return call(handler, version, request.setCoordinatorKeys(List.of(key)))
                    .coordinators()
                    .getFirst();
        }
        var response = call(handler, version, request.setKey(key));
        return new Coordinator()
                .setErrorCode(response.errorCode())
                .setErrorMessage(response.errorMessage())
                .setNodeId(response.nodeId())
                .setHost(response.host())
                .setPort(response.port());
    }
}
