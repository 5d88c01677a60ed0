// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server;

import io.eventfleet.kubernetes.StoreMetrics;
import io.eventfleet.server.metrics.MetricRegistry;
import java.util.concurrent.TimeUnit;

/** What is shown of the calls to the Kubernetes API. */
final class KubernetesMetrics implements StoreMetrics {
    private final MetricRegistry metrics;

    KubernetesMetrics(MetricRegistry metrics) {
        this.metrics = metrics;
    }

    @Override
    public void called(String method, String resource, String outcome, long nanos, long bytesWritten) {
        metrics.counter(
                        "eventfleet_kubernetes_requests_total",
                        "Calls to the Kubernetes API.",
                        "method",
                        method,
                        "resource",
                        resource,
                        "outcome",
                        outcome)
                .add(1);
        metrics.counter(
                        "eventfleet_kubernetes_request_milliseconds_total",
                        "Time spent in calls to the Kubernetes API.",
                        "method",
                        method,
                        "resource",
                        resource)
                .add(TimeUnit.NANOSECONDS.toMillis(nanos));
        metrics.counter(
                        "eventfleet_kubernetes_written_bytes_total",
                        "Bytes of objects sent to the Kubernetes API, which its store keeps until it is compacted.",
                        "resource",
                        resource)
                .add(bytesWritten);
    }
}
