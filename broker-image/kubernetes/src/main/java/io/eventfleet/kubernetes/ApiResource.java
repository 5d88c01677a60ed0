// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.kubernetes;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** The kinds of objects that a broker reads and writes, with their addresses in the API. */
enum ApiResource {
    LEASE("coordination.k8s.io", "v1", "Lease", "leases"),
    CLUSTER_META("meta.eventfleet.io", "v1alpha1", "ClusterMeta", "clustermetas"),
    BROKER_REGISTRY("meta.eventfleet.io", "v1alpha1", "BrokerRegistry", "brokerregistries"),
    PARTITION_SHARD("meta.eventfleet.io", "v1alpha1", "PartitionShard", "partitionshards"),
    TOPIC("eventfleet.io", "v1alpha1", "Topic", "topics");

    private final String group;
    private final String version;
    private final String kind;
    private final String plural;

    ApiResource(String group, String version, String kind, String plural) {
        this.group = group;
        this.version = version;
        this.kind = kind;
        this.plural = plural;
    }

    String apiVersion() {
        return group + "/" + version;
    }

    String kind() {
        return kind;
    }

    /** Path of the collection; a GET without resourceVersion is a linearizable list (KEP-2340). */
    String path(String namespace) {
        return "/apis/" + group + "/" + version + "/namespaces/" + namespace + "/" + plural;
    }

    String path(String namespace, String name) {
        return path(namespace) + "/" + name;
    }

    /** Path of the collection narrowed to the objects of a cluster. */
    String listPath(String namespace, String labelSelector) {
        return path(namespace) + "?labelSelector=" + URLEncoder.encode(labelSelector, StandardCharsets.UTF_8);
    }
}
