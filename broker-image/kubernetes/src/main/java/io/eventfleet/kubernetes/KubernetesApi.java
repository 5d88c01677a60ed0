// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.kubernetes;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connections of one process to the API server, one HTTP client per purpose: what waits for metadata must never
 * hold up the renewal of a Lease. The server is found the ordinary way (KUBECONFIG, else the pod's service account, whose
 * token is re-read), and no client repeats a request on its own.
 *
 * <p>Of the client library only configuration, authentication and HTTP are used: its object models take seconds to load
 * on a small machine.
 */
public final class KubernetesApi implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(KubernetesApi.class);

    /** Limit of opening a connection, milliseconds. */
    private static final int CONNECT_TIMEOUT_MS = 3000;

    private final HttpClient leases;
    private final HttpClient objects;
    private final HttpClient watches;
    private final String url;
    private final StoreMetrics metrics;

    private KubernetesApi(Config config, StoreMetrics metrics) {
        config.setRequestRetryBackoffLimit(0);
        config.setConnectionTimeout(CONNECT_TIMEOUT_MS);
        this.url = config.getMasterUrl();
        this.leases = new JdkHttpClientFactory().newBuilder(config).build();
        this.objects = new JdkHttpClientFactory().newBuilder(config).build();
        this.watches = new JdkHttpClientFactory().newBuilder(config).build();
        this.metrics = metrics;
    }

    /** Connects as the environment says. Nothing is sent yet. */
    public static KubernetesApi connect(StoreMetrics metrics) {
        return connect(Config.autoConfigure(null), metrics);
    }

    /** Connects to the server that a configuration names; the configuration is changed to have no retries. */
    public static KubernetesApi connect(Config config, StoreMetrics metrics) {
        LOG.atInfo().addKeyValue("url", config.getMasterUrl()).log("kubernetes api");
        return new KubernetesApi(config, metrics);
    }

    ApiClient leaseCalls() {
        return new ApiClient(leases, url, metrics);
    }

    ApiClient objectCalls() {
        return new ApiClient(objects, url, metrics);
    }

    ApiClient watchCalls() {
        return new ApiClient(watches, url, metrics);
    }

    @Override
    public void close() {
        watches.close();
        objects.close();
        leases.close();
    }
}
