// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.kubernetes;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import java.util.function.Supplier;

/**
 * The connections of one process to the API server, one client per purpose: what waits for metadata must never hold up
 * the renewal of a Lease. The server is found the ordinary way (KUBECONFIG, else the pod's service account, whose token
 * is re-read), and no client repeats a request on its own.
 */
public final class KubernetesApi implements AutoCloseable {
    /** Limit of opening a connection, milliseconds. */
    private static final int CONNECT_TIMEOUT_MS = 3000;

    private final KubernetesClient leases;
    private final KubernetesClient objects;
    private final KubernetesClient watches;
    private final StoreMetrics metrics;

    private KubernetesApi(Supplier<KubernetesClient> clients, StoreMetrics metrics) {
        this.leases = clients.get();
        this.objects = clients.get();
        this.watches = clients.get();
        this.metrics = metrics;
    }

    /** Connects as the environment says. Nothing is sent yet. */
    public static KubernetesApi connect(StoreMetrics metrics) {
        return new KubernetesApi(() -> client(Config.autoConfigure(null)), metrics);
    }

    /** Connects to the server that a configuration names, in the manner of {@link #connect(StoreMetrics)}. */
    public static KubernetesApi connect(Config config, StoreMetrics metrics) {
        return new KubernetesApi(() -> client(config), metrics);
    }

    private static KubernetesClient client(Config config) {
        var withoutRetries = new ConfigBuilder(config)
                .withRequestRetryBackoffLimit(0)
                .withConnectionTimeout(CONNECT_TIMEOUT_MS)
                .build();
        return new KubernetesClientBuilder()
                .withConfig(withoutRetries)
                .withHttpClientFactory(new JdkHttpClientFactory())
                .build();
    }

    ApiClient leaseCalls() {
        return new ApiClient(leases, metrics);
    }

    ApiClient objectCalls() {
        return new ApiClient(objects, metrics);
    }

    KubernetesClient watchClient() {
        return watches;
    }

    @Override
    public void close() {
        watches.close();
        objects.close();
        leases.close();
    }
}
