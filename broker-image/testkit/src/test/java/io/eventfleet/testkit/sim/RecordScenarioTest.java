// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.testkit.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventfleet.core.admin.ReplicaAdmin.Election;
import io.eventfleet.core.cluster.PartitionLine;
import io.eventfleet.core.cluster.message.ReplicaTarget;
import io.eventfleet.core.cluster.port.NodeEvent;
import io.eventfleet.core.cluster.store.Kind;
import io.eventfleet.core.cluster.store.Ref;
import io.eventfleet.core.cluster.store.TopicDoc;
import io.eventfleet.core.log.TopicPartitionId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Single faults under a load of producers and consumers; the numbers are those of the invariants. */
class RecordScenarioTest {

    private static SimCluster cluster(long seed, int brokers, int replicas, boolean buffered) {
        var shape = new SimCluster.Shape(brokers, replicas, 100, buffered, true, true);
        var cluster = new SimCluster(new World(seed), shape, Protections.ALL).start();
        cluster.await(44, Duration.ofSeconds(5), new Healed(cluster)::brokersServe);
        cluster.users().create("t0", 3, replicas, true, false);
        run(cluster, Duration.ofSeconds(3));
        cluster.clients().start();
        run(cluster, Duration.ofSeconds(10));
        return cluster;
    }

    private static void run(SimCluster cluster, Duration time) {
        cluster.world().runUntil(cluster.world().now() + time.toNanos());
    }

    private static long acknowledged(SimCluster cluster) {
        return cluster.world().counts().getOrDefault("acknowledged ALL", 0L);
    }

    private static PartitionLine line(SimCluster cluster, TopicPartitionId id) {
        return cluster.oracle().stored(id).orElseThrow().line();
    }

    /** Everybody is back and in sync, and nothing that was committed is missing anywhere. */
    private static void settle(SimCluster cluster) {
        cluster.clients().stop();
        cluster.heal();
        Simulation.settle(cluster);
    }

