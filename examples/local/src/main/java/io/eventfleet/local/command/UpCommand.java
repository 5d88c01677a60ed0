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
            description = "Number of brokers; 0: only operator and API. Default: 3.")
    private int brokers = 3;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            description = "Port of the first broker on 127.0.0.1. Default: 9092.")
    private int port = 9092;

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
        if (brokers < 0 || brokers > MAX_BROKERS) {
            throw new SetupException("--brokers must be between 0 and " + MAX_BROKERS + ", not " + brokers);
        }
        Installation installation = Installation.find();
        var progress = new Progress(spec.commandLine().getOut());
        if (detach) {
            return new DetachedSystem(installation).start(brokersAndPort(), data, progress);
        }
        if (brokers > 0) {
            ClusterStart.requireFreePorts(port, brokers);
        }
        progress.step("starting the Kubernetes API, the node and the operator");
        var builder = LocalFleet.builder().installation(installation);
        if (data != null) {
            builder.data(data);
        }
        LocalFleet fleet = builder.start();
        stopOnExit(fleet, progress);
        String cluster = "";
        if (brokers > 0) {
            try {
                var wanted = Quickstart.read(installation).cluster(brokers, port);
                if (durability != null) {
                    ((ObjectNode) wanted.path("spec").path("storage")).put("durability", durability.name());
                }
                cluster = Quickstart.nameOf(wanted);
                progress.step("applying EventCluster " + cluster + " with " + brokers + " broker"
                        + (brokers == 1 ? "" : "s"));
                new ClusterStart(fleet, progress).apply(wanted, READY_WITHIN);
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

    private List<String> brokersAndPort() {
        var arguments = new ArrayList<>(List.of("--brokers", String.valueOf(brokers), "--port", String.valueOf(port)));
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
        if (!cluster.isEmpty()) {
            progress.plain("  bootstrap    " + fleet.bootstrap("default", cluster));
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
            progress.plain("  kcat -b 127.0.0.1:" + port + " -L");
        }
        progress.plain("");
        progress.plain(readyFile == null ? "Ctrl-C stops everything." : "'./eventfleet down' stops everything.");
    }
}
