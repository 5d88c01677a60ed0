// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.operator.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventfleet.api.contract.Annotations;
import io.eventfleet.api.v1alpha1.EventCluster;
import io.eventfleet.operator.Resources;
import io.eventfleet.operator.TestSettings;
import io.eventfleet.operator.broker.FakeReplicaMoves;
import io.eventfleet.operator.shard.ShardView;
import io.eventfleet.operator.shard.Shards;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Brokers come and go: what is moved, when nothing is, and what is said. */
class ReplicaScalingTest {
    private static final String BOOTSTRAP = "orders-bootstrap.shop.svc:9092";

    @Test
    void brokersThatLeaveAreEmptiedAFewPartitionsAtATime() {
        var brokers = new FakeReplicaMoves(3, List.of(List.of(0, 2), List.of(2, 1), List.of(1, 2), List.of(0, 1)));
        var cluster = cluster(2, 3);

        assertThat(advance(brokers, cluster))
                .isInstanceOfSatisfying(ScalingStep.Moving.class, moving -> assertThat(moving.message())
                        .isEqualTo("emptying brokers from 2 on: 3 partitions are left, 2 under way"));
        assertThat(brokers.moving()).hasSize(2);
        assertThat(advance(brokers, cluster)).as("the limit holds over passes").isInstanceOf(ScalingStep.Moving.class);
        assertThat(brokers.moving()).hasSize(2);
        brokers.finish();
        assertThat(advance(brokers, cluster)).isInstanceOf(ScalingStep.Moving.class);
        brokers.finish();

        assertThat(brokers.shards().highestBrokerInUse()).isEqualTo(1);
        assertThat(advance(brokers, cluster)).isInstanceOf(ScalingStep.Spread.class);
    }

    @Test
    void anotherOperatorGoesOnWhereTheFirstWas() {
        var brokers = new FakeReplicaMoves(3, List.of(List.of(2), List.of(2), List.of(2), List.of(2)));
        var cluster = cluster(2, 3);
        advance(brokers, cluster);
        var begun = brokers.moving();

        advance(brokers, cluster);

        assertThat(brokers.moving()).isEqualTo(begun);
    }

    @Test
    void moreReplicasThanBrokersStayRefused() {
        var brokers = new FakeReplicaMoves(3, List.of(List.of(0, 1, 2), List.of(2)));

        assertThat(advance(brokers, cluster(2, 3)))
                .isEqualTo(
                        new ScalingStep.Refused(
                                "topics have more replicas than the 2 brokers declared: t; lower their replicationFactor first"));
        assertThat(brokers.moving()).isEmpty();
    }

    @Test
    void brokersThatStayAndDoNotServeAreNamed() {
        var brokers = new FakeReplicaMoves(1, List.of(List.of(0, 2)));

        assertThat(advance(brokers, cluster(2, 3)))
                .isEqualTo(new ScalingStep.Waiting(
                        "1 partition finds no place on the brokers that stay; these do not serve: 1"));
    }

    @Test
    void deletedTopicsThatCanBeRestoredKeepTheirBrokers() {
        var brokers = new FakeReplicaMoves(3, List.of());
        var shards = ShardView.of(
                List.of(Shards.shard(0, "name=old uid=u state=TOMBSTONE partitions=1 minISR=1\n0 -@0.0 2 =")));

        assertThat(advance(brokers, cluster(2, 3), shards))
                .isInstanceOfSatisfying(ScalingStep.Waiting.class, waiting -> assertThat(waiting.message())
                        .contains("deleted topics that can still be restored"));
    }

    @Test
    void silenceAndRefusalsAreWaitedFor() {
        var brokers = new FakeReplicaMoves(3, List.of(List.of(2)));
        brokers.outage("no answer");
        assertThat(advance(brokers, cluster(2, 3)))
                .isEqualTo(new ScalingStep.Waiting("the brokers do not answer: no answer"));

        brokers.outage(null);
        brokers.refuse("t-0: not now");
        assertThat(advance(brokers, cluster(2, 3)))
                .isInstanceOfSatisfying(ScalingStep.Waiting.class, waiting -> assertThat(waiting.message())
                        .endsWith("the brokers refuse: t-0: not now"));
        brokers.refuse(null);
        assertThat(advance(brokers, cluster(2, 3))).isInstanceOf(ScalingStep.Moving.class);
    }

    @Test
    void brokerThatWasAddedGetsReplicas() {
        var brokers = new FakeReplicaMoves(2, List.of(List.of(0, 1), List.of(1, 0), List.of(0, 1)));
        var cluster = cluster(3, 2);
        assertThat(advance(brokers, cluster))
                .isEqualTo(new ScalingStep.Waiting("brokers that were added do not all serve: 2"));

        brokers.serve(3);
        assertThat(advance(brokers, cluster)).isInstanceOf(ScalingStep.Moving.class);
        brokers.finish();

        assertThat(advance(brokers, cluster)).isInstanceOf(ScalingStep.Spread.class);
        assertThat(brokers.shards().highestBrokerInUse()).isEqualTo(2);
    }

    @Test
    void nothingMovesWithoutAnAddition() {
        var uneven = new FakeReplicaMoves(3, List.of(List.of(0), List.of(0), List.of(0)));

        assertThat(advance(uneven, cluster(3, 3))).isEqualTo(new ScalingStep.Settled());
        assertThat(advance(uneven, cluster(3, null))).isInstanceOf(ScalingStep.Spread.class);
        assertThat(uneven.looks()).isZero();
        assertThat(uneven.moving()).isEmpty();
    }

    @Test
    void annotationKeepsReplicasWhereTheyAreAlsoLater() {
        var uneven = new FakeReplicaMoves(3, List.of(List.of(0), List.of(0), List.of(0)));
        var cluster = cluster(3, 2);
        cluster.getMetadata().setAnnotations(Map.of(Annotations.REBALANCE, "false"));

        assertThat(advance(uneven, cluster)).isInstanceOf(ScalingStep.Spread.class);
        assertThat(uneven.moving()).isEmpty();
    }

    private static ScalingStep advance(FakeReplicaMoves brokers, EventCluster cluster) {
        return advance(brokers, cluster, brokers.shards());
    }

    /** Every pass with a new object: nothing is remembered but what the cluster and its brokers remember. */
    private static ScalingStep advance(FakeReplicaMoves brokers, EventCluster cluster, ShardView shards) {
        return new ReplicaScaling(brokers, new TestSettings())
                .advance(cluster, new ClusterSnapshot(null, null, shards), BOOTSTRAP);
    }

    private static EventCluster cluster(int declared, @org.jspecify.annotations.Nullable Integer balanced) {
        var cluster = Resources.cluster("{storage: {size: 1Gi}, replicas: " + declared + "}");
        cluster.setStatus(Resources.balanced(balanced));
        return cluster;
    }
}
