// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.api.contract;

/** Names of the objects that belong to an EventCluster. */
public final class Names {
    /** Longest name of an EventCluster: pod names and revision labels derived from it stay within 63 characters. */
    public static final int MAX_CLUSTER_NAME_LENGTH = 40;

    private Names() {}

    /** ClusterMeta. */
    public static String clusterMeta(String cluster) {
        return cluster;
    }

    /** BrokerRegistry. */
    public static String brokerRegistry(String cluster) {
        return cluster;
    }

    /** PartitionShard of that number. */
    public static String partitionShard(String cluster, int shardId) {
        return cluster + "-shard-" + shardId;
    }

    /** Lease of the controller. */
    public static String controllerLease(String cluster) {
        return cluster + "-controller";
    }

    /** Lease of one broker. */
    public static String brokerLease(String cluster, int brokerId) {
        return cluster + "-broker-" + brokerId;
    }

    /** StatefulSet of the brokers; also their ServiceAccount, Role, RoleBinding, ConfigMap and PodDisruptionBudget. */
    public static String brokers(String cluster) {
        return cluster + "-broker";
    }

    /** Pod of one broker. */
    public static String brokerPod(String cluster, int brokerId) {
        return brokers(cluster) + "-" + brokerId;
    }

    /** Headless Service that gives every broker a stable name. */
    public static String brokersService(String cluster) {
        return cluster + "-brokers";
    }

    /** Service that clients bootstrap from. */
    public static String bootstrapService(String cluster) {
        return cluster + "-bootstrap";
    }

    /** Volume claim template, and mounted volume, of a broker's data. */
    public static String dataVolume() {
        return "data";
    }

    /** PersistentVolumeClaim of one broker. */
    public static String dataClaim(String cluster, int brokerId) {
        return dataVolume() + "-" + brokerPod(cluster, brokerId);
    }

    /**
     * The broker id of a pod: the ordinal at the end of its name.
     *
     * @throws IllegalArgumentException when the name has none
     */
    public static int brokerId(String podName) {
        var dash = podName.lastIndexOf('-');
        try {
            var ordinal = Integer.parseInt(podName.substring(dash + 1));
            if (dash > 0 && ordinal >= 0) {
                return ordinal;
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("no ordinal at the end of pod name " + podName, e);
        }
        throw new IllegalArgumentException("no ordinal at the end of pod name " + podName);
    }
}
