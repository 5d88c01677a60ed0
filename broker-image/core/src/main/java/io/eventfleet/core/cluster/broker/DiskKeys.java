// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.cluster.broker;

/** Keys of a broker's durable facts. They are on disks: never rename or reuse one. */
final class DiskKeys {

    static final String CLUSTER_ID = "cluster.id";
    static final String BROKER_ID = "broker.id";
    static final String DIR_ID = "dir.id";
    /** Epoch, incarnation, boot and durability of the last process that served. */
    static final String SERVED = "served";
    /** Epoch of the process that stopped in order; absent while one may be serving. */
    static final String CLEAN = "clean";
    /** Version vector of the newest metadata installed. */
    static final String SEEN = "seen";

    private static final String SHARD = "shard/";

    private DiskKeys() {}

    static String shard(String name) {
        return SHARD + name;
    }
}
