// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.kubelet;

import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** Binds claims to folders, grows them when asked, and removes the folder of a deleted claim once no pod uses it. */
final class Claims {
    /** Keeps a claim while a pod uses it. */
    static final String PROTECTION = "kubernetes.io/pvc-protection";

    private final KubernetesClient client;
    private final NodeSettings settings;

    Claims(KubernetesClient client, NodeSettings settings) {
        this.client = client;
        this.settings = settings;
    }

    void reconcile(PersistentVolumeClaim claim, List<Pod> pods) {
        if (claim.getMetadata().getDeletionTimestamp() == null) {
            bind(claim);
        } else if (claim.getMetadata().getFinalizers().contains(PROTECTION)
                && pods.stream().noneMatch(pod -> uses(pod, claim))) {
            release(claim);
        }
    }

    private void bind(PersistentVolumeClaim claim) {
        var wanted = claim.getSpec().getResources() == null
                ? null
                : claim.getSpec().getResources().getRequests();
        boolean bound =
                claim.getStatus() != null && "Bound".equals(claim.getStatus().getPhase());
        if (bound && (wanted == null || wanted.equals(claim.getStatus().getCapacity()))) {
            return;
        }
        client.persistentVolumeClaims()
                .inNamespace(claim.getMetadata().getNamespace())
                .withName(claim.getMetadata().getName())
                .editStatus(current -> {
                    current.getStatus().setPhase("Bound");
                    current.getStatus().setAccessModes(current.getSpec().getAccessModes());
                    current.getStatus().setCapacity(wanted);
                    return current;
                });
    }

    private void release(PersistentVolumeClaim claim) {
        var metadata = claim.getMetadata();
        try {
            PodFiles.delete(settings.volumeFolder(metadata.getNamespace(), metadata.getName()));
        } catch (IOException e) {
            throw new UncheckedIOException("volume of " + metadata.getName() + " not removed", e);
        }
        client.persistentVolumeClaims()
                .inNamespace(metadata.getNamespace())
                .withName(metadata.getName())
                .edit(current -> {
                    current.getMetadata().getFinalizers().remove(PROTECTION);
                    return current;
                });
    }

    private static boolean uses(Pod pod, PersistentVolumeClaim claim) {
        return pod.getMetadata().getNamespace().equals(claim.getMetadata().getNamespace())
                && pod.getSpec().getVolumes().stream()
                        .anyMatch(volume -> volume.getPersistentVolumeClaim() != null
                                && volume.getPersistentVolumeClaim()
                                        .getClaimName()
                                        .equals(claim.getMetadata().getName()));
    }
}
