// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.api.contract;

/** TCP ports that are not the user's choice. */
public final class Ports {
    /** Brokers among themselves. */
    public static final int INTERNAL = 9093;

    /** Probes and metrics over HTTP. */
    public static final int HEALTH = 9404;

    private Ports() {}
}
