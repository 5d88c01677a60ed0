// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.cluster;

/** When a broker counts a record as written: what survives a crash of the machine depends on it. */
public enum Durability {
    /** Synced to disk before it counts. */
    SYNCED,
    /** Handed to the operating system: survives a crash of the process, not of the machine. */
    BUFFERED
}
