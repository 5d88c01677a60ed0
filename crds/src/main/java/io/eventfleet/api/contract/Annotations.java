// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.api.contract;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Annotations with a meaning. */
public final class Annotations {
    /** On a PersistentVolumeClaim: the id of the cluster whose data it holds. */
    public static final String CLUSTER_ID = "eventfleet.io/cluster-id";

    /** On a pod template: SHA-256 of what the brokers are configured with, so that a change restarts them. */
    public static final String CONFIG_HASH = "eventfleet.io/config-hash";

    /** On a Topic: {@code "true"} brings the data of a deleted topic of that name back. */
    public static final String RESTORE = "eventfleet.io/restore";

    /** On any public resource: {@code "true"} makes the operator leave it alone. */
    public static final String PAUSED = "eventfleet.io/paused";

    /** On an EventCluster: {@code "false"} keeps replicas where they are when brokers are added. */
    public static final String REBALANCE = "eventfleet.io/rebalance";

    /** On a Topic: broker ids per partition as a Kafka client chose them, e.g. {@code 0,1;1,2}; read when partitions are created. */
    public static final String ASSIGNMENT = "eventfleet.io/assignment";

    /** On a Topic that a Kafka client deletes: milliseconds for which its data outlives the deletion. */
    public static final String DELETION_DELAY_MS = "eventfleet.io/deletion-delay-ms";

    /** On a Topic: {@code "true"} lets its deletion through while deletions are held because there are too many at once. */
    public static final String CONFIRM_DELETION = "eventfleet.io/confirm-deletion";

    /** On a Lease: counts the holder's renewals, so that it recognises its own on a watch. */
    public static final String RENEWAL = "eventfleet.io/renewal";

    /** On a Lease: address at which the holder accepts connections of other brokers. */
    public static final String INTERNAL_ADDRESS = "eventfleet.io/internal-address";

    private Annotations() {}

    /** True when the annotation is there and says {@code "true"}. */
    public static boolean isTrue(@Nullable Map<String, String> annotations, String name) {
        return annotations != null && "true".equals(annotations.get(name));
    }

    /** True when the annotation is there and says {@code "false"}. */
    public static boolean isFalse(@Nullable Map<String, String> annotations, String name) {
        return annotations != null && "false".equals(annotations.get(name));
    }
}
