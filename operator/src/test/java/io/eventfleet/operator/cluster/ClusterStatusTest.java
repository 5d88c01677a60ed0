// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.operator.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventfleet.api.contract.Conditions.Reason;
import io.eventfleet.api.v1alpha1.EventCluster;
import io.eventfleet.api.v1alpha1.EventClusterStatus;
import io.eventfleet.operator.Resources;
import io.eventfleet.operator.shard.ShardView;
import io.eventfleet.operator.shard.Shards;
import io.eventfleet.operator.status.Verdict;
import io.eventfleet.operator.status.Verdict.Phase;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClusterStatusTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final String THREE = "{storage: {size: 1Gi}, replicas: 3}";
    private static final ShardView EMPTY = ShardView.of(List.of());

    @Test
    void brokersThatStartAreNotReady() {
        assertThat(verdict(THREE, snapshot(null, null, EMPTY)).reason()).isEqualTo(Reason.Applying);
        assertThat(verdict(THREE, snapshot(brokers(3, 1), "orders-broker-0", EMPTY)))
                .isEqualTo(Verdict.progressing(Reason.BrokersStarting, "1 of 3 brokers serve"));
        assertThat(verdict(THREE, snapshot(brokers(3, 3), null, EMPTY)).phase()).isEqualTo(Phase.PROGRESSING);
    }

    @Test
    void brokersThatServeWithAControllerAreReady() {
        assertThat(verdict(THREE, snapshot(brokers(3, 3), "orders-broker-1", EMPTY)))
                .isEqualTo(Verdict.ready("3 brokers serve"));
    }

    @Test
    void brokersThatHoldPartitionsAreNotTakenAway() {
        var shards =
                ShardView.of(List.of(Shards.shard(0, "name=t uid=u state=OPEN partitions=1 minISR=1\n0 2@0.0 2 =")));
        var declared = "{storage: {size: 1Gi}, replicas: 2}";
        var snapshot = snapshot(brokers(3, 3), "orders-broker-1", shards);

        assertThat(plan(declared, snapshot).model().brokers().replicas()).isEqualTo(3);
        assertThat(verdict(declared, snapshot))
                .isEqualTo(new Verdict(
                        Phase.READY_STALLED,
                        Reason.ScaleDownHeld,
                        "2 brokers are declared and 3 are kept: brokers up to 2 hold partitions"));
    }

    @Test
    void brokerThatWasTakenAwayTooEarlyComesBack() {
        var shards = ShardView.of(
                List.of(Shards.stamped(Map.of("2", 7L), "name=t uid=u state=OPEN partitions=1 minISR=1\n0 2@0.0 2 =")));
        var declared = "{storage: {size: 1Gi}, replicas: 2}";
        var snapshot = snapshot(brokers(2, 2), "orders-broker-1", shards);

        assertThat(plan(declared, snapshot).model().brokers().replicas()).isEqualTo(3);
        assertThat(plan(declared, snapshot).held()).extracting(Verdict::reason).isEqualTo(Reason.ScaleDownHeld);
    }

    @Test
    void brokerThatNeverExistedIsNotMade() {
        var shards = ShardView.of(
                List.of(Shards.shard(0, "name=t uid=u state=OPEN partitions=1 minISR=1\n0 900@0.0 900 =")));
        var snapshot = snapshot(brokers(3, 3), "orders-broker-1", shards);

        assertThat(plan(THREE, snapshot).model().brokers().replicas()).isEqualTo(3);
    }

    @Test
    void nothingIsTakenAwayWhileATopicCannotBeRead() {
        var shards = ShardView.of(List.of(Shards.shard(0, "from another world")));
        var declared = "{storage: {size: 1Gi}, replicas: 2}";
        var snapshot = snapshot(brokers(3, 3), "orders-broker-1", shards);

        assertThat(plan(declared, snapshot).model().brokers().replicas()).isEqualTo(3);
        assertThat(plan(declared, snapshot).held()).extracting(Verdict::reason).isEqualTo(Reason.ScaleDownHeld);
    }

    @Test
    void brokersWithoutPartitionsMayGo() {
        var snapshot = snapshot(brokers(3, 3), "orders-broker-1", EMPTY);

        assertThat(plan("{storage: {size: 1Gi}, replicas: 2}", snapshot)
                        .model()
                        .brokers()
                        .replicas())
                .isEqualTo(2);
    }

    @Test
    void volumesKeepTheirSizeAndItIsSaid() {
        var snapshot = snapshot(brokers(3, 3), "orders-broker-1", EMPTY);
        var plan = plan("{storage: {size: 2Gi}, replicas: 3}", snapshot);

        assertThat(plan.model().brokers().storageSize().toString()).isEqualTo("1Gi");
        assertThat(plan.held()).extracting(Verdict::reason).isEqualTo(Reason.StorageChangeUnsupported);
        assertThat(plan("{storage: {size: 1024Mi}, replicas: 3}", snapshot).held())
                .isNull();
    }

    @Test
    void refusedDeclarationDoesNotDenyBrokersThatServe() {
        var refusal = Verdict.stalled(Reason.InvalidConfig, "bad");

        assertThat(ClusterStatus.refused(snapshot(brokers(3, 3), "orders-broker-1", EMPTY), refusal)
                        .phase())
                .isEqualTo(Phase.READY_STALLED);
        assertThat(ClusterStatus.refused(snapshot(null, null, EMPTY), refusal)).isEqualTo(refusal);
    }

    @Test
    void movesShowInTheVerdictAndInTheirOwnCondition() {
        var snapshot = snapshot(brokers(3, 3), "orders-broker-1", EMPTY);
        var moving = new ScalingStep.Moving(new TreeMap<>(), "emptying");

        assertThat(verdict(THREE, snapshot, moving))
                .isEqualTo(new Verdict(Phase.READY_PROGRESSING, Reason.Moving, "emptying"));
        assertThat(verdict(THREE, snapshot, new ScalingStep.Waiting("no answer")))
                .isEqualTo(new Verdict(Phase.READY_PROGRESSING, Reason.Moving, "no answer"));
        assertThat(verdict(THREE, snapshot, new ScalingStep.Refused("too many")))
                .isEqualTo(new Verdict(Phase.READY_STALLED, Reason.ScaleDownHeld, "too many"));
        assertThat(verdict(THREE, snapshot(brokers(3, 2), "orders-broker-1", EMPTY), moving)
                        .reason())
                .isEqualTo(Reason.BrokersStarting);

        var cluster = Resources.cluster(THREE);
        cluster.setStatus(status(cluster, snapshot, moving));
        assertThat(Resources.summary(cluster.getStatus().conditions())).contains("Scaling=True/Moving");
        assertThat(status(cluster, snapshot, null))
                .as("kept when nothing was looked at")
                .isEqualTo(cluster.getStatus());
        assertThat(Resources.summary(
                        status(cluster, snapshot, new ScalingStep.Settled()).conditions()))
                .contains("Scaling=False/AsDeclared");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0 0@0.0 0,1 = | True/AsDeclared | ''",
                "0 0@0.0 0,1 0 | False/UnderReplicated | 1 partition has a replica that is not in sync",
                "0 -@0.0 0,1 - | False/PartitionsOffline | 1 partition has no leader"
            })
    void conditionSaysWhetherEverythingIsReplicated(String line, String condition, String message) {
        var shards = ShardView.of(List.of(Shards.shard(0, "name=a uid=u1 state=OPEN partitions=1 minISR=1\n" + line)));
        var status = status(
                Resources.cluster(THREE),
                snapshot(brokers(3, 3), "orders-broker-1", shards),
                new ScalingStep.Settled());

        assertThat(Resources.summary(status.conditions())).contains("Replicated=" + condition);
        assertThat(status.conditions())
                .filteredOn(entry -> entry.getType().equals("Replicated"))
                .extracting(Condition::getMessage)
                .containsExactly(message);
    }

    @Test
    void statusCountsWhatServes() {
        var shards = ShardView.of(List.of(Shards.shard(
                0,
                "name=a uid=u1 state=OPEN partitions=2 minISR=1\n0 0@0.0 0,1 0\n1 1@0.0 1 =",
                "name=b uid=u2 state=TOMBSTONE partitions=5 minISR=1\n0 -@0.0 0 =")));
        var cluster = Resources.cluster(THREE);

        var status = new ClusterStatus(
                        cluster,
                        snapshot(brokers(3, 3), "orders-broker-1", shards),
                        new ClusterStatus.Identity("id", true, "1.0"),
                        NOW)
                .with(Verdict.ready("ok"), new ScalingStep.Spread());

        assertThat(status.partitions()).isEqualTo(2);
        assertThat(status.underReplicated()).isEqualTo(1);
        assertThat(status.readyReplicas()).isEqualTo(3);
        assertThat(status.bootstrap()).isEqualTo("orders-bootstrap.shop.svc:9092");
        assertThat(status.selector()).isEqualTo("app.kubernetes.io/component=broker,eventfleet.io/cluster=orders");
        assertThat(status.clusterId()).isEqualTo("id");
        assertThat(status.balancedBrokers()).isEqualTo(3);
        cluster.setStatus(status);
        assertThat(new ClusterStatus(
                                cluster,
                                snapshot(brokers(3, 3), "orders-broker-1", shards),
                                new ClusterStatus.Identity("id", true, "1.0"),
                                NOW.plusSeconds(60))
                        .with(Verdict.ready("ok"), new ScalingStep.Settled()))
                .isEqualTo(status);
    }

    private static Verdict verdict(String spec, ClusterSnapshot snapshot) {
        return verdict(spec, snapshot, new ScalingStep.Settled());
    }

    private static Verdict verdict(String spec, ClusterSnapshot snapshot, ScalingStep step) {
        return ClusterStatus.verdict(snapshot, plan(spec, snapshot), step);
    }

    private static EventClusterStatus status(
            EventCluster cluster, ClusterSnapshot snapshot, @Nullable ScalingStep step) {
        return new ClusterStatus(cluster, snapshot, new ClusterStatus.Identity("id", true, "1.0"), NOW)
                .with(Verdict.ready("ok"), step);
    }

    private static ClusterPlan plan(String spec, ClusterSnapshot snapshot) {
        EventCluster cluster = Resources.cluster(spec);
        return ClusterPlan.of(cluster, snapshot, "id", "image");
    }

    private static ClusterSnapshot snapshot(
            @Nullable StatefulSet brokers, @Nullable String controller, ShardView shards) {
        return new ClusterSnapshot(brokers, controller, shards);
    }

    private static StatefulSet brokers(int replicas, int ready) {
        return new StatefulSetBuilder()
                .withNewMetadata()
                .withGeneration(1L)
                .endMetadata()
                .withNewSpec()
                .withReplicas(replicas)
                .addNewVolumeClaimTemplate()
                .withNewMetadata()
                .withName("data")
                .endMetadata()
                .withNewSpec()
                .withNewResources()
                .addToRequests("storage", new Quantity("1Gi"))
                .endResources()
                .endSpec()
                .endVolumeClaimTemplate()
                .endSpec()
                .withNewStatus()
                .withObservedGeneration(1L)
                .withReplicas(replicas)
                .withReadyReplicas(ready)
                .endStatus()
                .build();
    }
}
