// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.torture.nemesis;

import java.util.Arrays;
import java.util.Locale;

/** What can be done to the system. */
public enum FaultKind {
    /** {@code kill -9} of one broker, whichever. */
    KILL_BROKER,
    /** {@code kill -9} of the broker that is the controller. */
    KILL_CONTROLLER,
    /** {@code kill -9} of the broker that leads the most. */
    KILL_LEADER,
    /** {@code kill -9} of all brokers at once. */
    KILL_ALL,
    /** A broker stands still (SIGSTOP), then goes on. */
    PAUSE_BROKER,
    /** The controller stands still, then goes on. */
    PAUSE_CONTROLLER,
    /** Two brokers cannot reach each other. */
    CUT_PEERS,
    /** What one broker says to another one is lost, the other direction works. */
    CUT_ONE_WAY,
    /** One broker reaches no other broker; the API it does reach. */
    ISOLATE_BROKER,
    /** Everything between the brokers takes longer. */
    SLOW_PEERS,
    /** One broker cannot reach the Kubernetes API. */
    CUT_API,
    /** Nobody can reach the Kubernetes API. */
    API_DOWN,
    /** Each request to the Kubernetes API takes seconds. */
    API_SLOW,
    /** The Kubernetes API answers every other request with 429 or 500. */
    API_THROTTLED,
    /** The Kubernetes API does what it is asked, but every third answer is lost. */
    API_LOSES_ANSWERS,
    /** Somebody deletes the Lease of a broker, or the controller's. */
    DELETE_LEASE,
    /** A broker dies and comes back with an empty disk. Only while every partition is fully in sync, and one at a time. */
    WIPE_VOLUME,
    /** A broker gets the disk back that it had when the period began. As careful as {@link #WIPE_VOLUME}. */
    ROLL_VOLUME_BACK;

    /** True when it takes a disk away: then everything else must have been in order before. */
    boolean losesADisk() {
        return this == WIPE_VOLUME || this == ROLL_VOLUME_BACK;
    }

    /** As options and reports name it. */
    public String title() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** @throws IllegalArgumentException for a name that there is not, with all that there are */
    public static FaultKind of(String title) {
        return Arrays.stream(values())
                .filter(kind -> kind.title().equals(title))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no fault '" + title + "'; there are "
                        + String.join(
                                ", ",
                                Arrays.stream(values()).map(FaultKind::title).toList())));
    }
}
