// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.testkit.sim;

import io.eventfleet.core.cluster.port.Guard;
import io.eventfleet.core.cluster.port.Guards;
import io.eventfleet.core.replication.ReplicationGuard;
import io.eventfleet.core.replication.ReplicationGuards;

/**
 * Which protections are on in a run.
 *
 * @param cluster those of metadata
 * @param replication those of records
 */
public record Protections(Guards cluster, ReplicationGuards replication) {

    /** What production runs with. */
    public static final Protections ALL = new Protections(Guards.ALL, ReplicationGuards.ALL);

    /** All but one. */
    static Protections without(Guard guard) {
        return new Protections(Guards.without(guard), ReplicationGuards.ALL);
    }

    /** All but one. */
    static Protections without(ReplicationGuard guard) {
        return new Protections(Guards.ALL, ReplicationGuards.without(guard));
    }

    /** All but the one of this name. */
    static Protections without(String name) {
        for (var guard : ReplicationGuard.values()) {
            if (guard.name().equals(name)) {
                return without(guard);
            }
        }
        return without(Guard.valueOf(name));
    }
}
