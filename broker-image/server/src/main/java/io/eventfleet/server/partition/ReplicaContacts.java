// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.partition;

import io.eventfleet.core.cluster.image.PartitionInfo;
import java.time.Duration;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * Whom replication hears: both ends of replica fetches say so here. From it the controller learns who is silent to
 * everybody (E2b), and a leader that hears nobody at all stops to take records that nobody else would ever see (S19,
 * docs/coordination.md). Thread-safe; nothing blocks.
 */
public final class ReplicaContacts {
    private static final Duration SILENCE = Duration.ofSeconds(10);

    private final int brokerId;
    private final LongSupplier nanoTime;
    private final Map<Integer, Long> heardAt = new ConcurrentHashMap<>();
    private volatile boolean alone;

    /** @param nanoTime the clock of {@link System#nanoTime} */
    public ReplicaContacts(int brokerId, LongSupplier nanoTime) {
        this.brokerId = brokerId;
        this.nanoTime = nanoTime;
    }

    /** A fetch of a follower on that broker arrived, or an answer of a leader there. */
    public void heard(int otherBrokerId) {
        heardAt.put(otherBrokerId, nanoTime.getAsLong());
    }

    /** When something was heard last, by broker id, on the clock of this object. */
    public SortedMap<Integer, Long> heardAt() {
        return new TreeMap<>(heardAt);
    }

    /** Neither the store nor a controller has been heard for a while; or one has been heard again. */
    public void setAlone(boolean isAlone) {
        alone = isAlone;
    }

    public boolean isAlone() {
        return alone;
    }

    /**
     * True if this broker may have been replaced as the leader of the partition without a chance to know: it hears neither
     * store nor controller, nor any of the other replicas. What it acknowledged without them would be lost. Never true of
     * a partition that has no other replica.
     */
    public boolean isCutOff(PartitionInfo partition) {
        if (!alone || partition.replicas().size() <= 1) {
            return false;
        }
        long since = nanoTime.getAsLong() - SILENCE.toNanos();
        for (int replica : partition.replicas()) {
            var at = replica == brokerId ? null : heardAt.get(replica);
            if (at != null && at - since > 0) {
                return false;
            }
        }
        return true;
    }
}
