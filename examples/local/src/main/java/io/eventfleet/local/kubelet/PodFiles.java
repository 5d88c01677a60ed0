// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.kubelet;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.KeyToPath;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Turns the volumes of a pod into folders. */
final class PodFiles {
    /** A volume that cannot be made now, for example because its ConfigMap does not exist; tried again later. */
    static final class NotAvailable extends Exception {
        private static final long serialVersionUID = 1L;

        NotAvailable(String message) {
            super(message);
        }
    }

    private final KubernetesClient client;
    private final NodeSettings settings;

    PodFiles(KubernetesClient client, NodeSettings settings) {
        this.client = client;
        this.settings = settings;
    }

    /** Volume name → folder; configuration is written anew each time. */
    Map<String, Path> prepare(Pod pod) throws IOException, NotAvailable {
        String namespace = pod.getMetadata().getNamespace();
        Path own = settings.podFolder(pod.getMetadata().getUid());
        var folders = new HashMap<String, Path>();
        for (Volume volume : pod.getSpec().getVolumes()) {
            Path folder = own.resolve(volume.getName());
            if (volume.getPersistentVolumeClaim() != null) {
                folder = settings.volumeFolder(
                        namespace, volume.getPersistentVolumeClaim().getClaimName());
            }
            Files.createDirectories(folder);
            if (volume.getConfigMap() != null) {
                boolean optional = Boolean.TRUE.equals(volume.getConfigMap().getOptional());
                write(
                        folder,
                        texts(namespace, volume.getConfigMap().getName(), optional),
                        volume.getConfigMap().getItems());
            } else if (volume.getSecret() != null) {
                boolean optional = Boolean.TRUE.equals(volume.getSecret().getOptional());
                write(
                        folder,
                        secrets(namespace, volume.getSecret().getSecretName(), optional),
                        volume.getSecret().getItems());
            }
            folders.put(volume.getName(), folder);
        }
        return folders;
    }

    /** The keys of a ConfigMap. */
    Map<String, byte[]> texts(String namespace, String name, boolean optional) throws NotAvailable {
        ConfigMap map =
                client.configMaps().inNamespace(namespace).withName(name).get();
        var contents = new TreeMap<String, byte[]>();
        if (require(map, "configmap", name, optional)) {
            map.getData().forEach((key, text) -> contents.put(key, text.getBytes(StandardCharsets.UTF_8)));
            map.getBinaryData()
                    .forEach((key, base64) ->
                            contents.put(key, Base64.getDecoder().decode(base64)));
        }
        return contents;
    }

    /** The keys of a Secret. */
    Map<String, byte[]> secrets(String namespace, String name, boolean optional) throws NotAvailable {
        Secret secret = client.secrets().inNamespace(namespace).withName(name).get();
        var contents = new TreeMap<String, byte[]>();
        if (require(secret, "secret", name, optional)) {
            secret.getData()
                    .forEach((key, base64) ->
                            contents.put(key, Base64.getDecoder().decode(base64)));
        }
        return contents;
    }

    private static boolean require(@Nullable Object found, String kind, String name, boolean optional)
            throws NotAvailable {
        if (found == null && !optional) {
            throw new NotAvailable(kind + " \"" + name + "\" not found");
        }
        return found != null;
    }

    private static void write(Path folder, Map<String, byte[]> contents, @Nullable List<KeyToPath> items)
            throws IOException {
        if (items == null || items.isEmpty()) {
            for (var entry : contents.entrySet()) {
                Files.write(folder.resolve(entry.getKey()), entry.getValue());
            }
            return;
        }
        for (KeyToPath item : items) {
            byte[] content = contents.get(item.getKey());
            if (content != null) {
                Path file = folder.resolve(item.getPath()).normalize();
                Files.createDirectories(file.getParent());
                Files.write(file, content);
            }
        }
    }

    /** Removes the folders that only this pod had. */
    void discard(String uid) throws IOException {
        delete(settings.podFolder(uid));
    }

    static void delete(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (var files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }
}
