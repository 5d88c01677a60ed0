// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.api.contract;

/** Types of conditions, and the reasons that are given: an enumeration that users may match on. */
public final class Conditions {
    /** True: the resource does what it is for. */
    public static final String READY = "Ready";

    /** True: the observed state is on its way to the declared one. */
    public static final String RECONCILING = "Reconciling";

    /** True: without a change by someone nothing will get better. */
    public static final String STALLED = "Stalled";

    /** On an EventCluster. True: every partition has a leader and all its replicas in sync. */
    public static final String REPLICATED = "Replicated";

    /** On an EventCluster. True: replicas are being moved because brokers come or go. */
    public static final String SCALING = "Scaling";

    /** On a ConsumerGroup that declares topics. True: it consumes every one of them. */
    public static final String CONSUMES_TOPICS = "ConsumesTopics";

    /** Why a condition has its status. */
    public enum Reason {
        /** Everything is as declared. */
        AsDeclared,
        /** Brokers are not all serving yet. */
        BrokersStarting,
        /** Children are being created or changed. */
        Applying,
        /** A broker-level setting is unknown, unsupported or has an illegal value. */
        InvalidConfig,
        /** A field has a value that cannot be used. */
        InvalidSpec,
        /** The metadata root of the cluster is gone though the cluster has had one; it is not made again. */
        MetadataLost,
        /** Volumes or metadata of that name belong to different clusters. */
        ClusterIdConflict,
        /** Fewer brokers are asked for, but those that would go still hold partitions. */
        ScaleDownHeld,
        /** A field that cannot be changed once volumes exist was changed. */
        StorageChangeUnsupported,
        /** The resource is annotated as paused. */
        Paused,
        /** There is no EventCluster of that name in the namespace. */
        ClusterNotFound,
        /** The EventCluster is there and does not answer yet. */
        ClusterNotReady,
        /** The partitions of the topic are being created. */
        PartitionsCreating,
        /** Partitions are without a leader. */
        PartitionsOffline,
        /** Replicas are not all in sync. */
        UnderReplicated,
        /** More replicas are declared than there are brokers. */
        NotEnoughBrokers,
        /** Replicas are being moved to other brokers. */
        Moving,
        /** An older resource declares the same topic name. */
        TopicNameTaken,
        /** Fewer partitions are declared than the topic has. */
        PartitionsShrink,
        /** The topic is being closed. */
        Deleting,
        /** The group has never existed on the brokers or is gone. */
        GroupNotFound,
        /** The group is there, without members. */
        GroupEmpty,
        /** The group has members and is being balanced. */
        GroupRebalancing,
        /** An older resource declares the same group id. */
        GroupIdTaken,
        /** The group does not consume a declared topic. */
        TopicsNotConsumed,
        /** The operator failed and tries again; the message says at what. */
        ReconcileFailed
    }

    private Conditions() {}
}
