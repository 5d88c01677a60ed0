// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.cluster;

/** Life cycle of a topic's lines; docs/coordination.md draws the transitions. */
public enum TopicState {
    /** Lines are being written; nobody may use the topic, and no data exists. */
    NEW,
    /** Leaders and data exist. */
    OPEN,
    /** Deleted but restorable: nobody serves it, its data is kept until the grace is over. */
    TOMBSTONE,
    /** Data is being deleted; there is no way back. */
    PURGING
}
