// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.testkit.sim;

import io.eventfleet.core.log.TopicPartitionId;
import java.util.HashMap;
import java.util.Map;

/**
 * What is committed in one partition, known to nobody inside the cluster: every record that was ever below the high
 * watermark of a leader, and every acknowledgement. Grows only.
 */
final class PartitionTruth {

    private final TopicPartitionId id;
    private final LogContent committed = new LogContent();
    private final Map<Long, Long> acknowledged = new HashMap<>();
    private long logStart;
    private long highestAcknowledged;
    private boolean excused;
    private boolean lost;

    PartitionTruth(TopicPartitionId id) {
        this.id = id;
    }

    TopicPartitionId id() {
        return id;
    }

    /** The highest high watermark that there ever was. */
    long end() {
        return committed.end();
    }

    /** End of what was acknowledged to producers who wanted all in-sync replicas. */
    long acknowledgedEnd() {
        return highestAcknowledged;
    }

    /**
     * More was lost than the cluster promises to survive.
     *
     * @param mayElect true when a replica that is not whole may be elected (UNCLEAN): nothing is asked of this partition any
     *     more. False when all who have it are LOST: then nobody may lead it
     */
    void excuse(boolean mayElect) {
        lost = true;
        excused |= mayElect;
    }

    boolean excused() {
        return excused;
    }

    /** True when nobody may be left who is whole. */
    boolean lost() {
        return lost;
    }

    /** Somebody deleted records below this offset. */
    void startsAt(long offset) {
        logStart = Math.max(logStart, offset);
    }

    /** A leader says that everything below {@code to} is committed; it had said so of what is below {@code from}. */
    void commit(String who, LogContent log, long from, long to) {
        if (excused()) {
            return;
        }
        if (to > log.end() || (to > log.start() && log.endingAt(to) == null)) {
            throw new Violation(28, who + ": high watermark " + to + " of " + id + " is no end of a batch of its log");
        }
        for (var batch : log.between(Math.max(from, log.start()), to)) {
            if (batch.baseOffset() < committed.end()) {
                compare(28, who, batch);
            } else {
                committed.apply(new LogChange.Append(batch));
            }
        }
    }

    /** 32: whoever is elected, or may be, has all of it. */
    void holds(int invariant, String who, LogContent log) {
        if (excused() || committed.end() == 0) {
            return;
        }
        long end = committed.end();
        if (log.end() < end || log.start() > Math.max(logStart, 0)) {
            throw new Violation(
                    invariant,
                    who + " holds " + id + " from " + log.start() + " to " + log.end() + "; committed are " + logStart
                            + " to " + end);
        }
        var last = log.endingAt(end);
        if (last != null) {
            compare(invariant, who, last);
        } else if (log.start() < end) {
            throw new Violation(
                    invariant, who + " holds another batch of " + id + " where the committed ones end at " + end);
        }
    }

    /** 28: batch by batch. */
    void holdsEveryBatch(int invariant, String who, LogContent log) {
        holds(invariant, who, log);
        if (!excused()) {
            log.between(log.start(), committed.end()).forEach(batch -> compare(invariant, who, batch));
        }
    }

    /** 34: a consumer was given this batch. */
    void read(String who, SimBatch batch) {
        if (!excused()) {
            if (batch.endOffset() > committed.end()) {
                throw new Violation(34, who + " read " + batch + " of " + id + ", committed is " + committed.end());
            }
            compare(34, who, batch);
        }
    }

    /** 25: a producer was told that its payload is at this offset and safe. */
    void acknowledge(String who, long payload, long baseOffset, int records) {
        if (excused()) {
            return;
        }
        if (baseOffset + records > committed.end()) {
            throw new Violation(
                    25, who + " acknowledged " + id + " at " + baseOffset + ", committed is " + committed.end());
        }
        var batch = committed.endingAt(baseOffset + records);
        if (batch == null || batch.payload() != payload) {
            throw new Violation(
                    25, who + " acknowledged " + payload + " of " + id + " at " + baseOffset + ": " + batch);
        }
        acknowledged.put(payload, baseOffset);
        highestAcknowledged = Math.max(highestAcknowledged, baseOffset + records);
    }

    private void compare(int invariant, String who, SimBatch batch) {
        var truth = committed.endingAt(batch.endOffset());
        if (!batch.equals(truth)) {
            throw new Violation(invariant, who + " has " + batch + " in " + id + ", committed is " + truth);
        }
    }

    /** 65: no payload is stored twice. */
    void checkUnique() {
        if (excused()) {
            return;
        }
        var seen = new HashMap<Long, SimBatch>();
        for (var batch : committed.batches()) {
            var other = seen.putIfAbsent(batch.payload(), batch);
            if (other != null) {
                throw new Violation(65, id + " has a payload twice: " + other + " and " + batch);
            }
        }
    }
}
