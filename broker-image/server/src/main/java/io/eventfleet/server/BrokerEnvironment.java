// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server;

import io.eventfleet.config.BrokerConfig;
import io.eventfleet.config.InvalidConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Pattern;

/**
 * What the pod tells a broker process.
 *
 * @param cluster name of the EventCluster
 * @param namespace of the EventCluster
 * @param brokerId the pod's ordinal
 * @param podUid uid of the pod
 * @param data folder of the volume
 * @param config configuration
 */
record BrokerEnvironment(
        String cluster, String namespace, int brokerId, String podUid, Path data, BrokerConfig config) {
    private static final Pattern ORDINAL = Pattern.compile(".*-(\\d{1,9})");

    /**
     * Reads the environment and the configuration file that it names.
     *
     * @throws StartException with code CONFIG and one line about everything that is wrong
     */
    static BrokerEnvironment read(Map<String, String> environment) {
        var pod = required(environment, "POD_NAME");
        var ordinal = ORDINAL.matcher(pod);
        if (!ordinal.matches()) {
            throw new StartException(ExitCode.CONFIG, "POD_NAME must end with an ordinal, not '" + pod + "'");
        }
        return new BrokerEnvironment(
                required(environment, "EVENTFLEET_CLUSTER"),
                required(environment, "POD_NAMESPACE"),
                Integer.parseInt(ordinal.group(1)),
                required(environment, "POD_UID"),
                Path.of(required(environment, "EVENTFLEET_DATA")),
                config(Path.of(required(environment, "EVENTFLEET_CONFIG")), environment));
    }

    private static BrokerConfig config(Path file, Map<String, String> environment) {
        var properties = new Properties();
        try (var reader = Files.newBufferedReader(file)) {
            properties.load(reader);
        } catch (IOException | IllegalArgumentException e) {
            throw new StartException(ExitCode.CONFIG, "configuration " + file + " cannot be read: " + e.getMessage());
        }
        try {
            return BrokerConfig.parse(properties, environment);
        } catch (InvalidConfigException e) {
            throw new StartException(ExitCode.CONFIG, "configuration " + file + " is invalid: " + e.getMessage());
        }
    }

    private static String required(Map<String, String> environment, String name) {
        var value = environment.get(name);
        if (value == null || value.isBlank()) {
            throw new StartException(ExitCode.CONFIG, "environment variable " + name + " is missing");
        }
        return value;
    }
}
