// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.operator.broker;

import io.eventfleet.operator.OperatorSettings;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaFuture;

/** Kafka's admin clients, one per cluster, made when they are first needed. Thread-safe. */
@Singleton
class AdminConnections {
    private final Map<String, Admin> admins = new ConcurrentHashMap<>();
    private final Duration timeout;

    AdminConnections(OperatorSettings settings) {
        this.timeout = settings.group().timeout();
    }

    /** The client of the cluster that is reached first there; making one does not connect it. */
    Admin to(String bootstrap) {
        return admins.computeIfAbsent(bootstrap, this::connect);
    }

    /** Closes the client of a cluster that is gone. */
    void forget(String bootstrap) {
        var admin = admins.remove(bootstrap);
        if (admin != null) {
            admin.close(Duration.ZERO);
        }
    }

    @PreDestroy
    void close() {
        admins.keySet().forEach(this::forget);
    }

    /** Waits for an answer until a time of the monotonic clock. */
    static <T> T await(KafkaFuture<T> future, long deadlineNanos)
            throws ExecutionException, InterruptedException, TimeoutException {
        return future.get(Math.max(1, deadlineNanos - System.nanoTime()), TimeUnit.NANOSECONDS);
    }

    private Admin connect(String bootstrap) {
        return Admin.create(Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrap,
                AdminClientConfig.CLIENT_ID_CONFIG,
                "eventfleet-operator",
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
                Math.toIntExact(timeout.toMillis()),
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                Math.toIntExact(timeout.toMillis()),
                AdminClientConfig.ENABLE_METRICS_PUSH_CONFIG,
                false,
                AdminClientConfig.METRIC_REPORTER_CLASSES_CONFIG,
                List.of()));
    }
}