    /** 67: all are killed at once and started in any order: records flow again, and none is missing. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void everythingComesBackAfterAFullStop(long seed) {
        var cluster = cluster(seed, 3, 3, seed % 2 == 0);

        cluster.kubelet(false);
        cluster.nodes().forEach(SimNode::kill);
        cluster.nodes()
                .forEach(node -> cluster.world().after(cluster.world().between(0, 30 * World.SECOND), node::start));
        run(cluster, Duration.ofSeconds(50));
        long before = acknowledged(cluster);
        run(cluster, Duration.ofSeconds(5));

        assertThat(acknowledged(cluster)).isGreaterThan(before);
        settle(cluster);
    }

    /** 33 with Synced: no order in which machines lose power loses an acknowledged record. */
    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13})
    void aPowerCutOfAllMachinesLosesNothing(long seed) {
        var cluster = cluster(seed, 3, 3, false);

        cluster.nodes().forEach(SimNode::powerOff);
        run(cluster, Duration.ofSeconds(2));

        settle(cluster);
        assertThat(cluster.oracle().truths()).noneMatch(PartitionTruth::excused);
    }

    /** KIP-966: the last replica in sync commits nothing alone, so its loss takes nothing acknowledged with it. */
    @Test
    void theLastReplicaInSyncMayLoseItsDisk() {
        var cluster = cluster(21, 3, 3, true);
        var id = cluster.oracle().open().getFirst();
        var leader = cluster.node(line(cluster, id).leader());
        var others = cluster.nodes().stream().filter(node -> node != leader).toList();

        cluster.kubelet(false);
        others.forEach(SimNode::kill);
        run(cluster, Duration.ofSeconds(25));
        assertThat(line(cluster, id).isr()).containsExactly(leader.id());
        assertThat(line(cluster, id).elr()).isNotEmpty();
        leader.kill();
        leader.wipe();
        run(cluster, Duration.ofSeconds(2));

        settle(cluster);
        assertThat(line(cluster, id).leader()).isNotEqualTo(PartitionLine.NO_LEADER);
    }

    /** A4: lowering min ISR below what is in sync never lets the leader commit what the eligible ones lack. */
    @Test
    void minIsrMayBeLoweredWhileReplicasAreAway() {
        var cluster = cluster(31, 3, 3, false);
        var id = cluster.oracle().open().getFirst();
        var leader = cluster.node(line(cluster, id).leader());

        cluster.kubelet(false);
        cluster.nodes().stream().filter(node -> node != leader).forEach(SimNode::kill);
        run(cluster, Duration.ofSeconds(25));
        long before = acknowledged(cluster);
        lowerMinIsr(cluster);
        run(cluster, Duration.ofSeconds(10));

        assertThat(acknowledged(cluster)).isGreaterThan(before);
        assertThat(line(cluster, id).elr()).isEmpty();
        leader.kill();
        cluster.nodes().stream().filter(node -> node != leader).forEach(SimNode::start);
        run(cluster, Duration.ofSeconds(25));
        assertThat(line(cluster, id).leader()).isEqualTo(PartitionLine.NO_LEADER);
        settle(cluster);
    }

    private static void lowerMinIsr(SimCluster cluster) {
        var ref = new Ref(Kind.TOPIC, "t0");
        var topic = (TopicDoc) cluster.api().get(ref).orElseThrow().body();
        cluster.users().configure(ref, topic, new TreeMap<>(Map.of("min.insync.replicas", "1")));
    }

    /** A5: a replica that is removed and added again begins anew, and counts only when it has everything again. */
    @Test
    void aReplicaMayBeRemovedAndAddedAgain() {
        var cluster = cluster(41, 3, 3, false);
        var id = cluster.oracle().open().getFirst();
        var replicas = line(cluster, id).replicas();
        int removed = replicas.getLast();

        move(cluster, id, replicas.subList(0, 2));
        run(cluster, Duration.ofMillis(40));
        move(cluster, id, replicas);
        run(cluster, Duration.ofSeconds(15));

        assertThat(line(cluster, id).isr()).contains(removed);
        assertThat(line(cluster, id).leaderEpoch()).isPositive();
        settle(cluster);
    }

    private static void move(SimCluster cluster, TopicPartitionId id, List<Integer> target) {
        cluster.node(0)
                .process()
                .orElseThrow()
                .deliver(new NodeEvent.ReassignmentWanted(
                        cluster.world().now(), List.of(new ReplicaTarget(id, target))));
    }

    /** 69: of two brokers either may be killed; the other leads everything within seconds, and producers go on. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void eitherOfTwoBrokersMayDie(int victim) {
        var cluster = cluster(51, 2, 2, false);
        lowerMinIsr(cluster);
        run(cluster, Duration.ofSeconds(3));

        cluster.kubelet(false);
        cluster.node(victim).kill();
        run(cluster, Duration.ofSeconds(5));
        long before = acknowledged(cluster);
        run(cluster, Duration.ofSeconds(5));

        assertThat(cluster.oracle().open()).allMatch(id -> line(cluster, id).leader() == 1 - victim);
        assertThat(acknowledged(cluster)).isGreaterThan(before);
        settle(cluster);
    }

    /** KIP-279: leadership goes back and forth while the follower never hears of it; logs agree in the end. */
    @Test
    void logsAgreeAfterFastFailovers() {
        var cluster = cluster(61, 3, 3, false);
        var id = cluster.oracle().open().getFirst();

        for (int round = 0; round < 6; round++) {
            var leader = line(cluster, id).leader();
            if (leader != PartitionLine.NO_LEADER) {
                cluster.restartDelay(World.SECOND / 5);
                cluster.kill(cluster.node(leader));
            }
            run(cluster, Duration.ofSeconds(2));
        }

        settle(cluster);
        assertThat(line(cluster, id).leaderEpoch()).isGreaterThan(3);
    }

    /** S10: a pod is replaced while its process lives on with its old volume: the two never count as one. */
    @ParameterizedTest
    @ValueSource(longs = {71, 72, 73})
    void twoProcessesOfOneIdNeverCountAsOne(long seed) {
        var cluster = cluster(seed, 3, 3, false);
        var id = cluster.oracle().open().getFirst();
        var leader = cluster.node(line(cluster, id).leader());

        leader.replace();
        leader.start();
        run(cluster, Duration.ofSeconds(60));

        assertThat(leader.process().orElseThrow().ready()).isTrue();
        settle(cluster);
    }

    /** A preferred leader takes over from a living one without a loss. */
    @Test
    void aPreferredLeaderTakesOver() {
        var cluster = cluster(81, 3, 3, false);
        var id = cluster.oracle().open().getFirst();
        int preferred = line(cluster, id).replicas().getFirst();
        cluster.kill(cluster.node(preferred));
        run(cluster, Duration.ofSeconds(6));

        cluster.node((preferred + 1) % 3)
                .process()
                .orElseThrow()
                .deliver(new NodeEvent.ElectionWanted(1, Election.PREFERRED, List.of(id)));
        run(cluster, Duration.ofSeconds(4));

        assertThat(line(cluster, id).leader()).isEqualTo(preferred);
        settle(cluster);
    }
}
