// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.operator.cluster;

import io.eventfleet.api.contract.Conditions.Reason;
import io.eventfleet.api.contract.Names;
import io.eventfleet.api.contract.Ports;
import io.eventfleet.api.v1alpha1.EventCluster;
import io.eventfleet.api.v1alpha1.EventClusterSpec;
import io.eventfleet.config.ConfigProblem;
import io.eventfleet.operator.cluster.model.BrokerConfigs;
import io.eventfleet.operator.cluster.model.BrokerMemory;
import io.eventfleet.operator.cluster.model.ClusterDefaults;
import io.eventfleet.operator.status.Verdict;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Checks an EventCluster once more, whether or not the API server did. Pure. */
final class ClusterValidation {
    private static final long MIB = 1L << 20;

    /** Names of the ports that every broker has. */
    private static final Set<String> RESERVED_LISTENERS = Set.of("internal", "health");

    private ClusterValidation() {}

    /** Why the cluster cannot be made as declared; empty when it can. */
    static Optional<Verdict> refusal(EventCluster cluster) {
        var name = cluster.getMetadata().getName();
        var spec = cluster.getSpec();
        if (spec == null || spec.storage() == null || spec.storage().size() == null) {
            return invalid("spec.storage.size is missing");
        }
        if (name.length() > Names.MAX_CLUSTER_NAME_LENGTH || !name.matches("[a-z]([-a-z0-9]*[a-z0-9])?")) {
            return invalid("the name must start with a letter, have only a-z, 0-9 and '-', and at most "
                    + Names.MAX_CLUSTER_NAME_LENGTH + " characters");
        }
        return quantities(spec)
                .or(() -> listeners(spec))
                .or(() -> config(name, spec))
                .or(() -> replication(spec));
    }

    private static Optional<Verdict> replication(EventClusterSpec spec) {
        var replicas = ClusterDefaults.topicReplicas(spec);
        var brokers = ClusterDefaults.replicas(spec);
        return replicas <= brokers
                ? Optional.empty()
                : invalid("topics have " + replicas + " replicas unless they say otherwise, and only " + brokers
                        + (brokers == 1 ? " broker is" : " brokers are") + " declared");
    }

    private static Optional<Verdict> listeners(EventClusterSpec spec) {
        var names = new HashSet<>(RESERVED_LISTENERS);
        var ports = new HashSet<>(Set.of(Ports.INTERNAL, Ports.HEALTH));
        for (var listener : ClusterDefaults.listeners(spec)) {
            if (!names.add(listener.name())) {
                return invalid("spec.listeners: the name '" + listener.name() + "' is taken");
            }
            if (!ports.add(listener.port())) {
                return invalid("spec.listeners: port " + listener.port() + " is taken");
            }
        }
        return Optional.empty();
    }

    private static Optional<Verdict> quantities(EventClusterSpec spec) {
        if (!ClusterDefaults.isPositive(spec.storage().size())) {
            return invalid(
                    "spec.storage.size is not a quantity: " + spec.storage().size());
        }
        var resources = ClusterDefaults.resources(spec);
        for (var side : Map.of("requests", resources.requests(), "limits", resources.limits())
                .entrySet()) {
            for (Map.Entry<String, Quantity> entry : side.getValue().entrySet()) {
                if (!ClusterDefaults.isPositive(entry.getValue())) {
                    return invalid("spec.resources." + side.getKey() + "." + entry.getKey() + " is not a quantity: "
                            + entry.getValue());
                }
            }
        }
        var limit = ClusterDefaults.memoryLimit(resources);
        if (limit != null && limit < BrokerMemory.MIN_LIMIT_BYTES) {
            return invalid(
                    "spec.resources.limits.memory must be at least " + BrokerMemory.MIN_LIMIT_BYTES / MIB + "Mi");
        }
        return Optional.empty();
    }

    private static Optional<Verdict> config(String name, EventClusterSpec spec) {
        var problems = BrokerConfigs.problems(name, spec);
        return problems.isEmpty()
                ? Optional.empty()
                : Optional.of(Verdict.stalled(
                        Reason.InvalidConfig,
                        problems.stream()
                                .map(ConfigProblem::toString)
                                .collect(Collectors.joining("; ", "spec.config: ", ""))));
    }

    private static Optional<Verdict> invalid(String message) {
        return Optional.of(Verdict.stalled(Reason.InvalidSpec, message));
    }
}
