// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.storage;

/** What an append must survive before it counts. */
public enum Durability {
    /** The write-ahead log is synced: a power cut loses nothing that was reported durable. */
    SYNCED,
    /** Handed to the operating system: the death of the process loses nothing, a power cut may. */
    BUFFERED
}
