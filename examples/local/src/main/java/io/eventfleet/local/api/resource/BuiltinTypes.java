// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.api.resource;

import io.eventfleet.local.api.json.JsonPath;
import io.eventfleet.local.api.resource.ResourceType.Names;
import io.eventfleet.local.api.resource.ResourceType.Scale;
import io.eventfleet.local.api.resource.ResourceType.Subresources;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The built-in kinds that a broker cluster, its operator and {@code kubectl} meet. */
final class BuiltinTypes {
    private static final boolean NAMESPACED = true;
    private static final boolean CLUSTER = false;
    private static final boolean STATUS = true;
    private static final boolean NO_STATUS = false;
    private static final List<String> NO_CATEGORY = List.of();
    private static final List<String> ALL = List.of("all");

    private final List<ResourceType> types = new ArrayList<>();

    private BuiltinTypes() {}

    static List<ResourceType> all() {
        var builtin = new BuiltinTypes();
        builtin.core();
        builtin.workloads();
        builtin.policies();
        return builtin.types;
    }

    private void core() {
        add("", "v1", "namespaces", "Namespace", CLUSTER, STATUS, "ns");
        add("", "v1", "nodes", "Node", CLUSTER, STATUS, "no");
        add("", "v1", "pods", "Pod", NAMESPACED, STATUS, "po");
        add("", "v1", "services", "Service", NAMESPACED, STATUS, "svc");
        add("", "v1", "endpoints", "Endpoints", NAMESPACED, NO_STATUS, "ep");
        add("", "v1", "configmaps", "ConfigMap", NAMESPACED, NO_STATUS, "cm");
        add("", "v1", "secrets", "Secret", NAMESPACED, NO_STATUS);
        add("", "v1", "serviceaccounts", "ServiceAccount", NAMESPACED, NO_STATUS, "sa");
        add("", "v1", "events", "Event", NAMESPACED, NO_STATUS, "ev");
        add("", "v1", "persistentvolumeclaims", "PersistentVolumeClaim", NAMESPACED, STATUS, "pvc");
        add("", "v1", "persistentvolumes", "PersistentVolume", CLUSTER, STATUS, "pv");
        var eventNames = new Names("events.k8s.io", "v1", "events", "event", "Event", List.of("ev"), NO_CATEGORY);
        types.add(new ResourceType(
                eventNames,
                NAMESPACED,
                new Subresources(NO_STATUS, null),
                BuiltinColumns.of("Event"),
                null,
                Conversion.EVENTS));
    }

    private void workloads() {
        add("apps", "v1", "statefulsets", "StatefulSet", NAMESPACED, STATUS, "sts");
        add("apps", "v1", "deployments", "Deployment", NAMESPACED, STATUS, "deploy");
        add("discovery.k8s.io", "v1", "endpointslices", "EndpointSlice", NAMESPACED, NO_STATUS);
        add("coordination.k8s.io", "v1", "leases", "Lease", NAMESPACED, NO_STATUS);
        add("storage.k8s.io", "v1", "storageclasses", "StorageClass", CLUSTER, NO_STATUS, "sc");
        add("scheduling.k8s.io", "v1", "priorityclasses", "PriorityClass", CLUSTER, NO_STATUS, "pc");
        add(
                "apiextensions.k8s.io",
                "v1",
                "customresourcedefinitions",
                "CustomResourceDefinition",
                CLUSTER,
                STATUS,
                "crd",
                "crds");
    }

    private void policies() {
        add("policy", "v1", "poddisruptionbudgets", "PodDisruptionBudget", NAMESPACED, STATUS, "pdb");
        add("networking.k8s.io", "v1", "networkpolicies", "NetworkPolicy", NAMESPACED, NO_STATUS, "netpol");
        String rbac = "rbac.authorization.k8s.io";
        add(rbac, "v1", "roles", "Role", NAMESPACED, NO_STATUS);
        add(rbac, "v1", "rolebindings", "RoleBinding", NAMESPACED, NO_STATUS);
        add(rbac, "v1", "clusterroles", "ClusterRole", CLUSTER, NO_STATUS);
        add(rbac, "v1", "clusterrolebindings", "ClusterRoleBinding", CLUSTER, NO_STATUS);
    }

    private void add(
            String group,
            String version,
            String plural,
            String kind,
            boolean namespaced,
            boolean status,
            String... shortNames) {
        boolean listedInAll =
                List.of("pods", "services", "statefulsets", "deployments").contains(plural);
        var names = new Names(
                group,
                version,
                plural,
                kind.toLowerCase(Locale.ROOT),
                kind,
                List.of(shortNames),
                listedInAll ? ALL : NO_CATEGORY);
        types.add(new ResourceType(
                names,
                namespaced,
                new Subresources(status, scaleOf(plural)),
                BuiltinColumns.of(kind),
                null,
                Conversion.NONE));
    }

    private static @Nullable Scale scaleOf(String plural) {
        return plural.equals("statefulsets") || plural.equals("deployments")
                ? new Scale(JsonPath.parse(".spec.replicas"), JsonPath.parse(".status.replicas"), null)
                : null;
    }
}
