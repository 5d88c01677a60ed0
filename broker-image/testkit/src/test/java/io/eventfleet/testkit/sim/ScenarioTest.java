// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.testkit.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventfleet.core.cluster.PartitionLine;
import io.eventfleet.core.cluster.TopicState;
import io.eventfleet.core.cluster.image.BrokerInfo.BrokerState;
import io.eventfleet.core.cluster.port.NodeEffect.Role;
import io.eventfleet.core.cluster.port.NodeEvent;
import io.eventfleet.core.cluster.store.ShardDoc;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Single faults with an exact expectation; the numbers are those of the invariants. */
class ScenarioTest {

    private static SimCluster cluster(long seed, int brokers) {
        var shape = new SimCluster.Shape(brokers, 1, 100, false, true);
        var cluster = new SimCluster(new World(seed), shape, Protections.ALL).start();
        cluster.await(44, Duration.ofSeconds(5), new Healed(cluster)::brokersServe);
        return cluster;
    }

    private static void run(SimCluster cluster, Duration time) {
        cluster.world().runUntil(cluster.world().now() + time.toNanos());
    }

    private static List<PartitionLine> lines(SimCluster cluster) {
        return cluster.shards().stream()
                .map(ShardDoc::topics)
                .flatMap(topics -> topics.values().stream())
                .flatMap(topic -> topic.lines().stream())
                .toList();
    }

    private static long leaderless(SimCluster cluster) {
        return lines(cluster).stream()
                .filter(line -> line.leader() == PartitionLine.NO_LEADER)
                .count();
    }

    @Test
    void placesPartitionsEvenlyOverBrokers() {
        var cluster = cluster(1, 3);

        cluster.users().create("t0", 12, 1, true, false);
        run(cluster, Duration.ofSeconds(2));

        assertThat(IntStream.range(0, 3).mapToLong(id -> lines(cluster).stream()
                        .filter(line -> line.leader() == id)
                        .count()))
                .containsExactly(4L, 4L, 4L);
    }

    /** 15: an outage of the store alone fences nobody and moves nothing, however long it is. */
    @ParameterizedTest
    @ValueSource(ints = {5, 20, 600})
    void anOutageOfTheStoreMovesNothing(int seconds) {
        var cluster = cluster(seconds, 3);
        cluster.users().create("t0", 6, 1, true, false);
        run(cluster, Duration.ofSeconds(20));
        var before = ShardInvariants.leaderEpochs(cluster.shards());

        cluster.api().faults().down(true);
        run(cluster, Duration.ofSeconds(seconds));
        cluster.heal();
        run(cluster, Duration.ofSeconds(60));

        assertThat(cluster.invariants().fencings()).isZero();
        assertThat(ShardInvariants.leaderEpochs(cluster.shards())).isEqualTo(before);
    }

    /** 70: a slow store changes no role and fences nobody. */
    @Test
    void aSlowStoreMovesNothing() {
        var cluster = cluster(7, 3);

        cluster.api().faults().latency(800, 1200);
        run(cluster, Duration.ofMinutes(10));

        assertThat(cluster.invariants().fencings()).isZero();
        assertThat(cluster.node(0).process().orElseThrow().ready()).isTrue();
    }

