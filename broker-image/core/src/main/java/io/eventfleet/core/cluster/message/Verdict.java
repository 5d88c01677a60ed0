// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.cluster.message;

/** What a registration found out about a broker's disk. */
public enum Verdict {
    /** Nothing was known of this broker, so nothing can be missing. */
    NEW,
    /** Everything it ever reported is there. */
    INTACT,
    /** The machine may have lost what was not synced. */
    UNCLEAN,
    /** Another disk, or an older state of this one. */
    LOST
}
