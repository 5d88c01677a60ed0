// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.replication;

import java.util.Collection;

/**
 * How far a partition is committed. A record is committed when every in-sync replica holds it as durably as promised and
 * there are at least {@code min.insync.replicas} of them; the high watermark never falls.
 */
public final class HighWatermarkRule {
    private HighWatermarkRule() {}

    /**
     * The high watermark that follows from what the leader knows.
     *
     * @param current the high watermark so far
     * @param minIsr in-sync replicas needed for a record to count
     * @param durableEnds for every in-sync replica, the leader included, the offset after its last durable record, or -1
     *     while the leader has not heard of it in this epoch
     * @return the new high watermark, at least {@code current}
     */
    public static long advance(long current, int minIsr, Collection<Long> durableEnds) {
        if (durableEnds.isEmpty() || durableEnds.size() < minIsr) {
            return current;
        }
        long least = Long.MAX_VALUE;
        for (long end : durableEnds) {
            least = Math.min(least, end);
        }
        return Math.max(current, least);
    }
}
