// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.operator.cluster;

import io.eventfleet.api.contract.Annotations;
import io.eventfleet.api.contract.Labels;
import io.eventfleet.api.contract.Names;
import io.eventfleet.api.meta.v1alpha1.ClusterMeta;
import io.eventfleet.api.meta.v1alpha1.ClusterMetaSpec;
import io.eventfleet.api.v1alpha1.EventCluster;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import jakarta.inject.Singleton;
import java.net.HttpURLConnection;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads and makes what identifies a cluster: the metadata root and the ids on volumes. Blocking; any thread. */
@Singleton
class ClusterMetadata {
    private final KubernetesClient client;

    ClusterMetadata(KubernetesClient client) {
        this.client = client;
    }

    /** Reads, from the API server itself, what is known about the identity of a cluster. */
    ClusterIdentity.Facts facts(EventCluster cluster) {
        var status = cluster.getStatus();
        var recorded = status == null ? null : status.clusterId();
        var created = status != null && Boolean.TRUE.equals(status.metadataCreated());
        var root = rootId(cluster);
        var settled = created && root != null;
        return new ClusterIdentity.Facts(recorded, created, root, settled ? Set.of() : volumeIds(cluster));
    }

    /** Makes the root; one that exists is left as it is. */
    void createRoot(EventCluster cluster, String clusterId, boolean rebuild) {
        var name = cluster.getMetadata().getName();
        var root = new ClusterMeta();
        root.setMetadata(new ObjectMetaBuilder()
                .withNamespace(cluster.getMetadata().getNamespace())
                .withName(Names.clusterMeta(name))
                .withLabels(Labels.ofMetadata(name))
                .build());
        root.setSpec(ClusterMetaSpec.created(clusterId, rebuild));
        try {
            client.resource(root).create();
        } catch (KubernetesClientException e) {
            if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
                throw e;
            }
        }
    }

    private @Nullable String rootId(EventCluster cluster) {
        var root = client.resources(ClusterMeta.class)
                .inNamespace(cluster.getMetadata().getNamespace())
                .withName(Names.clusterMeta(cluster.getMetadata().getName()))
                .get();
        return root == null ? null : root.getSpec().clusterId();
    }

    private Set<String> volumeIds(EventCluster cluster) {
        var prefix = Names.dataClaim(cluster.getMetadata().getName(), 0).replaceFirst("0$", "");
        return client
                .persistentVolumeClaims()
                .inNamespace(cluster.getMetadata().getNamespace())
                .list()
                .getItems()
                .stream()
                .filter(claim -> claim.getMetadata().getName().startsWith(prefix))
                .filter(claim ->
                        claim.getMetadata().getName().substring(prefix.length()).matches("\\d+"))
                .map(claim -> claim.getMetadata().getAnnotations())
                .filter(Objects::nonNull)
                .map(annotations -> annotations.get(Annotations.CLUSTER_ID))
                .filter(Objects::nonNull)
                .collect(Collectors.toSet());
    }
}
