// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.api.resource;

import com.fasterxml.jackson.databind.JsonNode;
import io.eventfleet.local.api.json.JsonPath;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The columns that {@code kubectl get} shows of built-in kinds. */
final class BuiltinColumns {
    private BuiltinColumns() {}

    static List<PrinterColumn> of(String kind) {
        return switch (kind) {
            case "Namespace" -> named(PrinterColumn.path("Status", ".status.phase"), PrinterColumn.age());
            case "Node" ->
                named(
                        PrinterColumn.of("Status", node -> isReady(node) ? "Ready" : "NotReady"),
                        PrinterColumn.path("Version", ".status.nodeInfo.kubeletVersion"),
                        PrinterColumn.age());
            case "Pod" -> pod();
            case "Service" -> service();
            case "Event" -> event();
            case "StatefulSet" ->
                named(
                        PrinterColumn.of("Ready", BuiltinColumns::readyReplicas),
                        PrinterColumn.age(),
                        PrinterColumn.wide("Containers", set -> containers(set, "name")),
                        PrinterColumn.wide("Images", set -> containers(set, "image")));
            case "Deployment" ->
                named(
                        PrinterColumn.of("Ready", BuiltinColumns::readyReplicas),
                        PrinterColumn.of(
                                "Up-to-date",
                                d -> d.path("status").path("updatedReplicas").asInt()),
                        PrinterColumn.of(
                                "Available",
                                d -> d.path("status").path("availableReplicas").asInt()),
                        PrinterColumn.age());
            case "PersistentVolumeClaim" ->
                named(
                        PrinterColumn.path("Status", ".status.phase"),
                        PrinterColumn.path("Volume", ".spec.volumeName"),
                        PrinterColumn.path("Capacity", ".status.capacity.storage"),
                        PrinterColumn.of("Access Modes", claim -> accessModes(claim)),
                        PrinterColumn.path("StorageClass", ".spec.storageClassName"),
                        PrinterColumn.age());
            case "PersistentVolume" ->
                named(
                        PrinterColumn.path("Capacity", ".spec.capacity.storage"),
                        PrinterColumn.path("Reclaim Policy", ".spec.persistentVolumeReclaimPolicy"),
                        PrinterColumn.path("Status", ".status.phase"),
                        PrinterColumn.of("Claim", BuiltinColumns::claim),
                        PrinterColumn.age());
            case "Lease" -> named(PrinterColumn.path("Holder", ".spec.holderIdentity"), PrinterColumn.age());
            case "ConfigMap" ->
                named(
                        PrinterColumn.of(
                                "Data",
                                map -> map.path("data").size()
                                        + map.path("binaryData").size()),
                        PrinterColumn.age());
            case "Secret" ->
                named(
                        PrinterColumn.path("Type", ".type"),
                        PrinterColumn.of("Data", secret -> secret.path("data").size()),
                        PrinterColumn.age());
            case "PodDisruptionBudget" ->
                named(
                        PrinterColumn.of("Min Available", budget -> orNotAvailable(budget, "minAvailable")),
                        PrinterColumn.of("Max Unavailable", budget -> orNotAvailable(budget, "maxUnavailable")),
                        PrinterColumn.of(
                                "Allowed Disruptions",
                                b -> b.path("status").path("disruptionsAllowed").asInt()),
                        PrinterColumn.age());
            case "RoleBinding", "ClusterRoleBinding" ->
                named(
                        PrinterColumn.of(
                                "Role",
                                b -> b.path("roleRef").path("kind").asText() + "/"
                                        + b.path("roleRef").path("name").asText()),
                        PrinterColumn.age());
            case "StorageClass" -> named(PrinterColumn.path("Provisioner", ".provisioner"), PrinterColumn.age());
            case "PriorityClass" -> named(PrinterColumn.path("Value", ".value"), PrinterColumn.age());
            case "CustomResourceDefinition" -> named(PrinterColumn.path("Created At", ".metadata.creationTimestamp"));
            default -> named(PrinterColumn.age());
        };
    }

    private static List<PrinterColumn> named(PrinterColumn... columns) {
        var all = new ArrayList<PrinterColumn>();
        all.add(PrinterColumn.objectName());
        all.addAll(List.of(columns));
        return List.copyOf(all);
    }

    private static List<PrinterColumn> pod() {
        return named(
                PrinterColumn.of("Ready", pod -> {
                    int ready = 0;
                    for (JsonNode container : pod.path("status").path("containerStatuses")) {
                        ready += container.path("ready").asBoolean() ? 1 : 0;
                    }
                    return ready + "/" + pod.path("spec").path("containers").size();
                }),
                PrinterColumn.of("Status", BuiltinColumns::podStatus),
                PrinterColumn.of("Restarts", BuiltinColumns::restarts),
                PrinterColumn.age(),
                PrinterColumn.wide("IP", pod -> orNone(pod.path("status").path("podIP"))),
                PrinterColumn.wide("Node", pod -> orNone(pod.path("spec").path("nodeName"))));
    }

