// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eventfleet.local.demo.RecordRun;
import io.eventfleet.local.demo.RecordRun.Outcome;
import io.eventfleet.local.fleet.Installation;
import io.eventfleet.local.fleet.LocalFleet;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code demo}: the whole way from a declaration to consumed records, then everything is stopped and removed. */
@Command(
        name = "demo",
        description =
                "Starts everything, applies the quickstart example, produces and consumes, shows what happened, stops.",
        mixinStandardHelpOptions = true)
public final class DemoCommand implements Callable<Integer> {
    private static final Duration CLUSTER_READY_WITHIN = Duration.ofMinutes(5);
    private static final Duration RESOURCE_READY_WITHIN = Duration.ofMinutes(2);
    private static final Duration GROUP_SHOWN_WITHIN = Duration.ofSeconds(30);
    private static final long POLL_MS = 250;
    private static final int FIRST_PORT = 19_092;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--records", paramLabel = "N", description = "How many records. Default: 100000.")
    private int records = 100_000;

    private String lastLine = "demo failed: interrupted";

    @Override
    public Integer call() throws InterruptedException {
        Installation installation = Installation.find();
        Quickstart quickstart = Quickstart.read(installation);
        var progress = new Progress(spec.commandLine().getOut());
        progress.step("starting the Kubernetes API, the node and the operator");
        int status;
        LocalFleet fleet = LocalFleet.builder().installation(installation).start();
        Thread stop = new Thread(fleet::close);
        Runtime.getRuntime().addShutdownHook(stop);
        try {
            status = run(fleet, quickstart, progress);
        } finally {
            Runtime.getRuntime().removeShutdownHook(stop);
            progress.step("stopping");
            fleet.close();
        }
        progress.plain(lastLine);
        return status;
    }

    private int run(LocalFleet fleet, Quickstart quickstart, Progress progress) throws InterruptedException {
        try {
            Outcome outcome = mainJob(fleet, quickstart, progress);
            String counts = "produced=" + outcome.produced() + " consumed=" + outcome.consumed() + " lost="
                    + outcome.lost() + " duplicated=" + outcome.duplicated() + " failover_ms="
                    + outcome.failoverMs() + " seconds="
                    + Math.round(progress.secondsSinceStart());
            if (outcome.isPerfect()) {
                lastLine = "demo passed: " + counts;
                return 0;
            }
            Terminal.showLogs(fleet, progress);
            lastLine = "demo failed: " + counts;
        } catch (TimeoutException | ExecutionException e) {
            Terminal.showLogs(fleet, progress);
            Throwable cause = e instanceof ExecutionException && e.getCause() != null ? e.getCause() : e;
            lastLine = "demo failed: " + cause.getMessage();
        }
        return 1;
    }

    private Outcome mainJob(LocalFleet fleet, Quickstart quickstart, Progress progress)
            throws InterruptedException, TimeoutException, ExecutionException {
        int brokers = quickstart.cluster().path("spec").path("replicas").asInt();
        int port = ClusterStart.firstFreePort(FIRST_PORT, brokers);
        ObjectNode cluster = quickstart.cluster(brokers, port);
        String name = Quickstart.nameOf(cluster);
        progress.step("applying examples/01-quickstart: EventCluster, Topics, ConsumerGroup");
        var start = new ClusterStart(fleet, progress);
        var applied = fleet.applyYaml(cluster.toString()).getFirst();
        List<GenericKubernetesResource> topics = applyAll(fleet, quickstart.ofKind("Topic"));
        List<GenericKubernetesResource> groups = applyAll(fleet, quickstart.ofKind("ConsumerGroup"));
        start.awaitReady(applied, CLUSTER_READY_WITHIN);
        progress.step("cluster " + name + " is ready");
        for (GenericKubernetesResource topic : topics) {
            start.awaitReady(topic, RESOURCE_READY_WITHIN);
            progress.step("topic " + topic.getMetadata().getName() + " is ready");
        }
        String bootstrap = fleet.bootstrap("default", name);
        progress.step("producing " + records + " records through " + bootstrap + ", consuming in a group of two");
        var run = new RecordRun(bootstrap, quickstart.topics(), quickstart.groupId(), records, progress::step);
        var leader = new BusiestLeader(fleet, "default", name, quickstart.topics());
        return run.execute(clock -> progress.step(leader.kill(clock)), () -> {
            for (GenericKubernetesResource group : groups) {
                awaitShown(fleet, start, group, progress);
            }
            Terminal.showResources(fleet, progress);
        });
    }

    /** The group's status follows at its own pace; a demo that has counted its records does not fail for it. */
    private static void awaitShown(
            LocalFleet fleet, ClusterStart start, GenericKubernetesResource group, Progress progress)
            throws InterruptedException {
        var metadata = group.getMetadata();
        try {
            start.awaitReady(group, GROUP_SHOWN_WITHIN);
            long deadlineNs = System.nanoTime() + GROUP_SHOWN_WITHIN.toNanos();
            while (System.nanoTime() < deadlineNs) {
                var seen =
                        fleet.get(group.getApiVersion(), group.getKind(), metadata.getNamespace(), metadata.getName());
                if (seen != null
                        && seen.get("status", "lag", "records") instanceof Number lag
                        && lag.longValue() == 0) {
                    break;
                }
                TimeUnit.MILLISECONDS.sleep(POLL_MS);
            }
            progress.step("consumer group " + metadata.getName() + " is ready");
        } catch (TimeoutException e) {
            progress.step(String.valueOf(e.getMessage()));
        }
    }

    private static List<GenericKubernetesResource> applyAll(LocalFleet fleet, List<ObjectNode> documents) {
        var applied = new ArrayList<GenericKubernetesResource>();
        documents.forEach(document -> applied.addAll(fleet.applyYaml(document.toString())));
        return applied;
    }
}
