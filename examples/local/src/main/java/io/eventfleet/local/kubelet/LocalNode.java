// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.kubelet;

import io.eventfleet.local.api.server.PodLogs;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The machine as a node. One thread looks at StatefulSets, pods, claims and Services whenever one of them changed, and at
 * least once a second, and takes the next step for each; every pod has a thread of its own beside it.
 */
public final class LocalNode implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LocalNode.class);
    private static final long PASS_INTERVAL_MS = 1_000;
    private static final Duration STOP_SLACK = Duration.ofSeconds(10);

    private final KubernetesClient client;
    private final NodeSettings settings;
    private final Ports ports;
    private final PodLauncher launcher;
    private final EventRecorder events;
    private final Prober prober = new Prober();
    private final StatefulSets sets;
    private final Claims claims;
    private final ServiceProxy services;
    private final Map<String, PodRunner> runners = new HashMap<>();
    private final Semaphore changes = new Semaphore(1);
    private final List<SharedIndexInformer<?>> informers;
    private final Thread loop;
    private volatile boolean stopping;

    private LocalNode(KubernetesClient client, NodeSettings settings) throws IOException {
        this.client = client;
        this.settings = settings;
        this.ports = new Ports(settings.data().resolve("ports.properties"));
        this.launcher = new PodLauncher(client, settings, ports);
        this.events = new EventRecorder(client, "kubelet");
        this.sets = new StatefulSets(client, new EventRecorder(client, "statefulset-controller"));
        this.claims = new Claims(client, settings);
        this.services = new ServiceProxy(settings.hostsFile(), this::portsOf);
        StrayProcesses.endAll(settings.data().resolve("pods"));
        register();
        forgetReadiness();
        this.informers = List.of(
                client.apps().statefulSets().inAnyNamespace().inform(new Signal<>()),
                client.pods().inAnyNamespace().inform(new Signal<>()),
                client.services().inAnyNamespace().inform(new Signal<>()),
                client.persistentVolumeClaims().inAnyNamespace().inform(new Signal<>()));
        this.loop = Thread.ofPlatform().daemon().name("node").start(this::run);
    }

    /** Starts the node: registers it and resumes the pods that the API knows. The client stays the caller's. */
    public static LocalNode start(KubernetesClient client, NodeSettings settings) throws IOException {
        return new LocalNode(client, settings);
    }

    private final class Signal<T> implements ResourceEventHandler<T> {
        @Override
        public void onAdd(T object) {
            changes.release();
        }

        @Override
        public void onUpdate(T before, T after) {
            changes.release();
        }

        @Override
        public void onDelete(T object, boolean finalStateUnknown) {
            changes.release();
        }
    }

    private void register() {
        if (client.nodes().withName(NodeSettings.NODE_NAME).get() == null) {
            client.nodes()
                    .resource(new NodeBuilder()
                            .withNewMetadata()
                            .withName(NodeSettings.NODE_NAME)
                            .addToLabels("kubernetes.io/hostname", NodeSettings.NODE_NAME)
                            .addToLabels("topology.kubernetes.io/zone", NodeSettings.NODE_NAME)
                            .endMetadata()
                            .withNewStatus()
                            .addNewCondition()
                            .withType("Ready")
                            .withStatus("True")
                            .withReason("KubeletReady")
                            .endCondition()
                            .endStatus()
                            .build())
                    .create();
        }
    }

    /** What the API remembers of an earlier run is no longer so: nothing is ready before it has been started and probed. */
    private void forgetReadiness() {
        for (Pod pod : client.pods().inAnyNamespace().list().getItems()) {
            int restarts = pod.getStatus() == null
                    ? 0
                    : pod.getStatus().getContainerStatuses().stream()
                            .mapToInt(ContainerStatus::getRestartCount)
                            .sum();
            var waiting = new PodStatuses.Observed(
                    PodStatuses.waiting("ContainerCreating", ""), null, restarts, false, false);
            client.resource(pod).editStatus(current -> {
                current.setStatus(PodStatuses.of(current, waiting));
                return current;
            });
        }
        var pods = client.pods().inAnyNamespace().list().getItems();
        client.apps().statefulSets().inAnyNamespace().list().getItems().forEach(set -> sets.reconcile(set, pods));
    }

    private void run() {
        while (!stopping) {
            try {
                changes.tryAcquire(PASS_INTERVAL_MS, TimeUnit.MILLISECONDS);
                changes.drainPermits();
                if (!stopping) {
                    pass();
                }
            } catch (InterruptedException _) {
                return;
            } catch (KubernetesClientException e) {
                // Someone else wrote at the same time, or the API is going down: the next pass sees what is true then.
                if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
                    LOG.atWarn().setCause(e).log("node pass failed");
                }
            } catch (IOException | RuntimeException e) {
                LOG.atError().setCause(e).log("node pass failed");
            }
        }
    }

    private void pass() throws IOException {
        var allSets = client.apps().statefulSets().inAnyNamespace().list().getItems();
        var pods = client.pods().inAnyNamespace().list().getItems();
        runPods(pods);
        allSets.forEach(set -> attempt(set, () -> sets.reconcile(set, pods)));
        client.persistentVolumeClaims()
                .inAnyNamespace()
                .list()
                .getItems()
                .forEach(claim -> attempt(claim, () -> claims.reconcile(claim, pods)));
        services.reconcile(client.services().inAnyNamespace().list().getItems(), pods);
        var present = new HashSet<String>();
        allSets.forEach(set -> present.add(
                set.getMetadata().getNamespace() + "/" + set.getMetadata().getName()));
        ports.owners().stream().filter(owner -> !present.contains(owner)).forEach(ports::release);
    }

    /** One object that cannot be reconciled does not hold up the others. */
    private static void attempt(HasMetadata object, Runnable step) {
        try {
            step.run();
        } catch (KubernetesClientException | UncheckedIOException e) {
            LOG.atDebug()
                    .addKeyValue("kind", object.getKind())
                    .addKeyValue("name", object.getMetadata().getName())
                    .setCause(e)
                    .log("not reconciled in this pass");
        }
    }

    private void runPods(List<Pod> pods) {
        synchronized (runners) {
            var present = new HashSet<String>();
            for (Pod pod : pods) {
                String uid = pod.getMetadata().getUid();
                present.add(uid);
                if (!NodeSettings.NODE_NAME.equals(pod.getSpec().getNodeName())) {
                    continue;
                }
                PodRunner runner = runners.computeIfAbsent(uid, fresh -> {
                    var started = new PodRunner(pod, launcher, client, events, prober);
                    started.start();
                    return started;
                });
                if (StatefulSetPlan.isTerminating(pod) && !runner.isStopping()) {
                    Long grace = pod.getMetadata().getDeletionGracePeriodSeconds();
                    runner.stop(Duration.ofSeconds(grace == null ? 0 : grace), true);
                }
            }
            runners.forEach((uid, runner) -> {
                if (!present.contains(uid) && !runner.isStopping()) {
                    runner.stop(Duration.ZERO, true);
                }
            });
            runners.values().removeIf(PodRunner::hasEnded);
        }
    }

    private PublishedPorts portsOf(Pod pod) {
        synchronized (runners) {
            PodRunner runner = runners.get(pod.getMetadata().getUid());
            return runner == null ? PublishedPorts.NONE : runner.ports();
        }
    }

    /** Ends the process of a pod as a crash would (SIGKILL); false when it does not run. The pod restarts it. */
    public boolean kill(String namespace, String pod) {
        synchronized (runners) {
            return runners.values().stream()
                    .filter(runner -> is(runner.pod(), namespace, pod))
                    .anyMatch(PodRunner::kill);
        }
    }

    /** The process id of a pod, or -1. */
    public long pid(String namespace, String pod) {
        synchronized (runners) {
            return runners.values().stream()
                    .filter(runner -> is(runner.pod(), namespace, pod))
                    .flatMap(runner -> runner.pid().stream())
                    .findFirst()
                    .orElse(-1L);
        }
    }

    /** The port on 127.0.0.1 behind a container port of a running pod. */
    public int localPort(String namespace, String pod, int containerPort) {
        synchronized (runners) {
            return runners.values().stream()
                    .filter(runner -> is(runner.pod(), namespace, pod))
                    .map(runner -> runner.ports().local(containerPort))
                    .findFirst()
                    .orElse(containerPort);
        }
    }

    /** The ports on 127.0.0.1 that clients of a running pod connect to, in the order of its listeners. */
    public List<Integer> clientPorts(String namespace, String pod) {
        synchronized (runners) {
            return runners.values().stream()
                    .filter(runner -> is(runner.pod(), namespace, pod))
                    .map(runner -> runner.ports().clientPorts())
                    .findFirst()
                    .orElse(List.of());
        }
    }

    /** True when the pod's condition Ready holds. */
    public static boolean isReady(Pod pod) {
        return PodStatuses.isReady(pod);
    }

    /** Words before a command that put it into a process group of its own; empty where the machine has no such command. */
    public static List<String> launchPrefix() {
        return ContainerProcess.launchPrefix();
    }

    private static boolean is(Pod pod, String namespace, String name) {
        return pod.getMetadata().getNamespace().equals(namespace)
                && pod.getMetadata().getName().equals(name);
    }

    /** Where the logs of pods are, for the API. */
    public static PodLogs logs(Path data) {
        return new PodLogFiles(data);
    }

    /** The last lines of a pod's output. */
    public List<String> logTail(String namespace, String pod, int lines) {
        try {
            return LogFile.tail(settings.logFile(namespace, pod), lines);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Stops all pods (SIGTERM, grace period, SIGKILL); their objects stay, so that they run again on the next start. */
    @Override
    public void close() {
        stopping = true;
        changes.release();
        try {
            loop.join(STOP_SLACK.toMillis());
            List<PodRunner> all;
            synchronized (runners) {
                all = List.copyOf(runners.values());
            }
            Duration longest = Duration.ZERO;
            for (PodRunner runner : all) {
                Long own = runner.pod().getSpec().getTerminationGracePeriodSeconds();
                Duration grace = Duration.ofSeconds(own == null ? 30 : own);
                longest = grace.compareTo(longest) > 0 ? grace : longest;
                runner.stop(grace, false);
            }
            for (PodRunner runner : all) {
                runner.awaitEnd(longest.plus(STOP_SLACK));
            }
            informers.forEach(SharedIndexInformer::stop);
            services.close();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            LOG.atWarn().setCause(e).log("service forwarders not closed");
        } finally {
            prober.close();
        }
    }
}
