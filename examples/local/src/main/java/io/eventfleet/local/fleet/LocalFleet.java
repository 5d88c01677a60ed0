// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.fleet;

import io.eventfleet.local.api.EmbeddedApi;
import io.eventfleet.local.api.server.RequestGate;
import io.eventfleet.local.kubelet.LocalNode;
import io.eventfleet.local.kubelet.NodeSettings;
import io.eventfleet.local.kubelet.StartHook;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running system on this machine: embedded API with the resource definitions, node, and (unless left out) the operator in
 * its own process. Thread-safe. {@link #close} stops the operator, then the brokers, then the API.
 */
public final class LocalFleet implements AutoCloseable {
    /** Field manager of everything that is applied through this class. */
    static final String FIELD_MANAGER = "eventfleet-local";

    private static final String CLUSTER_LABEL = "eventfleet.io/cluster";
    private static final Logger LOG = LoggerFactory.getLogger(LocalFleet.class);
    private static final long POLL_MS = 200;

    private final DataFolder data;
    private final Path kubeconfig;
    private final String podsApi;
    private final EmbeddedApi api;
    private final KubernetesClient client;
    private final LocalNode node;
    private final @Nullable OperatorProcess operator;
    private final Manifests manifests;

    private LocalFleet(Parts parts) {
        this.data = parts.data;
        this.kubeconfig = parts.kubeconfig;
        this.podsApi = parts.podsApi;
        this.api = parts.api;
        this.client = parts.client;
        this.node = parts.node;
        this.operator = parts.operator;
        this.manifests = new Manifests(client);
    }

    private record Parts(
            DataFolder data,
            Path kubeconfig,
            String podsApi,
            EmbeddedApi api,
            KubernetesClient client,
            LocalNode node,
            @Nullable OperatorProcess operator) {}

    public static Builder builder() {
        return new Builder();
    }

    /** True when a system has run in this folder before. */
    public static boolean isDataFolder(Path folder) {
        return DataFolder.isOne(folder);
    }

    /** What to start, and how. */
    public static final class Builder {
        private @Nullable Path data;
        private int apiPort;
        private boolean withOperator = true;
        private @Nullable Installation installation;
        private @Nullable List<String> brokerClassPath;
        private String brokerMain = Installation.BROKER_MAIN;
        private StartHook startHook = StartHook.NONE;
        private @Nullable RequestGate apiGate;

        private Builder() {}

        /** Keeps everything in this folder; without it a temporary folder is used and removed. */
        public Builder data(Path folder) {
            this.data = folder;
            return this;
        }

        /** Port of the API on 127.0.0.1; 0, the default, takes any free one. */
        public Builder apiPort(int port) {
            this.apiPort = port;
            return this;
        }

        /** Leaves the operator out. */
        public Builder withoutOperator() {
            this.withOperator = false;
            return this;
        }

        public Builder installation(Installation where) {
            this.installation = where;
            return this;
        }

        /** Runs something else in the pods than the broker that was built. */
        public Builder broker(List<String> classPath, String mainClass) {
            this.brokerClassPath = List.copyOf(classPath);
            this.brokerMain = mainClass;
            return this;
        }

        /** What happens to a pod before its process starts. */
        public Builder startHook(StartHook hook) {
            this.startHook = hook;
            return this;
        }

        /** Lets operator and pods reach the API through this gate alone; the node and {@link #client} do not pass it. */
        public Builder apiGate(RequestGate gate) {
            this.apiGate = gate;
            return this;
        }

        /**
         * Starts everything; returns when the API serves the resource definitions and the operator process runs.
         *
         * @throws SetupException when the machine is not ready for it
         */
        public LocalFleet start() {
            Installation where = installation == null ? Installation.find() : installation;
            List<String> classPath = brokerClassPath == null ? where.brokerClassPath() : brokerClassPath;
            DataFolder folder = data == null ? DataFolder.temporary() : DataFolder.open(data);
            try {
                return new LocalFleet(startParts(where, folder, classPath));
            } catch (IOException | RuntimeException e) {
                closeQuietly(folder);
                throw e instanceof SetupException setup ? setup : new SetupException("not started: " + e.getMessage());
            }
        }

        private Parts startParts(Installation where, DataFolder folder, List<String> classPath) throws IOException {
            Path root = folder.path();
            Path kubeconfig = root.resolve("kubeconfig");
            Path journal = data == null ? null : root.resolve("objects.journal");
            EmbeddedApi api;
            try {
                api = EmbeddedApi.start(apiPort, journal, LocalNode.logs(root));
            } catch (java.net.BindException _) {
                throw new SetupException("port " + apiPort + " on 127.0.0.1 is taken; choose another one for the API");
            }
            KubernetesClient client = connect(api.url());
            LocalNode node = null;
            try {
                api.writeKubeconfig(kubeconfig);
                String podsApi = apiGate == null ? api.url() : api.openDoor(apiGate);
                Path podsKubeconfig = apiGate == null ? kubeconfig : root.resolve("kubeconfig-gated");
                EmbeddedApi.writeKubeconfig(podsKubeconfig, podsApi);
                new Manifests(client).apply(where.definitions());
                var settings = new NodeSettings(
                        root, podsKubeconfig, classPath, brokerMain, List.of("-XX:+UseSerialGC"), startHook);
                node = LocalNode.start(client, settings);
                OperatorProcess operator = withOperator
                        ? OperatorProcess.start(new OperatorProcess.Settings(
                                where.operatorJar(), root, podsKubeconfig, root.resolve("logs/operator.log")))
                        : null;
                return new Parts(folder, kubeconfig, podsApi, api, client, node, operator);
            } catch (IOException | RuntimeException e) {
                if (node != null) {
                    node.close();
                }
                client.close();
                api.close();
                throw e;
            }
        }
    }

    private static KubernetesClient connect(String url) {
        Config config = new ConfigBuilder(Config.empty())
                .withMasterUrl(url)
                .withNamespace("default")
                .withHttp2Disable(true)
                .withRequestRetryBackoffLimit(3)
                .build();
        return new KubernetesClientBuilder().withConfig(config).build();
    }

    /** A client of the embedded API; closed with the fleet. */
    public KubernetesClient client() {
        return client;
    }

    public Path kubeconfig() {
        return kubeconfig;
    }

    public String apiUrl() {
        return api.url();
    }

    /** Where pods and the operator find the API. */
    public String podsApiUrl() {
        return podsApi;
    }

    /** The folder with volumes, logs and configuration. */
    public Path dataFolder() {
        return data.path();
    }

    /** The folder that stands for the volume of a claim. */
    public Path volume(String namespace, String claim) {
        return dataFolder().resolve("volumes").resolve(namespace).resolve(claim);
    }

    /** Applies a YAML file, or all of a folder in order of name, server-side. */
    public List<GenericKubernetesResource> apply(Path fileOrFolder) throws IOException {
        return manifests.apply(fileOrFolder);
    }

    /** Applies YAML text, server-side. */
    public List<GenericKubernetesResource> applyYaml(String yaml) {
        return manifests.applyText(yaml);
    }

    /** One object, for example {@code get("eventfleet.io/v1alpha1", "Topic", "default", "payments")}; null when there is none. */
    public @Nullable GenericKubernetesResource get(String apiVersion, String kind, String namespace, String name) {
        return client.genericKubernetesResources(apiVersion, kind)
                .inNamespace(namespace)
                .withName(name)
                .get();
    }

    /**
     * Waits until an object's condition is True for its present generation.
     *
     * @throws TimeoutException with the last status
     */
    public void awaitCondition(GenericKubernetesResource object, String condition, Duration atMost)
            throws TimeoutException, InterruptedException {
        var metadata = object.getMetadata();
        long deadlineNs = System.nanoTime() + atMost.toNanos();
        GenericKubernetesResource last = object;
        while (System.nanoTime() < deadlineNs) {
            last = get(object.getApiVersion(), object.getKind(), metadata.getNamespace(), metadata.getName());
            if (last != null && Conditions.isTrue(last, condition)) {
                return;
            }
            TimeUnit.MILLISECONDS.sleep(POLL_MS);
        }
        throw new TimeoutException(object.getKind() + " " + metadata.getName() + " did not become " + condition
                + " within " + atMost.toSeconds() + " s; "
                + (last == null ? "it does not exist" : Conditions.summary(last)));
    }

    /** Waits until a pod is ready. */
    public void awaitPodReady(String namespace, String pod, Duration atMost) {
        client.pods().inNamespace(namespace).withName(pod).waitUntilReady(atMost.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** How many pods of a cluster run and are ready. */
    public long readyPods(String namespace, String cluster) {
        return client.pods().inNamespace(namespace).withLabel(CLUSTER_LABEL, cluster).list().getItems().stream()
                .filter(pod -> node.pid(namespace, pod.getMetadata().getName()) > 0)
                .filter(LocalNode::isReady)
                .count();
    }

    /** Where clients of a cluster connect: the first listener of each of its brokers on 127.0.0.1. */
    public String bootstrap(String namespace, String cluster) {
        return client.pods().inNamespace(namespace).withLabel(CLUSTER_LABEL, cluster).list().getItems().stream()
                .map(pod -> pod.getMetadata().getName())
                .flatMap(pod -> node.clientPorts(namespace, pod).stream().limit(1))
                .sorted()
                .map(port -> "127.0.0.1:" + port)
                .collect(Collectors.joining(","));
    }

    /** The port on 127.0.0.1 behind a container port of a pod. */
    public int localPort(String namespace, String pod, int containerPort) {
        return node.localPort(namespace, pod, containerPort);
    }

    /** {@code kill -9} of a pod's process; false when none runs. The node starts it again. */
    public boolean kill(String namespace, String pod) {
        return node.kill(namespace, pod);
    }

    /** Process id of a pod, -1 when it does not run. */
    public long pid(String namespace, String pod) {
        return node.pid(namespace, pod);
    }

    /** The broker whose Lease says that it is the controller of a cluster, -1 when nobody holds it. */
    public int controller(String namespace, String cluster) {
        Lease lease = client.leases()
                .inNamespace(namespace)
                .withName(cluster + "-controller")
                .get();
        String holder = lease == null || lease.getSpec() == null
                ? null
                : lease.getSpec().getHolderIdentity();
        return holder == null || holder.isEmpty() ? -1 : Integer.parseInt(holder.substring(0, holder.indexOf('/')));
    }

    /** {@code kill -9} of the operator; it is started again. */
    public void killOperator() {
        if (operator != null) {
            operator.kill();
        }
    }

    /** The last lines of a pod's output. */
    public List<String> logTail(String namespace, String pod, int lines) {
        return node.logTail(namespace, pod, lines);
    }

    /** The operator's log. */
    public Path operatorLog() {
        return dataFolder().resolve("logs/operator.log");
    }

    /** A list as {@code kubectl get} prints it, for example {@code table("eventfleet.io/v1alpha1", "topics", "default")}. */
    public String table(String apiVersion, String plural, String namespace) {
        return TablePrinter.print(api.resources(), apiVersion, plural, namespace);
    }

    @Override
    public void close() {
        if (operator != null) {
            operator.close();
        }
        node.close();
        client.close();
        api.close();
        closeQuietly(data);
    }

    private static void closeQuietly(DataFolder folder) {
        try {
            folder.close();
        } catch (IOException e) {
            LOG.atWarn().setCause(e).log("data folder not closed");
        }
    }
}
