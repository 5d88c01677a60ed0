// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.cluster.port;

import java.util.EnumSet;
import java.util.Set;

/** Which protections are on. */
public final class Guards {

    /** What production runs with. */
    public static final Guards ALL = new Guards(EnumSet.noneOf(Guard.class));

    private final Set<Guard> off;

    private Guards(Set<Guard> off) {
        this.off = off;
    }

    /** All but one. */
    public static Guards without(Guard guard) {
        return new Guards(EnumSet.of(guard));
    }

    public boolean on(Guard guard) {
        return !off.contains(guard);
    }
}
