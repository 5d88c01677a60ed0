// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.operator;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfiguration;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Lease by which one operator acts at a time. A process that loses it stops at once, without the courtesies of a shutdown, in which its
 * reconcilers would go on beside those of its successor. A process that is stopped gives it back when its reconcilers have ended.
 *
 * <p>The framework's own exit is not used: it also runs during a shutdown, and waits there for that shutdown to end.
 */
@Singleton
class Leadership {
    private static final Logger LOG = LoggerFactory.getLogger(Leadership.class);
    private static final int EXIT_LEASE_LOST = 3;
    private static final Duration LEASE_DURATION = Duration.ofSeconds(15);
    private static final Duration RENEW_DEADLINE = Duration.ofSeconds(10);
    private static final Duration RETRY_PERIOD = Duration.ofSeconds(2);

    /** Before the framework stops its reconcilers. */
    private static final int FIRST = 1;

    /** After the framework has stopped its reconcilers. */
    private static final int LAST = Integer.MAX_VALUE;

    private final KubernetesClient client;
    private final String namespace;
    private final String leaseName;
    private final String identity;
    private volatile boolean shuttingDown;

    Leadership(KubernetesClient client, OperatorSettings settings) {
        this.client = client;
        this.namespace = settings.operator().namespace().orElseGet(() -> namespaceOf(client));
        this.leaseName = settings.operator().leaseName();
        this.identity = settings.operator().identity().orElseGet(Leadership::processName);
    }

    @Produces
    @Singleton
    LeaderElectionConfiguration configuration() {
        var callbacks = new LeaderCallbacks(
                () -> LOG.atInfo().addKeyValue("identity", identity).log("lease acquired"),
                this::stopped,
                holder -> LOG.atInfo().addKeyValue("holder", holder).log("lease holder seen"));
        return new LeaderElectionConfiguration(
                leaseName, namespace, LEASE_DURATION, RENEW_DEADLINE, RETRY_PERIOD, identity, callbacks, false);
    }

    void onShutdown(@Observes @Priority(FIRST) ShutdownEvent event) {
        shuttingDown = true;
    }

    /** So that a successor need not wait until the Lease runs out; when it fails, it does run out. */
    void onStopped(@Observes @Priority(LAST) ShutdownEvent event) {
        try {
            var lease =
                    client.leases().inNamespace(namespace).withName(leaseName).get();
            if (lease != null && identity.equals(lease.getSpec().getHolderIdentity())) {
                client.resource(released(lease)).update();
                LOG.atInfo().log("lease released");
            }
        } catch (KubernetesClientException e) {
            LOG.atWarn().setCause(e).log("lease not released");
        }
    }

    private static Lease released(Lease lease) {
        lease.getSpec().setHolderIdentity("");
        lease.getSpec().setLeaseDurationSeconds(1);
        return lease;
    }

    private void stopped() {
        if (!shuttingDown) {
            LOG.atError().addKeyValue("exitCode", EXIT_LEASE_LOST).log("lease lost");
            Runtime.getRuntime().halt(EXIT_LEASE_LOST);
        }
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
