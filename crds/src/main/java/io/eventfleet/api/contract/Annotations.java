// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.api.contract;

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

    private Annotations() {}
}
