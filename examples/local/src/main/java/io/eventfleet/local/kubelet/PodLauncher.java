// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.kubelet;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/** From a Pod object to a command: volumes, ports, environment, JVM arguments. */
final class PodLauncher {
    /** The variable that names the broker's configuration file. */
    private static final String CONFIG_VARIABLE = "EVENTFLEET_CONFIG";

    /** Everything that starting needs. */
    record Launch(Map<String, String> environment, PublishedPorts ports, List<String> jvmOptions) {}

    private final NodeSettings settings;
    private final PodFiles files;
    private final ContainerEnvironment environments;
    private final Ports ports;

    PodLauncher(KubernetesClient client, NodeSettings settings, Ports ports) {
        this.settings = settings;
        this.files = new PodFiles(client, settings);
        this.environments = new ContainerEnvironment(files);
        this.ports = ports;
    }

    Launch prepare(Pod pod, Container container) throws IOException, PodFiles.NotAvailable, InterruptedException {
        Map<String, Path> folders = files.prepare(pod);
        var environment = new LinkedHashMap<>(environments.of(pod, container, folders));
        PublishedPorts published = publish(pod, environment);
        for (int port : published.clientPorts()) {
            if (!Ports.isFree(port)) {
                throw new PodFiles.NotAvailable("port " + port + " on " + NodeSettings.POD_ADDRESS
                        + " is taken by another process; free it, or give the listener another port");
            }
        }
        environment.putAll(published.environment());
        environment.put("KUBECONFIG", settings.kubeconfig().toAbsolutePath().toString());
        var metadata = pod.getMetadata();
        var jvmOptions = settings.startHook().beforeStart(metadata.getNamespace(), metadata.getName(), environment);
        return new Launch(environment, published, jvmOptions);
    }

    private PublishedPorts publish(Pod pod, Map<String, String> environment) throws IOException, PodFiles.NotAvailable {
        String file = environment.get(CONFIG_VARIABLE);
        if (file == null) {
            return PublishedPorts.NONE;
        }
        if (!Files.exists(Path.of(file))) {
            throw new PodFiles.NotAvailable("configuration file " + file + " does not exist");
        }
        var configuration = new Properties();
        try (var in = Files.newBufferedReader(Path.of(file))) {
            configuration.load(in);
        }
        String name = pod.getMetadata().getName();
        int ordinal = PodNames.ordinal(name);
        String owner = pod.getMetadata().getNamespace() + "/" + PodNames.setOf(name);
        return PublishedPorts.of(configuration, ports, owner, ordinal);
    }

    ContainerProcess start(Pod pod, Launch launch) throws IOException {
        var arguments = new ArrayList<String>(settings.jvmOptions());
        String heap = launch.environment().get("EVENTFLEET_HEAP");
        if (heap != null && !heap.isBlank()) {
            arguments.addAll(heap.startsWith("-") ? List.of(heap.split("\\s+")) : List.of("-Xmx" + heap));
        }
        arguments.add("-Djdk.net.hosts.file=" + settings.hostsFile().toAbsolutePath());
        arguments.addAll(launch.jvmOptions());
        arguments.add("-cp");
        arguments.add(String.join(File.pathSeparator, settings.classPath()));
        arguments.add(settings.mainClass());
        var metadata = pod.getMetadata();
        return ContainerProcess.start(
                arguments,
                launch.environment(),
                settings.podFolder(metadata.getUid()),
                new LogFile(settings.logFile(metadata.getNamespace(), metadata.getName())));
    }

    /** Removes what only this pod had. */
    void discard(Pod pod) throws IOException {
        files.discard(pod.getMetadata().getUid());
    }
}
