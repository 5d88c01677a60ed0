// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.kubelet;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarSource;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.VolumeMount;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/** The environment of a container: references resolved, mount paths replaced by the folders that stand for them. */
final class ContainerEnvironment {
    private static final Pattern REFERENCE = Pattern.compile("\\$\\(([A-Za-z_][A-Za-z0-9_]*)\\)");
    private static final Pattern MAP_KEY = Pattern.compile("metadata\\.(labels|annotations)\\['([^']*)'\\]");

    private final PodFiles files;

    ContainerEnvironment(PodFiles files) {
        this.files = files;
    }

    Map<String, String> of(Pod pod, Container container, Map<String, Path> folders) throws PodFiles.NotAvailable {
        var environment = new LinkedHashMap<String, String>();
        for (EnvVar variable : container.getEnv()) {
            String value = variable.getValueFrom() != null
                    ? resolve(pod, container, variable.getValueFrom())
                    : expand(variable.getValue() == null ? "" : variable.getValue(), environment);
            environment.put(variable.getName(), localPath(value, container, folders));
        }
        return environment;
    }

    private static String expand(String value, Map<String, String> known) {
        return REFERENCE.matcher(value).replaceAll(match -> {
            String replacement = known.get(match.group(1));
            return java.util.regex.Matcher.quoteReplacement(replacement == null ? match.group() : replacement);
        });
    }

    /** A value that starts with a mount path points into the folder that is mounted there. */
    static String localPath(String value, Container container, Map<String, Path> folders) {
        for (VolumeMount mount : container.getVolumeMounts()) {
            String path = mount.getMountPath();
            Path folder = folders.get(mount.getName());
            if (folder != null && (value.equals(path) || value.startsWith(path + "/"))) {
                Path base = mount.getSubPath() == null ? folder : folder.resolve(mount.getSubPath());
                return base + value.substring(path.length());
            }
        }
        return value;
    }

    private String resolve(Pod pod, Container container, EnvVarSource source) throws PodFiles.NotAvailable {
        String namespace = pod.getMetadata().getNamespace();
        if (source.getFieldRef() != null) {
            return field(pod, source.getFieldRef().getFieldPath());
        }
        if (source.getResourceFieldRef() != null) {
            var reference = source.getResourceFieldRef();
            return resource(container, reference.getResource(), reference.getDivisor());
        }
        if (source.getConfigMapKeyRef() != null) {
            var reference = source.getConfigMapKeyRef();
            boolean optional = Boolean.TRUE.equals(reference.getOptional());
            return key(files.texts(namespace, reference.getName(), optional), reference.getKey(), optional);
        }
        if (source.getSecretKeyRef() != null) {
            var reference = source.getSecretKeyRef();
            boolean optional = Boolean.TRUE.equals(reference.getOptional());
            return key(files.secrets(namespace, reference.getName(), optional), reference.getKey(), optional);
        }
        return "";
    }

    private static String key(Map<String, byte[]> contents, String key, boolean optional) throws PodFiles.NotAvailable {
        byte[] value = contents.get(key);
        if (value == null && !optional) {
            throw new PodFiles.NotAvailable("key \"" + key + "\" not found");
        }
        return value == null ? "" : new String(value, StandardCharsets.UTF_8);
    }

    private static String field(Pod pod, String path) throws PodFiles.NotAvailable {
        var metadata = pod.getMetadata();
        var keyed = MAP_KEY.matcher(path);
        if (keyed.matches()) {
            var map = keyed.group(1).equals("labels") ? metadata.getLabels() : metadata.getAnnotations();
            return map == null ? "" : map.getOrDefault(keyed.group(2), "");
        }
        return switch (path) {
            case "metadata.name" -> metadata.getName();
            case "metadata.namespace" -> metadata.getNamespace();
            case "metadata.uid" -> metadata.getUid();
            case "spec.nodeName" -> NodeSettings.NODE_NAME;
            case "spec.serviceAccountName" ->
                pod.getSpec().getServiceAccountName() == null
                        ? "default"
                        : pod.getSpec().getServiceAccountName();
            case "status.podIP", "status.hostIP", "status.podIPs" -> NodeSettings.POD_ADDRESS;
            default -> throw new PodFiles.NotAvailable("unsupported fieldPath " + path);
        };
    }

    private static String resource(
            Container container, String name, @org.jspecify.annotations.Nullable Quantity divisor) {
        var resources = container.getResources();
        if (resources == null) {
            return "0";
        }
        String[] parts = name.split("\\.", 2);
        var amounts = parts[0].equals("limits") ? resources.getLimits() : resources.getRequests();
        Quantity amount = amounts == null || parts.length < 2 ? null : amounts.get(parts[1]);
        if (amount == null) {
            return "0";
        }
        BigDecimal unit = divisor == null ? BigDecimal.ONE : divisor.getNumericalAmount();
        return amount.getNumericalAmount()
                .divide(unit.signum() == 0 ? BigDecimal.ONE : unit, 0, RoundingMode.CEILING)
                .toPlainString();
    }
}
