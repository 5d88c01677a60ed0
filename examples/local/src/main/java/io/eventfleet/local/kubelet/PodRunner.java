// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.kubelet;

import io.eventfleet.local.kubelet.PodStatuses.Observed;
import io.eventfleet.local.kubelet.ProbeSchedule.Verdict;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The life of one pod: start, probe, restart, stop. Runs on a thread of its own; other threads only ask it to stop, or kill
 * its process.
 */
final class PodRunner {
    private static final Logger LOG = LoggerFactory.getLogger(PodRunner.class);
    private static final Duration LONGEST_PAUSE = Duration.ofMillis(500);
    private static final Duration DEFAULT_GRACE = Duration.ofSeconds(30);

    private final Pod pod;
    private final Container container;
    private final PodLauncher launcher;
    private final KubernetesClient client;
    private final EventRecorder events;
    private final Prober prober;
    private final CountDownLatch stopRequested = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    private final BackOff backOff = new BackOff();
    private volatile @Nullable ContainerProcess process;
    private volatile PublishedPorts ports = PublishedPorts.NONE;
    private volatile Duration grace;
    private volatile boolean removeWhenStopped;
    private @Nullable ContainerState lastState;
    private int restarts;
    private @Nullable Observed reported;

    PodRunner(Pod pod, PodLauncher launcher, KubernetesClient client, EventRecorder events, Prober prober) {
        this.pod = pod;
        this.container = pod.getSpec().getContainers().getFirst();
        this.launcher = launcher;
        this.client = client;
        this.events = events;
        this.prober = prober;
        Long seconds = pod.getSpec().getTerminationGracePeriodSeconds();
        this.grace = seconds == null ? DEFAULT_GRACE : Duration.ofSeconds(seconds);
        if (pod.getStatus() != null) {
            pod.getStatus().getContainerStatuses().stream()
                    .findFirst()
                    .ifPresent(status -> restarts = status.getRestartCount());
        }
    }

    void start() {
        Thread.ofPlatform().daemon().name("pod-" + pod.getMetadata().getName()).start(this::run);
    }

    Pod pod() {
        return pod;
    }

    PublishedPorts ports() {
        return ports;
    }

    Optional<Long> pid() {
        ContainerProcess current = process;
        return current != null && current.isAlive() ? Optional.of(current.pid()) : Optional.empty();
    }

    /** SIGKILL, as a crash would be; the pod starts its container again. */
    boolean kill() {
        ContainerProcess current = process;
        if (current == null || !current.isAlive()) {
            return false;
        }
        current.kill();
        return true;
    }

    /**
     * Asks the pod to end.
     *
     * @param within the grace period
     * @param removeObject whether the Pod object goes when the process has ended
     */
    void stop(Duration within, boolean removeObject) {
        grace = within;
        removeWhenStopped |= removeObject;
        stopRequested.countDown();
    }

    boolean isStopping() {
        return stopRequested.getCount() == 0;
    }

    boolean awaitEnd(Duration atMost) throws InterruptedException {
        return ended.await(atMost.toMillis(), TimeUnit.MILLISECONDS);
    }

    boolean hasEnded() {
        return ended.getCount() == 0;
    }

