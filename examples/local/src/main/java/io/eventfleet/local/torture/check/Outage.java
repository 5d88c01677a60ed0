// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.torture.check;

import io.eventfleet.local.torture.history.Key;

/** A time in which a partition acknowledged nothing, in nanoseconds since the run began. */
public record Outage(Key key, long beginNs, long endNs) {
    /** How long it was. */
    public long lengthNs() {
        return endNs - beginNs;
    }

    Outage longer(Outage other) {
        return other.lengthNs() > lengthNs() ? other : this;
    }
}
