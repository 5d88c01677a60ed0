// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.operator.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventfleet.api.contract.Conditions;
import io.eventfleet.api.contract.Conditions.Reason;
import io.eventfleet.operator.Resources;
import io.fabric8.kubernetes.api.model.Condition;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ConditionListTest {
    private static final Instant FIRST = Instant.parse("2026-01-01T00:00:00Z");
    private static final Instant LATER = FIRST.plusSeconds(60);

    @Test
    void transitionTimeMovesOnlyWithTheStatus() {
        var starting = Verdict.progressing(Reason.BrokersStarting, "1 of 3");
        var before = ConditionList.after(List.of(), 1L, FIRST).with(starting).toList();

        var same = ConditionList.after(before, 2L, LATER)
                .with(Verdict.progressing(Reason.Applying, "2 of 3"))
                .toList();
        var ready = ConditionList.after(before, 2L, LATER)
                .with(Verdict.ready("done"))
                .toList();

        assertThat(same).extracting(Condition::getLastTransitionTime).containsOnly(FIRST.toString());
        assertThat(same).extracting(Condition::getObservedGeneration).containsOnly(2L);
        assertThat(same.getFirst().getReason()).isEqualTo("Applying");
        assertThat(ready)
                .extracting(Condition::getLastTransitionTime)
                .containsExactly(LATER.toString(), LATER.toString(), FIRST.toString());
    }

    @Test
    void nothingNewGivesAnEqualList() {
        var verdict = Verdict.ready("3 brokers serve");
        var before = ConditionList.after(List.of(), 1L, FIRST).with(verdict).toList();

        assertThat(ConditionList.after(before, 1L, LATER).with(verdict).toList())
                .isEqualTo(before);
    }

    @Test
    void stalledSaysWhy() {
        var conditions = ConditionList.after(List.of(), 1L, FIRST)
                .with(Verdict.stalled(Reason.InvalidConfig, "no.such.key"))
                .toList();

        assertThat(Resources.summary(conditions))
                .containsExactly(
                        "Ready=False/InvalidConfig", "Reconciling=False/AsDeclared", "Stalled=True/InvalidConfig");
    }

    @ParameterizedTest
    @EnumSource(Verdict.Phase.class)
    void everyPhaseGivesTheThreeConditionsThatToolsLookFor(Verdict.Phase phase) {
        var conditions = ConditionList.after(List.of(), 1L, FIRST)
                .with(new Verdict(phase, Reason.Applying, "x".repeat(10_000)))
                .toList();

        assertThat(conditions)
                .extracting(Condition::getType)
                .containsExactly(Conditions.READY, Conditions.RECONCILING, Conditions.STALLED);
        assertThat(conditions)
                .allSatisfy(condition -> assertThat(condition.getMessage()).hasSizeLessThanOrEqualTo(4000));
    }
}
