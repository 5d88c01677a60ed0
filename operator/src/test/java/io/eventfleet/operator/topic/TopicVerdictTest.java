// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.operator.topic;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventfleet.api.contract.Conditions.Reason;
import io.eventfleet.operator.Resources;
import io.eventfleet.operator.shard.PlacedTopic;
import io.eventfleet.operator.shard.ShardView;
import io.eventfleet.operator.shard.Shards;
import io.eventfleet.operator.status.Verdict;
import io.eventfleet.operator.status.Verdict.Phase;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TopicVerdictTest {
    private static final String OPEN = "name=payments uid=u state=OPEN partitions=2 minISR=1\n0 0@0.0 0 =\n1 1@0.0 1 =";

    @Test
    void topicWithALeaderPerPartitionIsReady() {
        assertThat(verdict("{cluster: orders, partitions: 2}", OPEN))
                .isEqualTo(Verdict.ready("2 partitions have a leader"));
    }

    @Test
    void topicWithoutItsClusterSaysSo() {
        var verdict = TopicVerdict.of(
                Resources.topic("payments", "u", "{cluster: orders}"), new TopicSnapshot(null, placed(OPEN), null));

        assertThat(verdict.reason()).isEqualTo(Reason.ClusterNotFound);
        assertThat(verdict.phase()).isEqualTo(Phase.STALLED);
    }

    @Test
    void youngerOfTwoYields() {
        var verdict = TopicVerdict.of(
                Resources.topic("payments", "u", "{cluster: orders}"),
                new TopicSnapshot(Resources.servingCluster(), null, "elder"));

        assertThat(verdict.reason()).isEqualTo(Reason.TopicNameTaken);
        assertThat(verdict.message()).contains("elder");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{cluster: orders, config: {retention.ms: -5}} | InvalidConfig",
                "{cluster: orders, config: {no.such.key: 1}} | InvalidConfig",
                "{cluster: orders, topicName: 'a b'} | InvalidSpec",
                "{cluster: orders, partitions: 0} | InvalidSpec",
                "{cluster: orders, replicationFactor: 0} | InvalidSpec",
                "{cluster: orders, replicationFactor: 8} | InvalidSpec",
                "{cluster: orders, replicationFactor: 4} | NotEnoughBrokers"
            })
    void unsoundTopicsAreRefusedWithReason(String spec, Reason reason) {
        assertThat(verdict(spec, null)).satisfies(verdict -> {
            assertThat(verdict.reason()).isEqualTo(reason);
            assertThat(verdict.phase()).isEqualTo(Phase.STALLED);
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "name=payments uid=u state=NEW partitions=2 minISR=1 | PROGRESSING | PartitionsCreating",
                "name=payments uid=u state=TOMBSTONE partitions=2 minISR=1 | PROGRESSING | Deleting",
                "name=other uid=v state=OPEN partitions=2 minISR=1 | PROGRESSING | PartitionsCreating",
                "name=payments uid=u state=OPEN partitions=3 minISR=1 | PROGRESSING | PartitionsOffline"
            })
    void topicOnItsWaySaysWhere(String block, Phase phase, Reason reason) {
        assertThat(verdict("{cluster: orders, partitions: 3}", block)).satisfies(verdict -> {
            assertThat(verdict.phase()).isEqualTo(phase);
            assertThat(verdict.reason()).isEqualTo(reason);
        });
    }

    @Test
    void shrinkingIsRefusedWhileTheTopicServesOn() {
        assertThat(verdict("{cluster: orders, partitions: 1}", OPEN)).satisfies(verdict -> {
            assertThat(verdict.phase()).isEqualTo(Phase.READY_STALLED);
            assertThat(verdict.reason()).isEqualTo(Reason.PartitionsShrink);
        });
    }

    @Test
    void growingTopicServesMeanwhile() {
        assertThat(verdict("{cluster: orders, partitions: 5}", OPEN))
                .isEqualTo(new Verdict(Phase.READY_PROGRESSING, Reason.PartitionsCreating, "2 of 5 partitions exist"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "4 | 0 0@0.0 0,1 = | READY_STALLED | NotEnoughBrokers | 4 replicas are declared and the cluster has 3 brokers",
                "2 | 0 0@0.0 0 = | READY_PROGRESSING | Moving | replicas of 1 of 1 partitions are being moved",
                "2 | 0 0@0.0 0,1,2 0,1 adding=2 removing=1 | READY_PROGRESSING | Moving | replicas of 1 of 1 partitions are being moved",
                "2 | 0 0@0.0 0,1 0 | READY_PROGRESSING | UnderReplicated | 1 of 1 partitions have a replica that is not in sync",
                "2 | 0 0@0.0 0,1 = | READY | AsDeclared | 1 partition has a leader"
            })
    void topicSaysWhatIsMissingOfItsReplicas(int replicas, String line, Phase phase, Reason reason, String message) {
        assertThat(verdict(
                        "{cluster: orders, replicationFactor: " + replicas + "}",
                        "name=payments uid=u state=OPEN partitions=1 minISR=1\n" + line))
                .isEqualTo(new Verdict(phase, reason, message));
    }

    @Test
    void replicasOfTheClusterAreMeantWhenTheTopicDoesNotSay() {
        var cluster = Resources.cluster("{storage: {size: 1Gi}, replicas: 3, topicDefaults: {replicationFactor: 3}}");
        var verdict = TopicVerdict.of(
                Resources.topic("payments", "u", "{cluster: orders}"), new TopicSnapshot(cluster, placed(OPEN), null));

        assertThat(verdict.reason()).isEqualTo(Reason.Moving);
    }

    @Test
    void statusShowsIdAndCounts() {
        var topic = Resources.topic("payments", "u", "{cluster: orders, topicName: Pay_Ments}");

        var status = TopicStatuses.of(topic, placed(OPEN), Verdict.ready("ok"), Instant.EPOCH);

        assertThat(status.topicName()).isEqualTo("Pay_Ments");
        assertThat(status.topicId()).isEqualTo("AAAAAAAAAAAAAAAAAAAAAA");
        assertThat(List.of(status.partitions(), status.leaders(), status.replicationFactor(), status.underReplicated()))
                .isEqualTo(List.of(2, 2, 1, 0));
        assertThat(status.observedGeneration()).isEqualTo(1);
    }

    private static Verdict verdict(String spec, @Nullable String block) {
        return TopicVerdict.of(
                Resources.topic("payments", "u", spec),
                new TopicSnapshot(Resources.servingCluster(), block == null ? null : placed(block), null));
    }

    private static @Nullable PlacedTopic placed(String block) {
        return ShardView.of(List.of(Shards.shard(0, block))).ownedBy("u").orElse(null);
    }
}
