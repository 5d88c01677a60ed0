// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.kubelet;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes Services reachable by name and port: a forwarder per port, and a hosts file that JVMs are pointed to. */
final class ServiceProxy implements Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(ServiceProxy.class);

    /** A port of a Service on its own loopback address. */
    private record Frontend(String address, int port) {}

    private final Path hostsFile;
    private final Function<Pod, PublishedPorts> published;
    private final Map<Frontend, Forwarder> forwarders = new HashMap<>();
    private final Map<Frontend, List<Integer>> endpoints = new java.util.concurrent.ConcurrentHashMap<>();
    private String hosts = "";

    /** @param published where the container ports of a pod really are */
    ServiceProxy(Path hostsFile, Function<Pod, PublishedPorts> published) throws IOException {
        this.hostsFile = hostsFile;
        this.published = published;
        reconcile(List.of(), List.of());
    }

    void reconcile(List<Service> services, List<Pod> pods) throws IOException {
        var wanted = new HashSet<Frontend>();
        var names = new TreeSet<String>();
        for (Service service : services) {
            List<Pod> selected =
                    pods.stream().filter(pod -> selects(service, pod)).toList();
            String address = service.getSpec().getClusterIP();
            if (address != null && address.startsWith("127.")) {
                names.add(address + " " + aliases(service, ""));
                for (ServicePort port : service.getSpec().getPorts()) {
                    var frontend = new Frontend(address, port.getPort());
                    wanted.add(frontend);
                    endpoints.put(frontend, targets(service, port, selected));
                    open(service, frontend);
                }
            } else {
                selected.forEach(pod -> names.add(NodeSettings.POD_ADDRESS + " "
                        + aliases(service, pod.getMetadata().getName() + ".")));
            }
        }
        for (Frontend frontend : List.copyOf(forwarders.keySet())) {
            if (!wanted.contains(frontend)) {
                forwarders.remove(frontend).close();
                endpoints.remove(frontend);
            }
        }
        writeHosts(names);
    }

    private static boolean selects(Service service, Pod pod) {
        var selector = service.getSpec().getSelector();
        var labels = pod.getMetadata().getLabels();
        return selector != null
                && !selector.isEmpty()
                && labels != null
                && pod.getMetadata().getNamespace().equals(service.getMetadata().getNamespace())
                && labels.entrySet().containsAll(selector.entrySet());
    }

    private static String aliases(Service service, String prefix) {
        var metadata = service.getMetadata();
        String name = prefix + metadata.getName() + "." + metadata.getNamespace();
        String all = name + ".svc " + name + ".svc.cluster.local " + name;
        return metadata.getNamespace().equals("default") && prefix.isEmpty() ? all + " " + metadata.getName() : all;
    }

    private List<Integer> targets(Service service, ServicePort port, List<Pod> pods) {
        boolean alsoNotReady = Boolean.TRUE.equals(service.getSpec().getPublishNotReadyAddresses());
        var targets = new ArrayList<Integer>();
        for (Pod pod : pods) {
            if (alsoNotReady || PodStatuses.isReady(pod) && !StatefulSetPlan.isTerminating(pod)) {
                var container = pod.getSpec().getContainers().getFirst();
                int containerPort =
                        port.getTargetPort() == null ? port.getPort() : Prober.port(port.getTargetPort(), container);
                targets.add(published.apply(pod).local(containerPort));
            }
        }
        return List.copyOf(targets);
    }

    private void open(Service service, Frontend frontend) {
        if (!forwarders.containsKey(frontend)) {
            try {
                forwarders.put(
                        frontend,
                        new Forwarder(
                                frontend.address(),
                                frontend.port(),
                                () -> endpoints.getOrDefault(frontend, List.of())));
            } catch (IOException e) {
                LOG.atWarn()
                        .addKeyValue("service", service.getMetadata().getName())
                        .addKeyValue("address", frontend.address() + ":" + frontend.port())
                        .setCause(e)
                        .log("service address not available");
            }
        }
    }

    /** A JVM with its own hosts file asks nobody else, so the machine's own names belong here too. */
    private void writeHosts(TreeSet<String> names) throws IOException {
        names.add(NodeSettings.POD_ADDRESS + " localhost " + ownName());
        String text = String.join("\n", names) + "\n";
        if (!text.equals(hosts)) {
            Path fresh = hostsFile.resolveSibling(hostsFile.getFileName() + ".new");
            Files.createDirectories(hostsFile.toAbsolutePath().getParent());
            Files.writeString(fresh, text);
            Files.move(fresh, hostsFile, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            hosts = text;
        }
    }

    private static String ownName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException _) {
            return "localhost.localdomain";
        }
    }

    @Override
    public void close() throws IOException {
        for (Forwarder forwarder : forwarders.values()) {
            forwarder.close();
        }
    }
}
