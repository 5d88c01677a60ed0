// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.testkit.sim;

/** Kinds of faults; every run uses a random subset of those it is allowed. */
public enum Fault {
    KILL,
    POWER_LOSS,
    RESTART_IN_ORDER,
    PAUSE,
    CUT,
    LOSSY_NET,
    SLOW_NET,
    STORE_DOWN,
    STORE_CUT_OFF,
    STORE_ERRORS,
    LOST_REPLIES,
    LATE_WRITES,
    SLOW_STORE,
    WATCH_LAG,
    WATCH_BREAK,
    CLOCK_RATE,
    DISK_LOST,
    POD_REPLACED
}
