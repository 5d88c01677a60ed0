// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.config;

import io.eventfleet.config.BrokerSetting.SetBy;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Every broker-level configuration key, and the check of what a user writes into a cluster's configuration. Pure. */
public final class BrokerSettings {
    private static final Map<String, BrokerSetting> DEFINITIONS = index();

    /** Prefixes of Kafka settings whose subject does not exist here, with what to say about them. */
    private static final Map<String, String> ABSENT_SUBJECTS = Map.of(
            "zookeeper.", "there is no ZooKeeper",
            "process.roles", "there is no controller quorum",
            "controller.", "there is no controller quorum",
            "node.id", "the broker id is the ordinal of the pod",
            "broker.id", "the broker id is the ordinal of the pod",
            "log.dir", "the data folder is the pod's volume",
            "log.segment.bytes", "there are no segment files",
            "log.roll.", "there are no segment files",
            "log.flush.", "use the cluster's storage durability",
            "inter.broker.", "brokers talk to each other on a listener of their own");

    private BrokerSettings() {}

    /** The definitions by key, in documentation order. */
    public static Map<String, BrokerSetting> definitions() {
        return DEFINITIONS;
    }

    /**
     * Checks settings that a user gives for a cluster.
     *
     * @param config explicit settings by broker-level key
     * @return what is wrong, sorted by key; empty when everything is accepted
     */
    public static List<ConfigProblem> validateUserSettings(Map<String, String> config) {
        var problems = new ArrayList<ConfigProblem>();
        new TreeMap<>(config).forEach((key, value) -> {
            var definition = DEFINITIONS.get(key);
            if (definition != null && definition.setBy() == SetBy.OPERATOR) {
                problems.add(
                        new ConfigProblem(key, "is derived from other fields of the cluster and cannot be set here"));
                return;
            }
            var reason = violation(key, value);
            if (reason != null) {
                problems.add(new ConfigProblem(key, reason));
            }
        });
        return problems;
    }

    /** Why the value of a key is refused, or null when it is accepted. */
    static @Nullable String violation(String key, String value) {
        var definition = DEFINITIONS.get(key);
        return definition == null ? unknown(key) : definition.setting().violation(value);
    }

    private static String unknown(String key) {
        return ABSENT_SUBJECTS.entrySet().stream()
                .filter(entry -> key.startsWith(entry.getKey()))
                .map(entry -> "not supported: " + entry.getValue())
                .findFirst()
                .orElse("unknown or unsupported broker setting");
    }

    private static Map<String, BrokerSetting> index() {
        var byKey = new LinkedHashMap<String, BrokerSetting>();
        BrokerSettingCatalogue.all().forEach(definition -> byKey.put(definition.key(), definition));
        return Collections.unmodifiableMap(byKey);
    }
}
