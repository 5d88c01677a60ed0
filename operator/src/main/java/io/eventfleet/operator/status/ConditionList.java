// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.operator.status;

import io.eventfleet.api.contract.Conditions;
import io.eventfleet.api.contract.Conditions.Reason;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Builds the conditions of a status. The transition time of a condition moves only when its status does. */
public final class ConditionList {
    private static final int MAX_MESSAGE_LENGTH = 4_000;

    private final List<Condition> stored;
    private final @Nullable Long generation;
    private final Instant now;
    private final List<Condition> conditions = new ArrayList<>();

    private ConditionList(List<Condition> stored, @Nullable Long generation, Instant now) {
        this.stored = stored;
        this.generation = generation;
        this.now = now;
    }

    /**
     * Starts a list.
     *
     * @param stored the conditions as they are stored
     * @param generation the generation of the spec that was looked at
     * @param now the time of a transition
     */
    public static ConditionList after(List<Condition> stored, @Nullable Long generation, Instant now) {
        return new ConditionList(stored, generation, now);
    }

    /** Adds Ready, Reconciling and Stalled. */
    public ConditionList with(Verdict verdict) {
        var phase = verdict.phase();
        with(Conditions.READY, phase.ready(), verdict.reason(), verdict.message());
        withAspect(Conditions.RECONCILING, phase.reconciling(), verdict);
        withAspect(Conditions.STALLED, phase.stalled(), verdict);
        return this;
    }

    private void withAspect(String type, String status, Verdict verdict) {
        var applies = status.equals("True");
        with(type, status, applies ? verdict.reason() : Reason.AsDeclared, applies ? verdict.message() : "");
    }

    /** Adds one condition. */
    public ConditionList with(String type, String status, Reason reason, String message) {
        var before = stored.stream()
                .filter(condition -> type.equals(condition.getType()))
                .findFirst();
        var since = before.filter(condition -> status.equals(condition.getStatus()))
                .map(Condition::getLastTransitionTime)
                .filter(Objects::nonNull)
                .orElseGet(() -> now.truncatedTo(ChronoUnit.SECONDS).toString());
        conditions.add(new ConditionBuilder()
                .withType(type)
                .withStatus(status)
                .withReason(reason.name())
                .withMessage(message.substring(0, Math.min(message.length(), MAX_MESSAGE_LENGTH)))
                .withObservedGeneration(generation)
                .withLastTransitionTime(since)
                .build());
        return this;
    }

    /** Adds the condition as it is stored, if it is. */
    public ConditionList keep(String type) {
        stored.stream().filter(condition -> type.equals(condition.getType())).forEach(conditions::add);
        return this;
    }

    /** The conditions in the order in which they were added. */
    public List<Condition> toList() {
        return List.copyOf(conditions);
    }
}
