// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.operator.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventfleet.api.v1alpha1.ConsumerGroup;
import io.eventfleet.api.v1alpha1.ConsumerGroupStatus.Lag;
import io.eventfleet.api.v1alpha1.EventCluster;
import io.eventfleet.operator.Resources;
import io.eventfleet.operator.TestContexts;
import io.eventfleet.operator.TestSettings;
import io.eventfleet.operator.broker.FakeBrokerAdmin;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class ConsumerGroupReconcilerTest {
    private final FakeBrokerAdmin brokers = new FakeBrokerAdmin();
    private final MovingClock clock = new MovingClock();
    private final ConsumerGroupReconciler reconciler = new ConsumerGroupReconciler(brokers, new TestSettings(), clock);
    private final ConsumerGroup group = Resources.group("{cluster: orders, topics: [payments]}");

    @Test
    void stableGroupIsReadyAndShowsItsMembers() {
        brokers.put("billing", "Stable", 2, 40);

        assertThat(reconcile(Resources.servingCluster())).isTrue();

        var status = group.getStatus();
        assertThat(status.state()).isEqualTo("Stable");
        assertThat(status.coordinator()).isEqualTo("orders-broker-1");
        assertThat(status.memberCount()).isEqualTo(2);
        assertThat(status.members()).extracting(member -> member.partitions()).containsExactly(3, 3);
        assertThat(status.lag()).isEqualTo(new Lag(40));
        assertThat(Resources.summary(status.conditions()))
                .containsExactly(
                        "Ready=True/AsDeclared",
                        "Reconciling=False/AsDeclared",
                        "Stalled=False/AsDeclared",
                        "ConsumesTopics=True/AsDeclared");
    }

    @Test
    void nothingIsWrittenWhenNothingMoved() {
        brokers.put("billing", "Stable", 2, 40);
        reconcile(Resources.servingCluster());
        clock.advance(Duration.ofMinutes(1));

        assertThat(reconcile(Resources.servingCluster())).isFalse();
    }

    @Test
    void lagMovesAtALimitedRateAndTheStateAtOnce() {
        brokers.put("billing", "Stable", 2, 40);
        reconcile(Resources.servingCluster());

        clock.advance(Duration.ofSeconds(5));
        brokers.put("billing", "Stable", 2, 30);
        assertThat(reconcile(Resources.servingCluster())).isFalse();

        brokers.put("billing", "Empty", 0, 30);
        assertThat(reconcile(Resources.servingCluster())).isTrue();
        assertThat(group.getStatus().lag()).isEqualTo(new Lag(40));
        assertThat(Resources.summary(group.getStatus().conditions())).contains("Ready=True/GroupEmpty");

        clock.advance(Duration.ofSeconds(5));
        assertThat(reconcile(Resources.servingCluster())).isTrue();
        assertThat(group.getStatus().lag()).isEqualTo(new Lag(30));
    }

    @Test
    void declaredTopicThatIsNotConsumedIsSaid() {
        var other = Resources.group("{cluster: orders, topics: [payments, refunds]}");
        brokers.put("billing", "Stable", 1, 0);

        reconciler
                .reconcile(other, TestContexts.with(Resources.servingCluster()))
                .getResource()
                .ifPresent(patch -> other.setStatus(patch.getStatus()));

        assertThat(Resources.summary(other.getStatus().conditions()))
                .contains("ConsumesTopics=False/TopicsNotConsumed");
    }

    @Test
    void groupWithoutItsClusterSaysSo() {
        assertThat(reconcile()).isTrue();

        assertThat(Resources.summary(group.getStatus().conditions()))
                .containsExactly(
                        "Ready=False/ClusterNotFound", "Reconciling=False/AsDeclared", "Stalled=True/ClusterNotFound");
    }

    @Test
    void groupOfAClusterThatStartsIsUnknown() {
        reconcile(Resources.cluster("{storage: {size: 1Gi}}"));

        assertThat(Resources.summary(group.getStatus().conditions())).contains("Ready=Unknown/ClusterNotReady");
    }

    @Test
    void groupThatNobodyJoinedIsNotThereYet() {
        reconcile(Resources.servingCluster());

        assertThat(Resources.summary(group.getStatus().conditions())).contains("Ready=False/GroupNotFound");
    }

    @Test
    void outageKeepsWhatWasKnown() {
        brokers.put("billing", "Stable", 2, 40);
        reconcile(Resources.servingCluster());
        brokers.outage("no answer");

        assertThat(reconcile(Resources.servingCluster())).isTrue();

        assertThat(group.getStatus().state()).isEqualTo("Stable");
        assertThat(group.getStatus().lag()).isEqualTo(new Lag(40));
        assertThat(Resources.summary(group.getStatus().conditions())).contains("Ready=Unknown/ClusterNotReady");
    }

    /** True when the status was written. */
    private boolean reconcile(EventCluster... cluster) {
        var control = reconciler.reconcile(group, TestContexts.with(cluster));
        control.getResource().ifPresent(patch -> group.setStatus(patch.getStatus()));
        return control.isPatchStatus();
    }

    private static final class MovingClock extends Clock {
        private Instant now = Instant.parse("2026-01-01T00:00:00Z");

        void advance(Duration duration) {
            now = now.plus(duration);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
