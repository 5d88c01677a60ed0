// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.operator.cluster.model;

import io.eventfleet.api.contract.Names;
import io.eventfleet.api.contract.Ports;
import io.eventfleet.api.v1alpha1.EventClusterSpec;
import io.eventfleet.api.v1alpha1.EventClusterSpec.Durability;
import io.eventfleet.config.BrokerConfig;
import io.eventfleet.config.BrokerSettings;
import io.eventfleet.config.ConfigProblem;
import io.eventfleet.config.InvalidConfigException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The configuration of a cluster's brokers, written with the class that reads it. */
public final class BrokerConfigs {
    private static final String ANY_ADDRESS = "0.0.0.0:";

    /** Stands in for a pod's environment when the configuration is checked; the values themselves do not matter. */
    private static final Map<String, String> SAMPLE_ENVIRONMENT =
            Map.of("POD_NAME", "pod-0", "POD_NAMESPACE", "namespace");

    private BrokerConfigs() {}

    /**
     * The configuration that a spec asks for.
     *
     * @throws InvalidConfigException when {@link #problems} finds any
     */
    static BrokerConfig of(String cluster, EventClusterSpec spec) {
        var properties = new Properties();
        properties.putAll(written(cluster, spec));
        return BrokerConfig.parse(properties, SAMPLE_ENVIRONMENT);
    }

    /** What is wrong with the configuration that a spec asks for. */
    public static List<ConfigProblem> problems(String cluster, EventClusterSpec spec) {
        var problems = new ArrayList<>(BrokerSettings.validateUserSettings(spec.config()));
        topicDefaults(spec).keySet().stream()
                .filter(spec.config()::containsKey)
                .forEach(key -> problems.add(new ConfigProblem(key, "is given by topicDefaults already")));
        if (problems.isEmpty()) {
            try {
                of(cluster, spec);
            } catch (InvalidConfigException e) {
                problems.addAll(e.problems());
            }
        }
        return problems;
    }

    private static Map<String, String> written(String cluster, EventClusterSpec spec) {
        var host = "${POD_NAME}." + Names.brokersService(cluster) + ".${POD_NAMESPACE}.svc:";
        var listeners = ClusterDefaults.listeners(spec);
        var memory = ClusterDefaults.memory(ClusterDefaults.resources(spec));
        var values = new TreeMap<>(spec.config());
        values.putAll(topicDefaults(spec));
        values.put(
                "listeners",
                listeners.stream()
                        .map(listener -> listener.name() + "://" + ANY_ADDRESS + listener.port())
                        .collect(Collectors.joining(",")));
        values.put(
                "advertised.listeners",
                listeners.stream()
                        .map(listener -> listener.name() + "://" + host + listener.port())
                        .collect(Collectors.joining(",")));
        values.put("eventfleet.internal.listener", ANY_ADDRESS + Ports.INTERNAL);
        values.put("eventfleet.internal.advertised", host + Ports.INTERNAL);
        values.put("eventfleet.health.listener", ANY_ADDRESS + Ports.HEALTH);
        values.put(
                "eventfleet.storage.durability",
                spec.storage().durability() == Durability.BUFFERED ? "Buffered" : "Synced");
        values.put("eventfleet.storage.memory.bytes", Long.toString(memory.storageBytes()));
        values.put("eventfleet.tail.cache.bytes", Long.toString(memory.tailCacheBytes()));
        return values;
    }

    private static Map<String, String> topicDefaults(EventClusterSpec spec) {
        var values = new TreeMap<String, String>();
        var defaults = spec.topicDefaults();
        if (defaults != null) {
            putNumber(values, "num.partitions", defaults.partitions());
            putNumber(values, "default.replication.factor", defaults.replicationFactor());
            putNumber(values, "min.insync.replicas", defaults.minInsyncReplicas());
        }
        return values;
    }

    private static void putNumber(Map<String, String> values, String key, @Nullable Integer number) {
        if (number != null) {
            values.put(key, number.toString());
        }
    }
}
