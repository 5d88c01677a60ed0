// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.cluster;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.eventfleet.core.KafkaError;
import io.eventfleet.core.admin.ClusterAdmin.ProducerIdBlock;
import io.eventfleet.core.admin.ReplicaAdmin.Election;
import io.eventfleet.core.cluster.image.BrokerInfo.BrokerState;
import io.eventfleet.core.cluster.image.ClusterImage;
import io.eventfleet.core.cluster.image.PartitionInfo;
import io.eventfleet.core.cluster.image.TopicInfo;
import io.eventfleet.core.log.TopicPartitionId;
import io.eventfleet.core.replication.IsrProposal;
import io.eventfleet.core.replication.IsrRefusal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
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

    @Test
    void aKilledLeaderIsReplacedByAReplicaInSync() {
        fleet.declareTopic("payments", PARTITIONS, BROKERS);
        fleet.awaitEverywhere(led("payments"));
        int victim = (fleet.controller().id + 1) % BROKERS;
        var before = topic(fleet.controller().image(), "payments");
        assertThat(before.partitions()).allMatch(partition -> partition.isr().size() == BROKERS);

        fleet.broker(victim).kill();
        fleet.awaitEverywhere(image -> topic(image, "payments").partitions().stream()
                .allMatch(partition -> partition.leader() != victim
                        && partition.leader() != PartitionInfo.NO_LEADER
                        && !partition.isr().contains(victim)));

        for (var partition : before.partitions()) {
            var now = topic(fleet.controller().image(), "payments").partitions().get(partition.partition());
            assertThat(now.leaderEpoch() > partition.leaderEpoch()).isEqualTo(partition.leader() == victim);
        }
    }

    @Test
    void leadersChangeTheirInSyncReplicasThroughTheController() {
        fleet.declareTopic("payments", 1, BROKERS);
        fleet.awaitEverywhere(led("payments"));
        var line = partition(fleet.controller().image());
        var leader = fleet.broker(line.leader());
        await().atMost(Fleet.PATIENCE).until(() -> leader.node().isrGateway().writable());

        propose(leader, Set.of(leader.id));
        fleet.awaitEverywhere(image -> partition(image).isr().equals(List.of(leader.id)));
        propose(leader, Set.of(0, 1, 2));
        fleet.awaitEverywhere(image -> partition(image).isr().size() == BROKERS);

        assertThat(partition(leader.image()).leaderEpoch()).isEqualTo(line.leaderEpoch());
    }

    @Test
    void aReplicaInvitedUnderAnOldEpochIsRefused() {
        fleet.declareTopic("payments", 1, BROKERS);
        fleet.awaitEverywhere(led("payments"));
        var line = partition(fleet.controller().image());
        var leader = fleet.broker(line.leader());
        propose(leader, Set.of(leader.id));
        fleet.awaitEverywhere(image -> partition(image).isr().size() == 1);
        var members = members(leader, Set.of(0, 1, 2));
        members.replaceAll((id, epoch) -> id == leader.id ? epoch : epoch - 1);

        var refused = new CompletableFuture<IsrRefusal>();
        var now = partition(leader.image());
        leader.node()
                .isrGateway()
                .propose(
                        new IsrProposal(idOf(leader.image()), now.leaderEpoch(), now.partitionEpoch(), members),
                        refused::complete);

        assertThat(refused).succeedsWithin(Fleet.PATIENCE).isEqualTo(IsrRefusal.INELIGIBLE_REPLICA);
        fleet.awaitEverywhere(image -> partition(image).partitionEpoch() > now.partitionEpoch());
        assertThat(partition(leader.image()).isr()).containsExactly(leader.id);
    }

    @Test
    void movesAReplicaAndDeletesWhatItLeaves() {
        fleet.declareTopic("payments", 1, 1);
        fleet.awaitEverywhere(led("payments"));
        int from = partition(fleet.controller().image()).leader();
        int to = (from + 1) % BROKERS;
        var id = idOf(fleet.controller().image());

        var outcome = fleet.broker((from + 2) % BROKERS)
                .node()
                .replicaAdmin()
                .reassign(Map.of(id, List.of(to)), Fleet.PATIENCE)
                .toCompletableFuture();
        assertThat(outcome)
                .succeedsWithin(Fleet.PATIENCE)
                .extracting(done -> done.get(id).error())
                .isEqualTo(KafkaError.NONE);
        fleet.awaitEverywhere(image -> partition(image).adding().equals(List.of(to)));
        propose(fleet.broker(from), Set.of(from, to));

        fleet.awaitEverywhere(image -> partition(image).replicas().equals(List.of(to))
                && partition(image).leader() == to);
        await().atMost(Fleet.PATIENCE).until(() -> fleet.broker(from).dropped.contains(id));
        assertThat(fleet.broker(to).dropped).isEmpty();
    }

    @Test
    void electsThePreferredLeaderOnRequest() {
        fleet.declareTopic("payments", 1, BROKERS);
        fleet.awaitEverywhere(led("payments"));
        var id = idOf(fleet.controller().image());

        var outcome = fleet.broker(0)
                .node()
                .replicaAdmin()
                .elect(Election.PREFERRED, Set.of(id), Fleet.PATIENCE)
                .toCompletableFuture();

        assertThat(outcome)
                .succeedsWithin(Fleet.PATIENCE)
                .extracting(done -> done.get(id).error())
                .isEqualTo(KafkaError.ELECTION_NOT_NEEDED);
    }

    private static void propose(Fleet.Broker leader, Set<Integer> isr) {
        var line = partition(leader.image());
        leader.node()
                .isrGateway()
                .propose(
                        new IsrProposal(
                                idOf(leader.image()), line.leaderEpoch(), line.partitionEpoch(), members(leader, isr)),
                        refusal -> {});
    }

    private static SortedMap<Integer, Long> members(Fleet.Broker leader, Set<Integer> isr) {
        var members = new TreeMap<Integer, Long>();
        isr.forEach(id -> members.put(id, leader.image().brokers().get(id).epoch()));
        return members;
    }

    private static TopicPartitionId idOf(ClusterImage image) {
        return new TopicPartitionId(topic(image, "payments").id(), 0);
    }

    private static PartitionInfo partition(ClusterImage image) {
        return topic(image, "payments").partitions().getFirst();
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