    private static String podStatus(JsonNode pod) {
        if (pod.path("metadata").hasNonNull("deletionTimestamp")) {
            return "Terminating";
        }
        String status = pod.path("status").path("phase").asText("Pending");
        for (JsonNode container : pod.path("status").path("containerStatuses")) {
            JsonNode state = container.path("state");
            String waiting = state.path("waiting").path("reason").asText("");
            String terminated = state.path("terminated").path("reason").asText("");
            if (!waiting.isEmpty()) {
                status = waiting;
            } else if (!terminated.isEmpty()) {
                status = terminated;
            }
        }
        return status;
    }

    private static String restarts(JsonNode pod) {
        int restarts = 0;
        for (JsonNode container : pod.path("status").path("containerStatuses")) {
            restarts += container.path("restartCount").asInt();
        }
        JsonNode last = JsonPath.parse(".status.containerStatuses[0].lastState.terminated.finishedAt")
                .first(pod);
        return restarts > 0 && last.isTextual()
                ? restarts + " (" + HumanAge.since(last) + " ago)"
                : String.valueOf(restarts);
    }

    private static List<PrinterColumn> service() {
        return named(
                PrinterColumn.path("Type", ".spec.type"),
                PrinterColumn.of(
                        "Cluster-IP", service -> orNone(service.path("spec").path("clusterIP"))),
                PrinterColumn.of("External-IP", service -> "<none>"),
                PrinterColumn.of("Port(s)", service -> {
                    var ports = new ArrayList<String>();
                    service.path("spec")
                            .path("ports")
                            .forEach(port -> ports.add(port.path("port").asText() + "/"
                                    + port.path("protocol").asText("TCP")));
                    return ports.isEmpty() ? "<none>" : String.join(",", ports);
                }),
                PrinterColumn.age(),
                PrinterColumn.wide("Selector", service -> {
                    var labels = new ArrayList<String>();
                    service.path("spec")
                            .path("selector")
                            .properties()
                            .forEach(label -> labels.add(
                                    label.getKey() + "=" + label.getValue().asText()));
                    return labels.isEmpty() ? "<none>" : String.join(",", labels);
                }));
    }

    private static List<PrinterColumn> event() {
        return List.of(
                PrinterColumn.of("Last Seen", event -> {
                    JsonNode seen = event.path("series").path("lastObservedTime");
                    JsonNode last = seen.isTextual() ? seen : event.path("lastTimestamp");
                    return HumanAge.since(last.isTextual() ? last : event.path("eventTime"));
                }),
                PrinterColumn.path("Type", ".type"),
                PrinterColumn.path("Reason", ".reason"),
                PrinterColumn.of("Object", event -> {
                    JsonNode about =
                            event.has("involvedObject") ? event.path("involvedObject") : event.path("regarding");
                    return about.path("kind").asText("").toLowerCase(java.util.Locale.ROOT) + "/"
                            + about.path("name").asText();
                }),
                PrinterColumn.of("Message", event -> event.path(event.has("message") ? "message" : "note")
                        .asText("")
                        .strip()),
                new PrinterColumn("Name", "string", "name", "", 1, e -> e.path("metadata")
                        .path("name")
                        .asText()));
    }

    private static boolean isReady(JsonNode object) {
        return JsonPath.parse(".status.conditions[?(@.type==\"Ready\")].status")
                .first(object)
                .asText("")
                .equals("True");
    }

    private static String readyReplicas(JsonNode workload) {
        return workload.path("status").path("readyReplicas").asInt() + "/"
                + workload.path("spec").path("replicas").asInt(1);
    }

    private static String containers(JsonNode workload, String field) {
        var values = new ArrayList<String>();
        workload.path("spec")
                .path("template")
                .path("spec")
                .path("containers")
                .forEach(container -> values.add(container.path(field).asText()));
        return String.join(",", values);
    }

    private static String accessModes(JsonNode claim) {
        var modes = new ArrayList<String>();
        claim.path("spec")
                .path("accessModes")
                .forEach(mode -> modes.add(
                        switch (mode.asText()) {
                            case "ReadWriteOnce" -> "RWO";
                            case "ReadOnlyMany" -> "ROX";
                            case "ReadWriteMany" -> "RWX";
                            default -> "RWOP";
                        }));
        return String.join(",", modes);
    }

    private static String claim(JsonNode volume) {
        JsonNode claim = volume.path("spec").path("claimRef");
        return claim.isMissingNode()
                ? ""
                : claim.path("namespace").asText() + "/" + claim.path("name").asText();
    }

    private static @Nullable Object orNotAvailable(JsonNode budget, String field) {
        return budget.path("spec").path(field).asText("N/A");
    }

    private static String orNone(JsonNode value) {
        return value.asText("").isEmpty() ? "<none>" : value.asText();
    }
}