    private void run() {
        try {
            report(new Observed(PodStatuses.waiting("ContainerCreating", ""), null, restarts, false, false));
            while (!isStopping()) {
                Instant began = Instant.now();
                runOnce();
                Duration wait = backOff.afterRun(Duration.between(began, Instant.now()));
                if (!isStopping() && !wait.isZero()) {
                    backOffFor(wait);
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.atError()
                    .addKeyValue("pod", pod.getMetadata().getName())
                    .setCause(e)
                    .log("pod runner failed");
        } finally {
            end();
        }
    }

    private void backOffFor(Duration wait) throws InterruptedException {
        if (process != null) {
            events.warning(pod, "BackOff", "Back-off restarting failed container " + container.getName());
            String message = "back-off " + wait.toSeconds() + "s restarting failed container " + container.getName();
            report(new Observed(PodStatuses.waiting("CrashLoopBackOff", message), lastState, restarts, false, false));
        }
        stopRequested.await(wait.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void runOnce() throws InterruptedException {
        ContainerProcess started;
        try {
            var launch = launcher.prepare(pod, container);
            ports = launch.ports();
            started = launcher.start(pod, launch);
        } catch (PodFiles.NotAvailable | IOException e) {
            process = null;
            String why = String.valueOf(e.getMessage());
            events.warning(pod, "Failed", "Error: " + why);
            report(new Observed(
                    PodStatuses.waiting("CreateContainerConfigError", why), lastState, restarts, false, false));
            return;
        }
        process = started;
        events.normal(pod, "Started", "Started container " + container.getName());
        report(new Observed(PodStatuses.running(started.startedAt()), lastState, restarts, false, false));
        watch(started);
        if (started.isAlive()) {
            end(started);
        }
        lastState = PodStatuses.terminated(started.exitCode(), started.startedAt());
        if (!isStopping()) {
            LOG.atInfo()
                    .addKeyValue("pod", pod.getMetadata().getName())
                    .addKeyValue("exitCode", started.exitCode())
                    .log("container ended");
            restarts++;
            report(new Observed(lastState, lastState, restarts, false, false));
        }
    }

    /** Probes until the process ends, a probe condemns it, or the pod is to stop. */
    private void watch(ContainerProcess running) throws InterruptedException {
        Probe startup = container.getStartupProbe();
        if (startup != null && !awaitStartup(running, startup)) {
            return;
        }
        Probe readiness = container.getReadinessProbe();
        Probe liveness = container.getLivenessProbe();
        var readinessSchedule = readiness == null ? null : new ProbeSchedule(readiness, System.nanoTime());
        var livenessSchedule = liveness == null ? null : new ProbeSchedule(liveness, System.nanoTime());
        boolean ready = readiness == null;
        report(new Observed(PodStatuses.running(running.startedAt()), lastState, restarts, true, ready));
        while (!isStopping() && running.isAlive()) {
            if (readiness != null && readinessSchedule != null && readinessSchedule.isDue(System.nanoTime())) {
                ready = switch (probe(readiness, readinessSchedule, "Readiness")) {
                    case PASSED -> true;
                    case FAILED -> false;
                    case UNDECIDED -> ready;
                };
                report(new Observed(PodStatuses.running(running.startedAt()), lastState, restarts, true, ready));
            }
            if (liveness != null
                    && livenessSchedule != null
                    && livenessSchedule.isDue(System.nanoTime())
                    && probe(liveness, livenessSchedule, "Liveness") == Verdict.FAILED) {
                events.normal(
                        pod,
                        "Killing",
                        "Container " + container.getName() + " failed liveness probe, will be restarted");
                return;
            }
            pause(running, readinessSchedule, livenessSchedule);
        }
    }

    private boolean awaitStartup(ContainerProcess running, Probe startup) throws InterruptedException {
        var schedule = new ProbeSchedule(startup, System.nanoTime());
        while (!isStopping() && running.isAlive()) {
            if (schedule.isDue(System.nanoTime())) {
                switch (probe(startup, schedule, "Startup")) {
                    case PASSED -> {
                        return true;
                    }
                    case FAILED -> {
                        events.normal(
                                pod,
                                "Killing",
                                "Container " + container.getName() + " failed startup probe, will be restarted");
                        return false;
                    }
                    case UNDECIDED -> {}
                }
            }
            pause(running, schedule, null);
        }
        return false;
    }

    private Verdict probe(Probe probe, ProbeSchedule schedule, String kind) throws InterruptedException {
        String failure = prober.failure(probe, container, ports);
        Verdict verdict = schedule.record(failure.isEmpty(), System.nanoTime());
        if (verdict == Verdict.FAILED && !isStopping()) {
            events.warning(pod, "Unhealthy", kind + " probe failed: " + failure);
        }
        return verdict;
    }

    private static void pause(ContainerProcess running, @Nullable ProbeSchedule first, @Nullable ProbeSchedule second)
            throws InterruptedException {
        long now = System.nanoTime();
        long waitNs = LONGEST_PAUSE.toNanos();
        for (ProbeSchedule schedule : new @Nullable ProbeSchedule[] {first, second}) {
            if (schedule != null) {
                waitNs = Math.min(waitNs, Math.max(0, schedule.dueNs() - now));
            }
        }
        running.awaitExit(Duration.ofNanos(waitNs));
    }

    private void end(ContainerProcess running) throws InterruptedException {
        events.normal(pod, "Killing", "Stopping container " + container.getName());
        running.terminate();
        if (!running.awaitExit(grace)) {
            LOG.atWarn().addKeyValue("pod", pod.getMetadata().getName()).log("grace period over, process killed");
            running.kill();
            running.awaitExit(DEFAULT_GRACE);
        }
    }

    private void end() {
        try {
            ContainerProcess current = process;
            if (current != null && current.isAlive()) {
                end(current);
            }
            if (removeWhenStopped) {
                launcher.discard(pod);
                client.pods()
                        .inNamespace(pod.getMetadata().getNamespace())
                        .withName(pod.getMetadata().getName())
                        .withGracePeriod(0)
                        .delete();
            } else {
                ContainerState state = lastState == null ? PodStatuses.waiting("ContainerCreating", "") : lastState;
                report(new Observed(state, lastState, restarts, false, false));
            }
        } catch (IOException | KubernetesClientException e) {
            LOG.atWarn()
                    .addKeyValue("pod", pod.getMetadata().getName())
                    .setCause(e)
                    .log("pod not cleaned up");
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            ended.countDown();
        }
    }

    private void report(Observed observed) {
        if (observed.equals(reported)) {
            return;
        }
        try {
            client.pods()
                    .inNamespace(pod.getMetadata().getNamespace())
                    .withName(pod.getMetadata().getName())
                    .editStatus(current -> {
                        PodStatus status = PodStatuses.of(current, observed);
                        current.setStatus(status);
                        return current;
                    });
            reported = observed;
        } catch (KubernetesClientException | NullPointerException e) {
            // The pod may be gone already; whoever removed it ends this runner.
            LOG.atDebug()
                    .addKeyValue("pod", pod.getMetadata().getName())
                    .setCause(e)
                    .log("status not written");
        }
    }
}
