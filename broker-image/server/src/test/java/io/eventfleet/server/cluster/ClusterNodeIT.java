// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.cluster;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.eventfleet.core.admin.ClusterAdmin.ProducerIdBlock;
import io.eventfleet.core.cluster.image.BrokerInfo.BrokerState;
import io.eventfleet.core.cluster.image.ClusterImage;
import io.eventfleet.core.cluster.image.PartitionInfo;
import io.eventfleet.core.cluster.image.TopicInfo;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ClusterNodeIT {
    private static final int BROKERS = 3;
    private static final int PARTITIONS = 6;

    private Fleet fleet;

    @BeforeEach
    void start() throws Exception {
        fleet = new Fleet(BROKERS);
        fleet.startAll();
        fleet.awaitEverywhere(unfenced(BROKERS));
    }

    @AfterEach
    void stop() {
        fleet.close();
    }

    @Test
    void spreadsTheLeadersOfATopicOverTheBrokers() {
        fleet.declareTopic("payments", PARTITIONS);

        fleet.awaitEverywhere(led("payments"));

        var leaders = topic(fleet.broker(0).image(), "payments").partitions().stream()
                .collect(groupingBy(PartitionInfo::leader, counting()));
        assertThat(leaders).isEqualTo(Map.of(0, 2L, 1, 2L, 2, 2L));
        assertThat(fleet.broker(1).ready()).isTrue();
    }

    @Test
    void aKilledBrokerLeadsAgainInANewEpoch() throws Exception {
        fleet.declareTopic("payments", PARTITIONS);
        fleet.awaitEverywhere(led("payments"));
        int victim = (fleet.controller().id + 1) % BROKERS;
        var before = topic(fleet.controller().image(), "payments");

        fleet.broker(victim).kill();
        fleet.awaitEverywhere(image -> image.brokers().get(victim).state() == BrokerState.FENCED);
        fleet.awaitEverywhere(image ->
                topic(image, "payments").partitions().stream().noneMatch(partition -> partition.leader() == victim));
        fleet.broker(victim).start();
        fleet.awaitEverywhere(led("payments"));

        var after = topic(fleet.broker(victim).image(), "payments");
        for (var partition : before.partitions()) {
            var now = after.partitions().get(partition.partition());
            assertThat(now.leader()).isEqualTo(partition.leader());
            if (partition.leader() == victim) {
                assertThat(now.leaderEpoch()).isGreaterThan(partition.leaderEpoch());
            } else {
                assertThat(now.leaderEpoch()).isEqualTo(partition.leaderEpoch());
            }
        }
    }

    @Test
    void anotherBrokerTakesOverWhenTheControllerDies() {
        fleet.declareTopic("payments", PARTITIONS);
        fleet.awaitEverywhere(led("payments"));
        var deposed = fleet.controller();

        deposed.kill();
        var successor = fleet.controller();

        assertThat(successor.id).isNotEqualTo(deposed.id);
        fleet.awaitEverywhere(image -> image.controllerId() == successor.id);
        fleet.awaitEverywhere(image -> image.brokers().get(deposed.id).state() == BrokerState.FENCED);
        fleet.declareTopic("orders", 4);
        fleet.awaitEverywhere(led("orders"));
        assertThat(topic(successor.image(), "orders").partitions())
                .extracting(PartitionInfo::leader)
                .doesNotContain(deposed.id);
    }

    /** Far below the Lease's duration, which here is a minute: the address of the killed process refuses connections. */
    @Test
    void aKilledControllerIsReplacedWithoutWaitingForItsLease() throws Exception {
        fleet.close();
        fleet = new Fleet(BROKERS, Duration.ofMinutes(1));
        fleet.startAll();
        fleet.awaitEverywhere(unfenced(BROKERS));
        fleet.declareTopic("payments", PARTITIONS);
        fleet.awaitEverywhere(led("payments"));
        var deposed = fleet.controller();

        deposed.kill();
        var successor = fleet.controller();

        assertThat(successor.id).isNotEqualTo(deposed.id);
        fleet.awaitEverywhere(image -> image.brokers().get(deposed.id).state() == BrokerState.FENCED);
        deposed.start();
        fleet.awaitEverywhere(led("payments").and(unfenced(BROKERS)));
        assertThat(deposed.halted()).isNull();
    }

    @Test
    void everybodyKilledComesBackWithEveryLeader() throws Exception {
        fleet.declareTopic("payments", PARTITIONS);
        fleet.awaitEverywhere(led("payments"));

        for (int id = 0; id < BROKERS; id++) {
            fleet.broker(id).kill();
        }
        fleet.startAll();

        fleet.awaitEverywhere(led("payments").and(unfenced(BROKERS)));
        for (int id = 0; id < BROKERS; id++) {
            assertThat(fleet.broker(id).halted()).isNull();
        }
    }

    @Test
    void leavesInOrderAndComesBack() throws Exception {
        fleet.declareTopic("payments", PARTITIONS);
        fleet.awaitEverywhere(led("payments"));
        int leaver = (fleet.controller().id + 1) % BROKERS;

        var left = fleet.broker(leaver).node().shutDown().toCompletableFuture();
        await().atMost(Fleet.PATIENCE).until(left::isDone);
        fleet.broker(leaver).kill();
        fleet.awaitEverywhere(image -> image.brokers().get(leaver).state() != BrokerState.UNFENCED);
        fleet.broker(leaver).start();

        fleet.awaitEverywhere(led("payments").and(unfenced(BROKERS)));
        assertThat(fleet.broker(leaver).halted()).isNull();
    }

    @Test
    void theControllerLeavesInOrderToo() throws Exception {
        var controller = fleet.controller();

        var left = controller.node().shutDown().toCompletableFuture();
        await().atMost(Fleet.PATIENCE).until(left::isDone);
        controller.kill();

        assertThat(fleet.controller().id).isNotEqualTo(controller.id);
    }

    @Test
    void neverGivesAProducerIdTwice() throws Exception {
        var asked = new ArrayList<CompletableFuture<ProducerIdBlock>>();
        for (int round = 0; round < 3; round++) {
            for (int id = 0; id < BROKERS; id++) {
                asked.add(fleet.broker(id)
                        .node()
                        .allocateProducerIds(Duration.ofSeconds(20))
                        .toCompletableFuture());
            }
        }

        var starts = new HashSet<Long>();
        for (var answer : asked) {
            var block = answer.get(20, TimeUnit.SECONDS);
            assertThat(block.first() % block.count()).isZero();
            assertThat(starts.add(block.first())).isTrue();
        }
    }

    @Test
    void createsInternalTopicsOnFirstUse() {
        fleet.broker((fleet.controller().id + 1) % BROKERS).node().wantInternalTopic("__consumer_offsets");

        fleet.awaitEverywhere(led("__consumer_offsets"));

        assertThat(topic(fleet.broker(0).image(), "__consumer_offsets").internal())
                .isTrue();
    }

    private static TopicInfo topic(ClusterImage image, String name) {
        return image.topic(name).orElseThrow();
    }

    private static Predicate<ClusterImage> led(String topic) {
        return image -> image.topic(topic)
                .filter(found -> found.partitions().stream()
                        .allMatch(partition -> partition.leader() != PartitionInfo.NO_LEADER))
                .isPresent();
    }

    private static Predicate<ClusterImage> unfenced(int count) {
        return image -> List.copyOf(image.brokers().values()).stream()
                        .filter(broker -> broker.state() == BrokerState.UNFENCED)
                        .count()
                == count;
    }
}
