// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.kubelet;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/**
 * Where the listeners of one pod really are: by container port, and as the environment that tells the process so.
 *
 * @param byContainerPort container port → port on 127.0.0.1
 * @param clientPorts the ports that clients connect to, which must not be taken by anybody else
 */
record PublishedPorts(
        Map<Integer, Integer> byContainerPort, List<Integer> clientPorts, Map<String, String> environment) {
    static final PublishedPorts NONE = new PublishedPorts(Map.of(), List.of(), Map.of());

    /**
     * Gives each listener of the broker's configuration a port of its own.
     *
     * @param owner the StatefulSet as namespace/name
     */
    static PublishedPorts of(Properties configuration, Ports ports, String owner, int ordinal) {
        var byContainerPort = new HashMap<Integer, Integer>();
        var clientPorts = new ArrayList<Integer>();
        var environment = new HashMap<String, String>();
        var bound = new ArrayList<String>();
        for (String listener : configuration.getProperty("listeners", "").split(",")) {
            int scheme = listener.indexOf("://");
            if (scheme > 0) {
                String name = listener.substring(0, scheme).strip();
                int wanted = portOf(listener);
                int port = ports.published(owner, name, wanted, ordinal);
                byContainerPort.put(wanted, port);
                clientPorts.add(port);
                bound.add(name + "://" + NodeSettings.POD_ADDRESS + ":" + port);
            }
        }
        if (!bound.isEmpty()) {
            environment.put("EVENTFLEET_LISTENERS", String.join(",", bound));
            environment.put("EVENTFLEET_ADVERTISED_LISTENERS", String.join(",", bound));
        }
        for (String purpose : List.of("internal", "health")) {
            String address = configuration.getProperty("eventfleet." + purpose + ".listener", "");
            if (!address.isBlank()) {
                int port = ports.free(owner + "/" + purpose + "/" + ordinal);
                byContainerPort.put(portOf(address), port);
                String local = NodeSettings.POD_ADDRESS + ":" + port;
                environment.put("EVENTFLEET_" + purpose.toUpperCase(java.util.Locale.ROOT) + "_LISTENER", local);
                if (purpose.equals("internal")) {
                    environment.put("EVENTFLEET_INTERNAL_ADVERTISED", local);
                }
            }
        }
        return new PublishedPorts(Map.copyOf(byContainerPort), List.copyOf(clientPorts), Map.copyOf(environment));
    }

    private static int portOf(String address) {
        return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1).strip());
    }

    /** The local port behind a container port. */
    int local(int containerPort) {
        return byContainerPort.getOrDefault(containerPort, containerPort);
    }
}
