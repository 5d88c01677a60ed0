// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.operator.cluster.model;

import io.eventfleet.api.contract.ApiGroups;
import io.eventfleet.api.contract.Names;
import io.eventfleet.operator.cluster.model.ClusterModel.Owner;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.PolicyRuleBuilder;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBuilder;
import java.util.ArrayList;
import java.util.List;

/** What brokers may do at the Kubernetes API: their own Leases, their cluster's metadata, and Topics. */
public final class BrokerAccess {
    private static final String LEASE_GROUP = "coordination.k8s.io";
    private static final String RBAC_GROUP = "rbac.authorization.k8s.io";

    private BrokerAccess() {}

    /** The identity of the broker pods. */
    public static ServiceAccount serviceAccount(Owner owner) {
        return new ServiceAccountBuilder()
                .withMetadata(owner.child(Names.brokers(owner.name())))
                .withAutomountServiceAccountToken(false)
                .build();
    }

    /** The rights of the broker pods; creation and watches cannot be bound to names. */
    public static Role role(Owner owner, int replicas) {
        var cluster = owner.name();
        return new RoleBuilder()
                .withMetadata(owner.child(Names.brokers(cluster)))
                .withRules(
                        rule(LEASE_GROUP, "leases", leases(cluster, replicas), "get", "update", "patch", "delete"),
                        rule(LEASE_GROUP, "leases", List.of(), "create", "list", "watch"),
                        rule(ApiGroups.META, "clustermetas", List.of(Names.clusterMeta(cluster)), "get", "update"),
                        rule(ApiGroups.META, "clustermetas", List.of(), "list", "watch"),
                        rule(
                                ApiGroups.META,
                                "brokerregistries",
                                List.of(Names.brokerRegistry(cluster)),
                                "get",
                                "update"),
                        rule(ApiGroups.META, "brokerregistries", List.of(), "create", "list", "watch"),
                        rule(ApiGroups.META, "partitionshards", List.of(), "create", "get", "list", "update", "watch"),
                        rule(
                                ApiGroups.PUBLIC,
                                "topics",
                                List.of(),
                                "create",
                                "delete",
                                "get",
                                "list",
                                "patch",
                                "update",
                                "watch"),
                        rule(ApiGroups.PUBLIC, "eventclusters", List.of(cluster), "get"))
                .build();
    }

    /** Gives the rights to the identity. */
    public static RoleBinding roleBinding(Owner owner) {
        var name = Names.brokers(owner.name());
        return new RoleBindingBuilder()
                .withMetadata(owner.child(name))
                .withNewRoleRef(RBAC_GROUP, "Role", name)
                .addNewSubject()
                .withKind("ServiceAccount")
                .withName(name)
                .withNamespace(owner.namespace())
                .endSubject()
                .build();
    }

    private static List<String> leases(String cluster, int replicas) {
        var names = new ArrayList<String>();
        names.add(Names.controllerLease(cluster));
        for (var id = 0; id < replicas; id++) {
            names.add(Names.brokerLease(cluster, id));
        }
        return names;
    }

    private static PolicyRule rule(String group, String resource, List<String> names, String... verbs) {
        return new PolicyRuleBuilder()
                .withApiGroups(group)
                .withResources(resource)
                .withResourceNames(names)
                .withVerbs(verbs)
                .build();
    }
}
