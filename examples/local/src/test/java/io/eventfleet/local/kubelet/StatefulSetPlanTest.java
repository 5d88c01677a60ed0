// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.kubelet;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import java.util.List;
import org.junit.jupiter.api.Test;

class StatefulSetPlanTest {
    private static final String NEW = "s-new";

    @Test
    void makesAllMissingPodsAtOnceWhenParallel() {
        assertThat(plan(set(3, "Parallel"), pod(1, NEW, true)).create()).containsExactly(0, 2);
    }

    @Test
    void makesOnePodAfterTheOtherOtherwise() {
        assertThat(plan(set(3, "OrderedReady")).create()).containsExactly(0);
        assertThat(plan(set(3, "OrderedReady"), pod(0, NEW, false)).create()).isEmpty();
        assertThat(plan(set(3, "OrderedReady"), pod(0, NEW, true)).create()).containsExactly(1);
    }

    @Test
    void endsSurplusPodsFromTheHighest() {
        var pods = new Pod[] {pod(0, NEW, true), pod(1, NEW, true), pod(2, NEW, true)};

        assertThat(names(plan(set(1, "Parallel"), pods))).containsExactly("s-2", "s-1");
        assertThat(names(plan(set(1, "OrderedReady"), pods))).containsExactly("s-2");
    }

    @Test
    void replacesTheHighestOutdatedPodFirst() {
        assertThat(names(plan(set(3, "Parallel"), pod(0, "s-old", true), pod(1, "s-old", true), pod(2, "s-old", true))))
                .containsExactly("s-2");
        assertThat(names(plan(set(3, "Parallel"), pod(0, "s-old", true), pod(1, "s-old", true), pod(2, NEW, true))))
                .containsExactly("s-1");
    }

    @Test
    void waitsForTheReplacedPodBeforeTheNext() {
        assertThat(names(plan(set(3, "Parallel"), pod(0, "s-old", true), pod(1, "s-old", true), pod(2, NEW, false))))
                .isEmpty();
        assertThat(names(plan(set(3, "Parallel"), pod(0, "s-old", true), pod(1, "s-old", true))))
                .isEmpty();
    }

    @Test
    void replacesAnOutdatedPodThatNeverBecameReady() {
        assertThat(names(plan(set(2, "Parallel"), pod(0, "s-old", true), pod(1, "s-old", false))))
                .containsExactly("s-1");
    }

    @Test
    void leavesOutdatedPodsBelowThePartitionAndOnDelete() {
        StatefulSet partitioned = new StatefulSetBuilder(set(2, "Parallel"))
                .editSpec()
                .withNewUpdateStrategy()
                .withType("RollingUpdate")
                .withNewRollingUpdate()
                .withPartition(1)
                .endRollingUpdate()
                .endUpdateStrategy()
                .endSpec()
                .build();
        assertThat(names(plan(partitioned, pod(0, "s-old", true), pod(1, NEW, true))))
                .isEmpty();
        partitioned.getSpec().getUpdateStrategy().setType("OnDelete");
        assertThat(names(plan(partitioned, pod(0, "s-old", true), pod(1, "s-old", true))))
                .isEmpty();
    }

    private static StatefulSetPlan plan(StatefulSet set, Pod... pods) {
        return StatefulSetPlan.of(set, NEW, List.of(pods));
    }

    private static List<String> names(StatefulSetPlan plan) {
        return plan.delete().stream().map(pod -> pod.getMetadata().getName()).toList();
    }

    private static StatefulSet set(int replicas, String policy) {
        return new StatefulSetBuilder()
                .withNewMetadata()
                .withName("s")
                .endMetadata()
                .withNewSpec()
                .withReplicas(replicas)
                .withPodManagementPolicy(policy)
                .endSpec()
                .build();
    }

    private static Pod pod(int ordinal, String revision, boolean ready) {
        return new PodBuilder()
                .withNewMetadata()
                .withName("s-" + ordinal)
                .addToLabels(StatefulSetPlan.REVISION_LABEL, revision)
                .endMetadata()
                .withNewStatus()
                .addNewCondition()
                .withType("Ready")
                .withStatus(ready ? "True" : "False")
                .endCondition()
                .endStatus()
                .build();
    }
}
