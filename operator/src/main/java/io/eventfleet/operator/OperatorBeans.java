// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.operator;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfiguration;
import io.javaoperatorsdk.operator.api.monitoring.Metrics;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.util.UUID;

/** The parts of the operator that are not found by their annotations. */
@Dependent
class OperatorBeans {
    private static final Duration LEASE_DURATION = Duration.ofSeconds(15);
    private static final Duration RENEW_DEADLINE = Duration.ofSeconds(10);
    private static final Duration RETRY_PERIOD = Duration.ofSeconds(2);

    @Produces
    @Singleton
    Clock clock() {
        return Clock.systemUTC();
    }

    /** One operator acts at a time; one that loses the Lease stops its process, so that none can go on by accident. */
    @Produces
    @Singleton
    LeaderElectionConfiguration leaderElection(OperatorSettings settings, KubernetesClient client) {
        // The framework's builder leaves a process alive that has lost its Lease; the constructor does not.
        return new LeaderElectionConfiguration(
                settings.operator().leaseName(),
                settings.operator().namespace().orElseGet(() -> namespaceOf(client)),
                LEASE_DURATION,
                RENEW_DEADLINE,
                RETRY_PERIOD,
                settings.operator().identity().orElseGet(OperatorBeans::processName),
                new LeaderCallbacks(() -> {}, () -> {}, leader -> {}),
                true);
    }

    /** The framework's own bean measures nothing. */
    @Produces
    @Singleton
    Metrics metrics(MeterRegistry registry, Clock clock) {
        return new ReconcileMetrics(registry, clock);
    }

    private static String namespaceOf(KubernetesClient client) {
        var namespace = client.getConfiguration().getNamespace();
        return namespace == null ? "default" : namespace;
    }

    /** A restarted process is another one: it must not take the Lease of its predecessor for its own. */
    private static String processName() {
        try {
            return InetAddress.getLocalHost().getHostName() + "_" + UUID.randomUUID();
        } catch (UnknownHostException e) {
            return "operator_" + UUID.randomUUID();
        }
    }
}
