// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.kubelet;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetStatus;
import io.fabric8.kubernetes.api.model.apps.StatefulSetStatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;

/** Carries out {@link StatefulSetPlan}s: makes claims and pods, deletes pods, writes the status of the set. */
final class StatefulSets {
    private final KubernetesClient client;
    private final EventRecorder events;

    StatefulSets(KubernetesClient client, EventRecorder events) {
        this.client = client;
        this.events = events;
    }

    /** One step towards what the set asks for. */
    void reconcile(StatefulSet set, List<Pod> allPods) {
        if (set.getMetadata().getDeletionTimestamp() != null) {
            return;
        }
        List<Pod> pods = allPods.stream().filter(pod -> owns(set, pod)).toList();
        String revision = revision(set);
        StatefulSetPlan plan = StatefulSetPlan.of(set, revision, pods);
        plan.create().forEach(ordinal -> create(set, ordinal, revision));
        plan.delete().forEach(pod -> delete(set, pod));
        StatefulSetStatus status = status(set, pods, revision);
        if (!status.equals(set.getStatus())) {
            client.apps()
                    .statefulSets()
                    .inNamespace(set.getMetadata().getNamespace())
                    .withName(set.getMetadata().getName())
                    .editStatus(current -> {
                        current.setStatus(status);
                        return current;
                    });
        }
    }

    private static boolean owns(StatefulSet set, Pod pod) {
        return pod.getMetadata().getNamespace().equals(set.getMetadata().getNamespace())
                && pod.getMetadata().getOwnerReferences().stream().anyMatch(owner -> owner.getUid()
                        .equals(set.getMetadata().getUid()));
    }

    /** Changes with the pod template and with nothing else. */
    static String revision(StatefulSet set) {
        var crc = new CRC32C();
        crc.update(Serialization.asJson(set.getSpec().getTemplate()).getBytes(StandardCharsets.UTF_8));
        return set.getMetadata().getName() + "-" + Long.toString(crc.getValue(), 36);
    }

    private void create(StatefulSet set, int ordinal, String revision) {
        for (PersistentVolumeClaim template : templates(set)) {
            String name = claimName(template, set, ordinal);
            var claims = client.persistentVolumeClaims()
                    .inNamespace(set.getMetadata().getNamespace());
            if (claims.withName(name).get() == null) {
                createIfAbsent(() -> claims.resource(claim(template, set, name)).create());
            }
        }
        Pod pod = pod(set, ordinal, revision);
        boolean created = createIfAbsent(() -> client.pods()
                .inNamespace(set.getMetadata().getNamespace())
                .resource(pod)
                .create());
        if (created) {
            events.normal(
                    set,
                    "SuccessfulCreate",
                    "create Pod " + pod.getMetadata().getName() + " in StatefulSet "
                            + set.getMetadata().getName() + " successful");
        }
    }

    private static boolean createIfAbsent(Runnable create) {
        try {
            create.run();
            return true;
        } catch (KubernetesClientException e) {
            if (e.getCode() == HttpURLConnection.HTTP_CONFLICT) {
                return false;
            }
            throw e;
        }
    }

    private static List<PersistentVolumeClaim> templates(StatefulSet set) {
        var templates = set.getSpec().getVolumeClaimTemplates();
        return templates == null ? List.of() : templates;
    }

    private static String claimName(PersistentVolumeClaim template, StatefulSet set, int ordinal) {
        return template.getMetadata().getName() + "-" + set.getMetadata().getName() + "-" + ordinal;
    }

    private static PersistentVolumeClaim claim(PersistentVolumeClaim template, StatefulSet set, String name) {
        var labels = new HashMap<String, String>();
        if (template.getMetadata().getLabels() != null) {
            labels.putAll(template.getMetadata().getLabels());
        }
        labels.putAll(set.getSpec().getSelector().getMatchLabels());
        var policy = set.getSpec().getPersistentVolumeClaimRetentionPolicy();
        boolean goesWithSet = policy != null && "Delete".equals(policy.getWhenDeleted());
        return new PersistentVolumeClaimBuilder(template)
                .withMetadata(new ObjectMetaBuilder()
                        .withName(name)
                        .withNamespace(set.getMetadata().getNamespace())
                        .withLabels(labels)
                        .withAnnotations(template.getMetadata().getAnnotations())
                        .withFinalizers(Claims.PROTECTION)
                        .withOwnerReferences(goesWithSet ? List.of(owner(set)) : List.of())
                        .build())
                .withStatus(null)
                .build();
    }

