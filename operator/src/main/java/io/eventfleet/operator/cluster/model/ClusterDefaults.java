// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.operator.cluster.model;

import io.eventfleet.api.contract.Names;
import io.eventfleet.api.v1alpha1.EventClusterSpec;
import io.eventfleet.api.v1alpha1.EventClusterSpec.Listener;
import io.eventfleet.api.v1alpha1.EventClusterSpec.ListenerType;
import io.eventfleet.api.v1alpha1.EventClusterSpec.Resources;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What absent fields of an EventCluster mean. */
public final class ClusterDefaults {
    private static final int CLIENT_PORT = 9092;

    private ClusterDefaults() {}

    /** Brokers that are declared. */
    public static int replicas(EventClusterSpec spec) {
        return spec.replicas() == null ? 1 : spec.replicas();
    }

    /** Listeners that are declared, or the one that is always there. */
    public static List<Listener> listeners(EventClusterSpec spec) {
        return spec.listeners().isEmpty()
                ? List.of(new Listener("plain", CLIENT_PORT, ListenerType.INTERNAL))
                : spec.listeners();
    }

    /** Resources of the broker container. */
    public static Resources resources(EventClusterSpec spec) {
        return spec.resources() == null ? new Resources(Map.of(), Map.of()) : spec.resources();
    }

    /** The memory limit in bytes; null when there is none. */
    public static @Nullable Long memoryLimit(Resources resources) {
        var limit = resources.limits().get("memory");
        return limit == null ? null : limit.getNumericalAmount().longValue();
    }

    /** Memory of each broker. */
    public static BrokerMemory memory(Resources resources) {
        var limit = memoryLimit(resources);
        return BrokerMemory.ofLimit(limit == null ? BrokerMemory.DEFAULT_LIMIT_BYTES : limit);
    }

    /** Partitions of a topic that does not say. */
    public static int topicPartitions(EventClusterSpec spec) {
        var defaults = spec.topicDefaults();
        if (defaults != null && defaults.partitions() != null) {
            return defaults.partitions();
        }
        return number(spec, "num.partitions", 1);
    }

    /** Replicas of a partition of a topic that does not say. */
    public static int topicReplicas(EventClusterSpec spec) {
        var defaults = spec.topicDefaults();
        if (defaults != null && defaults.replicationFactor() != null) {
            return defaults.replicationFactor();
        }
        return number(spec, "default.replication.factor", 1);
    }

    /** Replicas of the groups' offsets where there are as many brokers. */
    public static int offsetsReplicas(EventClusterSpec spec) {
        return number(spec, "offsets.topic.replication.factor", 3);
    }

    /** A cluster whose setting is no number is refused elsewhere. */
    private static int number(EventClusterSpec spec, String setting, int standard) {
        try {
            var explicit = spec.config().get(setting);
            return explicit == null ? standard : Integer.parseInt(explicit);
        } catch (NumberFormatException e) {
            return standard;
        }
    }

    /** Where clients connect first: host:port. */
    public static String bootstrap(String namespace, String cluster, int port) {
        return Names.bootstrapService(cluster) + "." + namespace + ".svc:" + port;
    }

    /** A quantity is a number of at least one. */
    public static boolean isPositive(Quantity quantity) {
        try {
            return quantity.getNumericalAmount().signum() > 0;
        } catch (IllegalArgumentException | ArithmeticException e) {
            return false;
        }
    }
}
