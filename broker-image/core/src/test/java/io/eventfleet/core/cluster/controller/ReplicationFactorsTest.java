// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.cluster.controller;

import static io.eventfleet.core.cluster.controller.ActingTerm.MS;
import static org.assertj.core.api.Assertions.assertThat;

import io.eventfleet.core.cluster.PartitionLine;
import io.eventfleet.core.cluster.image.BrokerInfo.BrokerState;
import io.eventfleet.core.cluster.port.NodeEffect;
import io.eventfleet.core.cluster.store.Doc;
import io.eventfleet.core.cluster.store.Kind;
import io.eventfleet.core.cluster.store.Ref;
import io.eventfleet.core.cluster.store.TopicDoc;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What becomes of a changed replication factor. */
class ReplicationFactorsTest {

    private static final long SECOND = 1_000 * MS;

    private final ActingTerm cluster;
    private final ReplicaChanges changes;

    ReplicationFactorsTest() {
        cluster = new ActingTerm(ActingTerm.line(2, List.of(0, 1, 2), List.of(1, 2), List.of()), 1, 5);
        changes = new ReplicaChanges(cluster.term, cluster.shardChanges, id -> false);
    }

    private ReplicationFactors wanting(int factor) {
        var layout = new TopicLayout(cluster.term, cluster.shardChanges, id -> false);
        var topics = new Topics(cluster.term, cluster.shardChanges, layout, new Deletions(cluster.term));
        var doc = new TopicDoc(
                "uid", "t", 1, factor, new TreeMap<>(), List.of(), "2026", false, true, false, false, null);
        topics.begin(List.of(new Doc(new Ref(Kind.TOPIC, "t"), "1", doc)));
        return new ReplicationFactors(cluster.term, cluster.shardChanges, changes, topics, id -> false);
    }

    private PartitionLine after(ReplicationFactors factors, long seconds) {
        for (long second = 1; second <= seconds; second++) {
            cluster.at(second * SECOND);
            factors.tick(second * SECOND);
            cluster.at(second * SECOND + SECOND / 2);
        }
        return cluster.line();
    }

    private int applied() {
        return cluster.term.home(ActingTerm.TOPIC).orElseThrow().replicationFactor();
    }

    @Test
    void growsOntoOtherBrokersAndRemembersIt() {
        var line = after(wanting(4), 2);

        assertThat(line.replicas()).hasSize(4).containsSubsequence(0, 1, 2);
        assertThat(line.moves().adding()).hasSize(1);
        assertThat(applied()).isEqualTo(4);
    }

    @Test
    void shrinksToTheLeaderAndWhoIsInSync() {
        var line = after(wanting(2), 2);

        assertThat(line.replicas()).containsExactly(1, 2);
        assertThat(line.leader()).isEqualTo(2);
        assertThat(line.moves().dropped()).containsOnlyKeys(0);
        assertThat(applied()).isEqualTo(2);
        assertThat(after(wanting(1), 2).replicas()).containsExactly(2);
    }

    @Test
    void leavesAloneWhatAnAdministratorMovedSince() {
        var factors = wanting(3);
        cluster.cell()
                .enqueue(shard -> cluster.shardChanges.withLine(
                        shard,
                        ActingTerm.PARTITION,
                        line -> PartitionFold.confirmDropped(
                                PartitionFold.reassign(line, List.of(1, 2), 1, cluster.shardChanges.members(shard)),
                                0,
                                9)));
        cluster.at(MS);

        assertThat(after(factors, 3).replicas()).containsExactly(1, 2);
    }

    @Test
    void waitsForBrokersAndSaysSoOnce() {
        cluster.state(4, BrokerState.FENCED);

        var line = after(wanting(5), 4);

        assertThat(line.replicas()).containsExactly(0, 1, 2);
        assertThat(cluster.effects.stream()
                        .filter(NodeEffect.Report.class::isInstance)
                        .map(effect -> ((NodeEffect.Report) effect).event())
                        .filter("topic asks for more replicas than there are brokers"::equals))
                .hasSize(1);
        assertThat(applied()).isEqualTo(3);
    }

    @Test
    void doesNothingBeyondWhatIsSupported() {
        assertThat(after(wanting(8), 3).replicas()).containsExactly(0, 1, 2);
        assertThat(cluster.line().moves().running()).isFalse();
        assertThat(cluster.effects).noneMatch(NodeEffect.Report.class::isInstance);
    }
}