    private static OwnerReference owner(StatefulSet set) {
        return new OwnerReferenceBuilder()
                .withApiVersion(set.getApiVersion())
                .withKind(set.getKind())
                .withName(set.getMetadata().getName())
                .withUid(set.getMetadata().getUid())
                .withController(true)
                .withBlockOwnerDeletion(true)
                .build();
    }

    private static Pod pod(StatefulSet set, int ordinal, String revision) {
        String name = set.getMetadata().getName() + "-" + ordinal;
        var template = set.getSpec().getTemplate();
        var labels = new HashMap<String, String>();
        Map<String, String> declared = template.getMetadata().getLabels();
        if (declared != null) {
            labels.putAll(declared);
        }
        labels.put("statefulset.kubernetes.io/pod-name", name);
        labels.put("apps.kubernetes.io/pod-index", String.valueOf(ordinal));
        labels.put(StatefulSetPlan.REVISION_LABEL, revision);
        var builder = new PodBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(set.getMetadata().getNamespace())
                .withLabels(labels)
                .withAnnotations(template.getMetadata().getAnnotations())
                .withOwnerReferences(owner(set))
                .endMetadata()
                .withNewSpecLike(template.getSpec())
                .withHostname(name)
                .withSubdomain(set.getSpec().getServiceName())
                .withNodeName(NodeSettings.NODE_NAME)
                .endSpec();
        for (PersistentVolumeClaim claim : templates(set)) {
            builder.editSpec()
                    .addNewVolume()
                    .withName(claim.getMetadata().getName())
                    .withNewPersistentVolumeClaim()
                    .withClaimName(claimName(claim, set, ordinal))
                    .endPersistentVolumeClaim()
                    .endVolume()
                    .endSpec();
        }
        return builder.build();
    }

    private void delete(StatefulSet set, Pod pod) {
        events.normal(
                set,
                "SuccessfulDelete",
                "delete Pod " + pod.getMetadata().getName() + " in StatefulSet "
                        + set.getMetadata().getName() + " successful");
        client.pods()
                .inNamespace(pod.getMetadata().getNamespace())
                .withName(pod.getMetadata().getName())
                .delete();
        var policy = set.getSpec().getPersistentVolumeClaimRetentionPolicy();
        boolean surplus =
                PodNames.ordinal(pod.getMetadata().getName()) >= set.getSpec().getReplicas();
        if (surplus && policy != null && "Delete".equals(policy.getWhenScaled())) {
            for (PersistentVolumeClaim template : templates(set)) {
                int ordinal = PodNames.ordinal(pod.getMetadata().getName());
                client.persistentVolumeClaims()
                        .inNamespace(pod.getMetadata().getNamespace())
                        .withName(claimName(template, set, ordinal))
                        .delete();
            }
        }
    }

    private static StatefulSetStatus status(StatefulSet set, List<Pod> pods, String revision) {
        int ready = (int) pods.stream().filter(PodStatuses::isReady).count();
        int updated = (int) pods.stream()
                .filter(pod -> revision.equals(StatefulSetPlan.revisionOf(pod)) && !StatefulSetPlan.isTerminating(pod))
                .count();
        int replicas = set.getSpec().getReplicas() == null ? 1 : set.getSpec().getReplicas();
        StatefulSetStatus before = set.getStatus();
        String current = before == null || before.getCurrentRevision() == null ? revision : before.getCurrentRevision();
        boolean complete = updated == replicas && ready == replicas && pods.size() == replicas;
        String currentRevision = complete ? revision : current;
        int atCurrent = (int) pods.stream()
                .filter(pod -> currentRevision.equals(StatefulSetPlan.revisionOf(pod)))
                .count();
        return new StatefulSetStatusBuilder(before == null ? new StatefulSetStatus() : before)
                .withObservedGeneration(set.getMetadata().getGeneration())
                .withReplicas(pods.size())
                .withReadyReplicas(ready)
                .withAvailableReplicas(ready)
                .withUpdatedReplicas(updated)
                .withCurrentReplicas(atCurrent)
                .withCurrentRevision(currentRevision)
                .withUpdateRevision(revision)
                .withCollisionCount(0)
                .build();
    }
}
