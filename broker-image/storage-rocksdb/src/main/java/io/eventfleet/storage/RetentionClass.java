// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.storage;

import io.eventfleet.core.log.PartitionLog.Retention;
import java.time.Duration;

/**
 * Partitions of one class share windows, because their records expire at about the same time. Ids are on disk: never
 * reuse, never renumber.
 */
enum RetentionClass {
    /** Nothing expires by time or size: internal topics, compacted topics, {@code retention.ms=-1}. */
    UNLIMITED(0, Duration.ofDays(30)),
    /** Up to an hour. */
    HOUR(1, Duration.ofMinutes(10)),
    /** Up to a day. */
    DAY(2, Duration.ofHours(3)),
    /** Up to eight days: Kafka's default of a week lies here. */
    WEEK(3, Duration.ofDays(1)),
    /** Longer, but not for ever. */
    LONG(4, Duration.ofDays(7)),
    /** Expires by size alone. */
    BY_SIZE(5, Duration.ofDays(1));

    private final int id;
    private final Duration rollAfter;

    RetentionClass(int id, Duration rollAfter) {
        this.id = id;
        this.rollAfter = rollAfter;
    }

    byte id() {
        return (byte) id;
    }

    /** How long a window of this class takes appends: a small part of the retention, so that little outlives it. */
    Duration rollAfter() {
        return rollAfter;
    }

    static RetentionClass of(Retention retention) {
        if (retention.retentionMs() < 0) {
            return retention.retentionBytes() < 0 ? UNLIMITED : BY_SIZE;
        }
        if (retention.retentionMs() <= Duration.ofHours(1).toMillis()) {
            return HOUR;
        }
        if (retention.retentionMs() <= Duration.ofDays(1).toMillis()) {
            return DAY;
        }
        return retention.retentionMs() <= Duration.ofDays(8).toMillis() ? WEEK : LONG;
    }

    static RetentionClass of(byte id) {
        for (var each : values()) {
            if (each.id == id) {
                return each;
            }
        }
        throw new StorageException(
                StorageException.Reason.FOREIGN,
                "unknown retention class " + id + ": the directory is from a newer version");
    }
}
