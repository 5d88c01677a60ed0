// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.kubelet;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a StatefulSet needs next, decided from its specification and its pods alone.
 *
 * @param create ordinals of pods to make
 * @param delete pods to end, for scale down or for an update
 */
record StatefulSetPlan(List<Integer> create, List<Pod> delete) {
    static final String REVISION_LABEL = "controller-revision-hash";

    /** @param pods the pods of this set, in any order */
    static StatefulSetPlan of(StatefulSet set, String updateRevision, List<Pod> pods) {
        int replicas = set.getSpec().getReplicas() == null ? 1 : set.getSpec().getReplicas();
        boolean parallel = "Parallel".equals(set.getSpec().getPodManagementPolicy());
        Map<Integer, Pod> byOrdinal = new TreeMap<>();
        pods.forEach(pod -> byOrdinal.put(PodNames.ordinal(pod.getMetadata().getName()), pod));

        var create = new ArrayList<Integer>();
        boolean predecessorsReady = true;
        for (int ordinal = 0; ordinal < replicas; ordinal++) {
            Pod pod = byOrdinal.get(ordinal);
            if (pod == null && (parallel || predecessorsReady)) {
                create.add(ordinal);
            }
            predecessorsReady &= pod != null && isHealthy(pod);
        }
        List<Pod> surplus = pods.stream()
                .filter(pod -> PodNames.ordinal(pod.getMetadata().getName()) >= replicas)
                .filter(pod -> !isTerminating(pod))
                .sorted(Comparator.comparing(
                                (Pod pod) -> PodNames.ordinal(pod.getMetadata().getName()))
                        .reversed())
                .toList();
        if (!surplus.isEmpty()) {
            return new StatefulSetPlan(create, parallel ? surplus : surplus.subList(0, 1));
        }
        return new StatefulSetPlan(
                create, create.isEmpty() ? outdated(set, updateRevision, byOrdinal, replicas) : List.of());
    }

    /** The one pod that a rolling update replaces next: the highest that is outdated, once all above it are healthy. */
    private static List<Pod> outdated(StatefulSet set, String updateRevision, Map<Integer, Pod> pods, int replicas) {
        var strategy = set.getSpec().getUpdateStrategy();
        if (strategy != null && "OnDelete".equals(strategy.getType())) {
            return List.of();
        }
        int partition = strategy == null
                        || strategy.getRollingUpdate() == null
                        || strategy.getRollingUpdate().getPartition() == null
                ? 0
                : strategy.getRollingUpdate().getPartition();
        for (int ordinal = replicas - 1; ordinal >= partition; ordinal--) {
            Pod pod = pods.get(ordinal);
            if (pod == null) {
                return List.of();
            }
            if (!updateRevision.equals(revisionOf(pod)) && !isTerminating(pod)) {
                return List.of(pod);
            }
            if (!isHealthy(pod)) {
                return List.of();
            }
        }
        return List.of();
    }

    static String revisionOf(Pod pod) {
        return pod.getMetadata().getLabels() == null
                ? ""
                : pod.getMetadata().getLabels().getOrDefault(REVISION_LABEL, "");
    }

    static boolean isTerminating(Pod pod) {
        return pod.getMetadata().getDeletionTimestamp() != null;
    }

    private static boolean isHealthy(Pod pod) {
        return !isTerminating(pod) && PodStatuses.isReady(pod);
    }
}