    /** 67: all killed at once, started in any order: whoever is back leads, with at most two changes per partition. */
    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13, 14, 15, 16, 17, 18})
    void everythingComesBackAfterAFullStop(long seed) {
        var cluster = cluster(seed, 3);
        cluster.users().create("t0", 9, 1, true, false);
        run(cluster, Duration.ofSeconds(3));
        var before = ShardInvariants.leaderEpochs(cluster.shards());

        cluster.kubelet(false);
        cluster.nodes().forEach(SimNode::kill);
        cluster.nodes()
                .forEach(node -> cluster.world().after(cluster.world().between(0, 30 * World.SECOND), node::start));
        run(cluster, Duration.ofSeconds(40));

        assertThat(leaderless(cluster)).isZero();
        ShardInvariants.leaderEpochs(cluster.shards())
                .forEach((partition, epoch) ->
                        assertThat(epoch - before.get(partition)).as(partition).isBetween(1, 2));
    }

    /** 68: one broker, killed: it leads again within a second of its start at 20 ms per call, and never waits for a Lease. */
    @Test
    void oneBrokerIsBackWithinASecond() {
        var cluster = cluster(21, 1);
        cluster.users().create("t0", 100, 1, true, false);
        run(cluster, Duration.ofSeconds(3));
        cluster.api().faults().latency(9, 11);

        cluster.kill(cluster.node(0));
        run(cluster, Duration.ofMillis(1000 + 600));

        assertThat(cluster.node(0).process().orElseThrow().ready()).isTrue();
        assertThat(lines(cluster)).hasSize(100).allMatch(line -> line.leader() == 0 && line.leaderEpoch() > 0);
    }

    /** 68 at two seconds per call. */
    @Test
    void oneBrokerIsBackWithinTwentySecondsOnASlowStore() {
        var cluster = cluster(22, 1);
        cluster.users().create("t0", 10, 1, true, false);
        run(cluster, Duration.ofSeconds(3));
        cluster.api().faults().latency(999, 1001);

        cluster.kill(cluster.node(0));
        run(cluster, Duration.ofSeconds(1 + 24));

        assertThat(cluster.node(0).process().orElseThrow().ready()).isTrue();
        assertThat(leaderless(cluster)).isZero();
    }

    /** E1: a killed broker is fenced because its address refuses connections, long before its Lease is over. */
    @Test
    void aKilledBrokerIsFencedAtOnce() {
        var cluster = cluster(31, 3);
        var follower = cluster.nodes().stream()
                .filter(node -> node.process().orElseThrow().role() == Role.FOLLOWER)
                .findFirst()
                .orElseThrow();
        run(cluster, Duration.ofSeconds(3));

        cluster.kubelet(false);
        follower.kill();
        run(cluster, Duration.ofSeconds(1));

        assertThat(cluster.invariants().fencings()).isEqualTo(1);
    }

    /** S21: the controller, which also leads, is killed: another one acts within two seconds and has fenced it. */
    @ParameterizedTest
    @ValueSource(longs = {51, 52, 53, 54})
    void aKilledControllerIsReplacedBeforeItsLeaseExpires(long seed) {
        var shape = new SimCluster.Shape(3, 2, 100, false, true);
        var cluster = new SimCluster(new World(seed), shape, Protections.ALL).start();
        cluster.await(44, Duration.ofSeconds(5), new Healed(cluster)::brokersServe);
        cluster.users().create("t0", 6, 2, true, false);
        run(cluster, Duration.ofSeconds(3));
        var killed = controller(cluster).orElseThrow();
        assertThat(lines(cluster)).anyMatch(line -> line.leader() == killed.id());

        cluster.kubelet(false);
        killed.kill();
        run(cluster, Duration.ofSeconds(2));

        assertThat(controller(cluster)).isPresent();
        assertThat(cluster.invariants().fencings()).isEqualTo(1);
        assertThat(lines(cluster))
                .hasSize(6)
                .allMatch(line -> line.leader() != PartitionLine.NO_LEADER && line.leader() != killed.id());

        cluster.heal();
        cluster.await(44, Duration.ofSeconds(10), new Healed(cluster)::brokersServe);
        assertThat(cluster.invariants().fencings()).isEqualTo(1);
    }

    /** S21: a controller that nobody can reach keeps its Lease: silence is no evidence. */
    @Test
    void aControllerThatIsOnlyCutOffIsNotReplacedEarly() {
        var cluster = cluster(55, 3);
        run(cluster, Duration.ofSeconds(3));
        var silent = controller(cluster).orElseThrow();

        for (int peer = 0; peer < 3; peer++) {
            cluster.net().cut(silent.id(), peer, peer != silent.id());
            cluster.net().cut(peer, silent.id(), peer != silent.id());
        }
        run(cluster, Duration.ofSeconds(5));

        assertThat(controller(cluster)).contains(silent);
        assertThat(cluster.invariants().fencings()).isZero();
    }

    /** E2b: silent to the controller and to everybody who replicates with it, though its Lease is renewed. */
    @Test
    void aBrokerThatIsSilentToItsPeersTooIsFencedAfterSixSeconds() {
        var cluster = replicated(61);
        var silent = follower(cluster);

        isolate(cluster, silent);
        replicate(cluster, 50, silent::equals);
        run(cluster, Duration.ofMillis(8_500));

        assertThat(cluster.invariants().fencings()).isEqualTo(1);
    }

    /** E2b: as long as one of its peers hears it, only the slower rules apply. */
    @Test
    void aBrokerThatOneOfItsPeersHearsIsNotFencedAfterSixSeconds() {
        var cluster = replicated(62);
        var silent = follower(cluster);

        isolate(cluster, silent);
        var hearing = cluster.nodes().stream()
                .filter(node -> node != silent)
                .filter(node -> controller(cluster).orElseThrow() != node)
                .findFirst()
                .orElseThrow();
        replicate(cluster, 50, node -> false, hearing);
        replicate(
                cluster,
                50,
                silent::equals,
                cluster.nodes().stream().filter(node -> node != hearing).toArray(SimNode[]::new));
        run(cluster, Duration.ofMillis(8_500));

        assertThat(cluster.invariants().fencings()).isZero();
    }

    /** B8: the controller's own replication looks from the same place as its session, so that of two brokers none is asked. */
    @Test
    void ofTwoBrokersNoneIsAskedAboutTheOther() {
        var shape = new SimCluster.Shape(2, 2, 100, false, true);
        var cluster = new SimCluster(new World(63), shape, Protections.ALL).start();
        cluster.await(44, Duration.ofSeconds(5), new Healed(cluster)::brokersServe);
        cluster.users().create("t0", 6, 2, true, false);
        replicate(cluster, 5, node -> false);
        run(cluster, Duration.ofSeconds(5));
        var silent = follower(cluster);

        isolate(cluster, silent);
        replicate(cluster, 50, silent::equals);
        run(cluster, Duration.ofMillis(8_500));

        assertThat(cluster.invariants().fencings()).isZero();
    }

    /** S23: a broker whose disk stands still is fenced, also when it is the controller, and comes back by itself. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aBrokerWhoseDiskStandsStillIsFencedUntilItMoves(boolean controls) {
        var cluster = cluster(64, 3);
        run(cluster, Duration.ofSeconds(3));
        var stalled = controls ? controller(cluster).orElseThrow() : follower(cluster);
        var process = stalled.process().orElseThrow();

        process.deliver(new NodeEvent.StorageStalled(true));
        run(cluster, Duration.ofSeconds(30));
        assertThat(cluster.invariants().fencings()).isEqualTo(1);
        assertThat(controller(cluster)).isPresent().get().isNotEqualTo(stalled);
        assertThat(cluster.invariants()
                        .history()
                        .registry()
                        .broker(stalled.id())
                        .orElseThrow()
                        .state())
                .isEqualTo(BrokerState.FENCED);

        process.deliver(new NodeEvent.StorageStalled(false));
        cluster.await(44, Duration.ofSeconds(10), new Healed(cluster)::brokersServe);
    }

    /** S19, 26, B4: alone means neither store nor controller for ten seconds, and ends with the next word of a controller. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aBrokerThatHearsNeitherStoreNorControllerKnowsThatItIsAlone(boolean controls) {
        var cluster = cluster(65, 3);
        run(cluster, Duration.ofSeconds(3));
        var lonely = controls ? controller(cluster).orElseThrow() : follower(cluster);

        isolate(cluster, lonely);
        run(cluster, Duration.ofSeconds(11));
        assertThat(lonely.process().orElseThrow().alone()).isFalse();
        cluster.api().faults().cutOff(lonely, true);
        run(cluster, Duration.ofSeconds(15));
        assertThat(cluster.nodes())
                .allMatch(node -> node.process().orElseThrow().alone() == (node == lonely));

        cluster.heal();
        run(cluster, Duration.ofSeconds(5));
        assertThat(cluster.nodes())
                .noneMatch(node -> node.process().orElseThrow().alone());
    }

    private static SimCluster replicated(long seed) {
        var shape = new SimCluster.Shape(4, 4, 100, false, true);
        var cluster = new SimCluster(new World(seed), shape, Protections.ALL).start();
        cluster.await(44, Duration.ofSeconds(5), new Healed(cluster)::brokersServe);
        cluster.users().create("t0", 8, 4, true, false);
        replicate(cluster, 5, node -> false);
        run(cluster, Duration.ofSeconds(5));
        return cluster;
    }

    private static SimNode follower(SimCluster cluster) {
        return cluster.nodes().stream()
                .filter(node -> node.process().orElseThrow().role() == Role.FOLLOWER)
                .findFirst()
                .orElseThrow();
    }

    private static void isolate(SimCluster cluster, SimNode node) {
        for (var peer : cluster.nodes()) {
            cluster.net().cut(node.id(), peer.id(), peer != node);
            cluster.net().cut(peer.id(), node.id(), peer != node);
        }
    }

    /** For some seconds, brokers hear by replication from everybody but the silent ones. */
    private static void replicate(SimCluster cluster, int seconds, Predicate<SimNode> silent, SimNode... hearing) {
        var world = cluster.world();
        var listeners = hearing.length == 0 ? cluster.nodes() : List.of(hearing);
        var lastHeard = new TreeMap<Integer, Long>();
        cluster.nodes().forEach(node -> lastHeard.put(node.id(), world.now()));
        for (int second = 0; second < seconds; second++) {
            world.after(second * World.SECOND, () -> {
                cluster.nodes().stream().filter(silent.negate()).forEach(node -> lastHeard.put(node.id(), world.now()));
                listeners.forEach(node ->
                        node.process().orElseThrow().deliver(new NodeEvent.PeersHeard(new TreeMap<>(lastHeard))));
            });
        }
    }

    private static Optional<SimNode> controller(SimCluster cluster) {
        return cluster.nodes().stream()
                .filter(node -> node.process()
                        .filter(process -> process.role() == Role.CONTROLLER)
                        .isPresent())
                .findFirst();
    }

    /** 39, 59: a deleted topic is gone after its grace; a restored one is whole. */
    @Test
    void aDeletedTopicCanBeRestoredUntilItsGraceIsOver() {
        var cluster = cluster(41, 3);
        var first = cluster.users().create("t0", 3, 1, true, false);
        run(cluster, Duration.ofSeconds(3));
        var id = cluster.shards().getFirst().topics().firstKey();

        cluster.users().delete(first);
        run(cluster, Duration.ofSeconds(10));
        assertThat(cluster.shards().getFirst().topics().get(id).state()).isEqualTo(TopicState.TOMBSTONE);
        assertThat(cluster.api().get(first)).isEmpty();
        var second = cluster.users().create("t0", 3, 1, true, true);
        run(cluster, Duration.ofSeconds(3));
        assertThat(cluster.shards().getFirst().topics().get(id).state()).isEqualTo(TopicState.OPEN);

        cluster.users().delete(second);
        run(cluster, Duration.ofSeconds(60));
        assertThat(cluster.shards().getFirst().topics()).isEmpty();
    }
}
