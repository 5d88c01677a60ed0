// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.replication;

import java.util.EnumSet;
import java.util.Set;

/** Which protections are on. */
public final class ReplicationGuards {

    /** What production runs with. */
    public static final ReplicationGuards ALL = new ReplicationGuards(EnumSet.noneOf(ReplicationGuard.class));

    private final Set<ReplicationGuard> off;

    private ReplicationGuards(Set<ReplicationGuard> off) {
        this.off = off;
    }

    /** All but one. */
    public static ReplicationGuards without(ReplicationGuard guard) {
        return new ReplicationGuards(EnumSet.of(guard));
    }

    public boolean on(ReplicationGuard guard) {
        return !off.contains(guard);
    }
}
