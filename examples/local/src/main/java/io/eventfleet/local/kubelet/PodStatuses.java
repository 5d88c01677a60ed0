// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.kubelet;

import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateBuilder;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodConditionBuilder;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Builds pod statuses from what the runner knows. Pure. */
final class PodStatuses {
    /**
     * The state of the one container.
     *
     * @param lastState the end before the present run, null when there was none
     */
    record Observed(
            ContainerState state, @Nullable ContainerState lastState, int restarts, boolean started, boolean ready) {}

    private PodStatuses() {}

    static ContainerState waiting(String reason, String message) {
        return new ContainerStateBuilder()
                .withNewWaiting()
                .withReason(reason)
                .withMessage(message.isEmpty() ? null : message)
                .endWaiting()
                .build();
    }

    static ContainerState running(Instant since) {
        return new ContainerStateBuilder()
                .withNewRunning()
                .withStartedAt(text(since))
                .endRunning()
                .build();
    }

    static ContainerState terminated(int exitCode, Instant startedAt) {
        boolean signalled = exitCode > 128;
        return new ContainerStateBuilder()
                .withNewTerminated()
                .withExitCode(exitCode)
                .withSignal(signalled ? exitCode - 128 : null)
                .withReason(exitCode == 0 ? "Completed" : "Error")
                .withStartedAt(text(startedAt))
                .withFinishedAt(text(Instant.now()))
                .endTerminated()
                .build();
    }

    /** The status of a pod; times of conditions that did not turn are kept. */
    static PodStatus of(Pod pod, Observed observed) {
        var container = pod.getSpec().getContainers().getFirst();
        List<PodCondition> before =
                pod.getStatus() == null ? List.of() : pod.getStatus().getConditions();
        boolean running = observed.state().getRunning() != null;
        String started = pod.getStatus() == null || pod.getStatus().getStartTime() == null
                ? text(Instant.now())
                : pod.getStatus().getStartTime();
        return new PodStatusBuilder()
                .withPhase(running || observed.restarts() > 0 || observed.lastState() != null ? "Running" : "Pending")
                .withHostIP(NodeSettings.POD_ADDRESS)
                .withPodIP(NodeSettings.POD_ADDRESS)
                .addNewPodIP(NodeSettings.POD_ADDRESS)
                .withStartTime(started)
                .withConditions(
                        condition("PodScheduled", true, before),
                        condition("Initialized", true, before),
                        condition("ContainersReady", observed.ready(), before),
                        condition("Ready", observed.ready(), before))
                .withContainerStatuses(new ContainerStatusBuilder()
                        .withName(container.getName())
                        .withImage(container.getImage())
                        .withImageID("")
                        .withState(observed.state())
                        .withLastState(observed.lastState())
                        .withRestartCount(observed.restarts())
                        .withStarted(observed.started())
                        .withReady(observed.ready())
                        .build())
                .build();
    }

    private static PodCondition condition(String type, boolean holds, List<PodCondition> before) {
        String status = holds ? "True" : "False";
        String since = before.stream()
                .filter(each -> each.getType().equals(type) && each.getStatus().equals(status))
                .map(PodCondition::getLastTransitionTime)
                .findFirst()
                .orElseGet(() -> text(Instant.now()));
        return new PodConditionBuilder()
                .withType(type)
                .withStatus(status)
                .withReason(holds ? null : "ContainersNotReady")
                .withLastTransitionTime(since)
                .build();
    }

    static boolean isReady(Pod pod) {
        return pod.getStatus() != null
                && pod.getStatus().getConditions().stream()
                        .anyMatch(each -> each.getType().equals("Ready")
                                && each.getStatus().equals("True"));
    }

    private static String text(Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
