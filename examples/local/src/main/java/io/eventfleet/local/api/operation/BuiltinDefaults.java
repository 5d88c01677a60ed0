// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.api.operation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eventfleet.local.api.json.Json;
import io.eventfleet.local.api.json.Metadata;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** The defaults of built-in kinds that clients rely on. */
final class BuiltinDefaults {
    private final ServiceAddresses addresses;

    BuiltinDefaults(ServiceAddresses addresses) {
        this.addresses = addresses;
    }

    /** @param old the stored version, null on creation */
    void fill(String kind, ObjectNode object, @Nullable ObjectNode old) {
        switch (kind) {
            case "Namespace" -> namespace(object);
            case "Service" -> service(object, old);
            case "Pod" -> {
                text(status(object), "phase", "Pending");
                podSpec(child(object, "spec"));
            }
            case "StatefulSet" -> statefulSet(object);
            case "Deployment" -> {
                number(child(object, "spec"), "replicas", 1);
                podSpec(child(child(child(object, "spec"), "template"), "spec"));
            }
            case "PersistentVolumeClaim" -> {
                text(child(object, "spec"), "volumeMode", "Filesystem");
                text(status(object), "phase", "Pending");
            }
            case "Secret" -> secret(object);
            default -> {}
        }
    }

    private static void namespace(ObjectNode namespace) {
        child(Metadata.of(namespace), "labels").put("kubernetes.io/metadata.name", Metadata.name(namespace));
        ObjectNode spec = child(namespace, "spec");
        if (!spec.has("finalizers")) {
            spec.putArray("finalizers").add("kubernetes");
        }
        text(status(namespace), "phase", "Active");
    }

    private void service(ObjectNode service, @Nullable ObjectNode old) {
        ObjectNode spec = child(service, "spec");
        text(spec, "type", "ClusterIP");
        text(spec, "sessionAffinity", "None");
        text(spec, "internalTrafficPolicy", "Cluster");
        String before = old == null ? "" : old.path("spec").path("clusterIP").asText();
        if (!spec.hasNonNull("clusterIP") && !spec.path("type").asText().equals("ExternalName")) {
            spec.put(
                    "clusterIP",
                    before.isEmpty()
                            ? addresses.allocate(Metadata.namespace(service), Metadata.name(service))
                            : before);
        }
        spec.set("clusterIPs", Json.array().add(spec.path("clusterIP").asText()));
        for (JsonNode port : spec.path("ports")) {
            if (port instanceof ObjectNode entry) {
                text(entry, "protocol", "TCP");
                if (!entry.has("targetPort")) {
                    entry.set("targetPort", entry.path("port"));
                }
            }
        }
        if (!service.has("status")) {
            service.putObject("status").putObject("loadBalancer");
        }
    }

    private static void statefulSet(ObjectNode set) {
        ObjectNode spec = child(set, "spec");
        number(spec, "replicas", 1);
        number(spec, "revisionHistoryLimit", 10);
        text(spec, "podManagementPolicy", "OrderedReady");
        ObjectNode strategy = child(spec, "updateStrategy");
        text(strategy, "type", "RollingUpdate");
        if (strategy.path("type").asText().equals("RollingUpdate")) {
            number(child(strategy, "rollingUpdate"), "partition", 0);
        }
        podSpec(child(child(spec, "template"), "spec"));
    }

    private static void podSpec(ObjectNode spec) {
        text(spec, "restartPolicy", "Always");
        text(spec, "dnsPolicy", "ClusterFirst");
        text(spec, "schedulerName", "default-scheduler");
        number(spec, "terminationGracePeriodSeconds", 30);
        for (JsonNode each : spec.path("containers")) {
            if (each instanceof ObjectNode container) {
                text(container, "imagePullPolicy", "IfNotPresent");
                container.path("ports").forEach(port -> text((ObjectNode) port, "protocol", "TCP"));
                for (String name : new String[] {"startupProbe", "readinessProbe", "livenessProbe"}) {
                    if (container.get(name) instanceof ObjectNode probe) {
                        number(probe, "timeoutSeconds", 1);
                        number(probe, "periodSeconds", 10);
                        number(probe, "successThreshold", 1);
                        number(probe, "failureThreshold", 3);
                    }
                }
            }
        }
    }

    private static void secret(ObjectNode secret) {
        text(secret, "type", "Opaque");
        if (secret.remove("stringData") instanceof ObjectNode texts) {
            ObjectNode data = child(secret, "data");
            texts.properties()
                    .forEach(entry -> data.put(
                            entry.getKey(),
                            Base64.getEncoder()
                                    .encodeToString(entry.getValue().asText().getBytes(StandardCharsets.UTF_8))));
        }
    }

    private static ObjectNode status(ObjectNode object) {
        return child(object, "status");
    }

    private static ObjectNode child(ObjectNode parent, String field) {
        return parent.get(field) instanceof ObjectNode child ? child : parent.putObject(field);
    }

    private static void text(ObjectNode object, String field, String value) {
        if (!object.hasNonNull(field)) {
            object.put(field, value);
        }
    }

    private static void number(ObjectNode object, String field, int value) {
        if (!object.hasNonNull(field)) {
            object.put(field, value);
        }
    }
}
