// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eventfleet.local.fleet.Installation;
import io.eventfleet.local.fleet.LocalFleet;
import io.eventfleet.local.fleet.SetupException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code up}: the system, left running. */
@Command(
        name = "up",
        description = "Starts the system and leaves it running until Ctrl-C, or until 'down' when detached.",
        mixinStandardHelpOptions = true)
public final class UpCommand implements Callable<Integer> {
    private static final Duration READY_WITHIN = Duration.ofMinutes(5);
    private static final int MAX_BROKERS = 20;
    private static final int DEFAULT_BROKERS = 3;
    private static final int DEFAULT_PORT = 9_092;

    /** Values of {@code spec.storage.durability}. */
    enum Durability {
        Synced,
        Buffered
    }

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--brokers",
            paramLabel = "N",
            description = "Number of brokers; 0: only operator and API. Default: 3, or what the data folder holds.")
    private @Nullable Integer brokers;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            description = "Port of the first broker on 127.0.0.1. Default: 9092, or what the data folder holds.")
    private @Nullable Integer port;

    @Option(names = "--data", paramLabel = "DIR", description = "Keep everything in this folder, and continue from it.")
    private @Nullable Path data;

    @Option(
            names = "--durability",
            paramLabel = "Synced|Buffered",
            description = "When a record counts as stored. Default: as the quickstart example says.")
    private @Nullable Durability durability;

    @Option(names = "--detach", description = "Return when the system is ready; 'down' stops it.")
    private boolean detach;

    @Option(names = "--ready-file", hidden = true, description = "Written when the system is ready.")
    private @Nullable Path readyFile;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (brokers != null && (brokers < 0 || brokers > MAX_BROKERS)) {
            throw new SetupException("--brokers must be between 0 and " + MAX_BROKERS + ", not " + brokers);
        }
        Installation installation = Installation.find();
        var progress = new Progress(spec.commandLine().getOut());
        if (detach) {
            return new DetachedSystem(installation).start(choices(), data, progress);
        }
        boolean fresh = data == null || !LocalFleet.isDataFolder(data);
        if (fresh && brokersOr(DEFAULT_BROKERS) > 0) {
            ClusterStart.requireFreePorts(portOr(DEFAULT_PORT), brokersOr(DEFAULT_BROKERS));
        }
        progress.step("starting the Kubernetes API, the node and the operator");
        var builder = LocalFleet.builder().installation(installation);
        if (data != null) {
            builder.data(data);
        }
        LocalFleet fleet = builder.start();
        stopOnExit(fleet, progress);
        String cluster = "";
        if (brokersOr(DEFAULT_BROKERS) > 0) {
            try {
                cluster = startCluster(installation, fleet, progress);
            } catch (TimeoutException e) {
                Terminal.showLogs(fleet, progress);
                progress.plain("eventfleet: " + e.getMessage());
                return 1;
            }
        }
        announce(installation, fleet, cluster, progress);
        if (readyFile != null) {
            Files.writeString(readyFile, "ready\n");
        }
        new CountDownLatch(1).await();
        return 0;
    }

    /** Applies the quickstart's cluster; one that is there already keeps what the command line says nothing about. */
    private String startCluster(Installation installation, LocalFleet fleet, Progress progress)
            throws TimeoutException, InterruptedException {
        Quickstart quickstart = Quickstart.read(installation);
        String name = Quickstart.nameOf(quickstart.cluster());
        var present = fleet.get("eventfleet.io/v1alpha1", "EventCluster", "default", name);
        int replicas = brokersOr(
                present == null
                        ? DEFAULT_BROKERS
                        : present.<Number>get("spec", "replicas").intValue());
        var start = new ClusterStart(fleet, progress);
        if (present != null && brokers == null && port == null && durability == null) {
            progress.step("continuing EventCluster " + name + " with " + replicas + " brokers");
            start.awaitPods(present, replicas, READY_WITHIN);
            start.awaitReady(present, READY_WITHIN);
            return name;
        }
        int firstPort = portOr(present == null ? DEFAULT_PORT : Quickstart.portOf(present));
        ObjectNode wanted = quickstart.cluster(replicas, firstPort);
        if (durability != null) {
            ((ObjectNode) wanted.path("spec").path("storage")).put("durability", durability.name());
        }
        progress.step("applying EventCluster " + name + " with " + replicas + " broker" + (replicas == 1 ? "" : "s"));
        start.apply(wanted, READY_WITHIN);
        return name;
    }

    private int brokersOr(int absent) {
        return brokers == null ? absent : brokers;
    }

    private int portOr(int absent) {
        return port == null ? absent : port;
    }

    private List<String> choices() {
        var arguments = new ArrayList<String>();
        if (brokers != null) {
            arguments.addAll(List.of("--brokers", String.valueOf(brokers)));
        }
        if (port != null) {
            arguments.addAll(List.of("--port", String.valueOf(port)));
        }
        if (durability != null) {
            arguments.addAll(List.of("--durability", durability.name()));
        }
        return arguments;
    }

    private void stopOnExit(LocalFleet fleet, Progress progress) {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            progress.plain("");
            progress.step("stopping: operator, brokers, API");
            fleet.close();
            progress.step("stopped");
        }));
    }

    private void announce(Installation installation, LocalFleet fleet, String cluster, Progress progress) {
        progress.step("ready");
        progress.plain("");
        String bootstrap = cluster.isEmpty() ? "" : fleet.bootstrap("default", cluster);
        if (!cluster.isEmpty()) {
            progress.plain("  bootstrap    " + bootstrap);
        }
        progress.plain("  kubeconfig   " + fleet.kubeconfig());
        progress.plain("  data         " + fleet.dataFolder() + (data == null ? " (removed at the end)" : ""));
        progress.plain("");
        progress.plain("  export KUBECONFIG=" + fleet.kubeconfig());
        if (cluster.isEmpty()) {
            progress.plain("  kubectl apply -f " + installation.quickstart());
            progress.plain("  kubectl get eventclusters,topics,consumergroups -w");
        } else {
            progress.plain("  kubectl apply -f " + installation.quickstart().resolve("20-topics.yaml"));
            progress.plain("  kubectl get eventclusters,topics,consumergroups");
            progress.plain("  kcat -b " + bootstrap + " -L");
        }
        progress.plain("");
        progress.plain(readyFile == null ? "Ctrl-C stops everything." : "'./eventfleet down' stops everything.");
    }
}
