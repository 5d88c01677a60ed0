// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.operator.cluster.model;

import io.eventfleet.api.contract.Labels;
import io.eventfleet.api.contract.Names;
import io.eventfleet.api.contract.Ports;
import io.eventfleet.api.v1alpha1.EventClusterSpec.Listener;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.ServicePortBuilder;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudgetBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The configuration, the Services and the disruption budget of the brokers. */
public final class BrokerObjects {
    /** Key of the broker configuration in its ConfigMap, and the file's name in the container. */
    public static final String CONFIG_FILE = "broker.properties";

    private BrokerObjects() {}

    /** What the brokers are configured with. */
    public static ConfigMap configMap(ClusterModel model) {
        return new ConfigMapBuilder()
                .withMetadata(model.owner().child(Names.brokers(model.owner().name())))
                .withData(Map.of(CONFIG_FILE, model.config().toText()))
                .build();
    }

    /** Gives each broker a name of its own, also while it is not ready: brokers find each other by it when they start. */
    public static Service headlessService(ClusterModel model) {
        var ports = new ArrayList<>(clientPorts(model.listeners()));
        ports.add(port("internal", Ports.INTERNAL));
        ports.add(port("health", Ports.HEALTH));
        return new ServiceBuilder()
                .withMetadata(
                        model.owner().child(Names.brokersService(model.owner().name())))
                .withNewSpec()
                .withClusterIP("None")
                .withPublishNotReadyAddresses(true)
                .withSelector(Labels.brokerSelector(model.owner().name()))
                .withPorts(ports)
                .endSpec()
                .build();
    }

    /** What clients connect to first. */
    public static Service bootstrapService(ClusterModel model) {
        return new ServiceBuilder()
                .withMetadata(
                        model.owner().child(Names.bootstrapService(model.owner().name())))
                .withNewSpec()
                .withType("ClusterIP")
                .withSelector(Labels.brokerSelector(model.owner().name()))
                .withPorts(clientPorts(model.listeners()))
                .endSpec()
                .build();
    }

    /** At most one broker leaves at a time; one that is not healthy anyway may always go. */
    public static PodDisruptionBudget disruptionBudget(ClusterModel model) {
        return new PodDisruptionBudgetBuilder()
                .withMetadata(model.owner().child(Names.brokers(model.owner().name())))
                .withNewSpec()
                .withMaxUnavailable(new IntOrString(1))
                .withUnhealthyPodEvictionPolicy("AlwaysAllow")
                .withNewSelector()
                .withMatchLabels(Labels.brokerSelector(model.owner().name()))
                .endSelector()
                .endSpec()
                .build();
    }

    private static List<ServicePort> clientPorts(List<Listener> listeners) {
        return listeners.stream()
                .map(listener -> port(listener.name(), listener.port()))
                .toList();
    }

    private static ServicePort port(String name, int number) {
        return new ServicePortBuilder()
                .withName(name)
                .withPort(number)
                .withProtocol("TCP")
                .withTargetPort(new IntOrString(name))
                .build();
    }
}
