// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.storage;

import io.eventfleet.core.log.PartitionLog.Retention;
import java.util.stream.LongStream;

/**
 * Decides how far a log start may move: past whole parts, and within a part to a mark of the time index. Like Kafka it
 * keeps at least what the settings name. Any thread, inside the shard's read gate.
 */
final class RetentionPlan {

    private final StorageShard shard;
    private final PartitionState partition;

    RetentionPlan(StorageShard shard, PartitionState partition) {
        this.shard = shard;
        this.partition = partition;
    }

    /** The new log start offset, never above the high watermark and never below the present one. */
    long logStart(Retention retention, long nowMs, long highWatermark) {
        long start = partition.logStartOffset();
        if (retention.retentionMs() >= 0) {
            start = Math.max(start, byTime(nowMs - retention.retentionMs()));
        }
        if (retention.retentionBytes() >= 0) {
            start = Math.max(start, bySize(retention.retentionBytes()));
        }
        return Math.max(partition.logStartOffset(), Math.min(start, highWatermark));
    }

    /** Everything before it is older than the limit. */
    private long byTime(long oldestKeptMs) {
        long logEnd = partition.logEndOffset();
        long start = partition.logStartOffset();
        for (var part : partition.parts(shard.database())) {
            if (part.maxTimestamp() >= oldestKeptMs) {
                IndexEntry old =
                        TimeIndex.last(shard, partition.handle(), part, e -> e.maxTimestampBefore() < oldestKeptMs);
                return old == null ? start : old.offset();
            }
            start = Math.min(part.endOffset(), logEnd);
        }
        return start;
    }

    /** What is after it is still at least as much as the limit. */
    private long bySize(long keptBytes) {
        long logEnd = partition.logEndOffset();
        long start = partition.logStartOffset();
        // The log's published size may lag behind the parts: what is in excess follows from the parts alone.
        var live = partition.live(shard.database());
        long[] sizes = live.parts().stream().mapToLong(Part::bytes).toArray();
        long skipped = live.skippedBytes();
        long excess = LongStream.of(sizes).sum() - skipped - keptBytes;
        if (excess <= 0) {
            return start;
        }
        for (int i = 0; i < sizes.length; i++) {
            Part part = live.parts().get(i);
            long remaining = sizes[i] - skipped;
            if (remaining > excess) {
                long limit = excess + skipped;
                IndexEntry last = TimeIndex.last(shard, partition.handle(), part, e -> e.bytesBefore() <= limit);
                return last == null ? start : last.offset();
            }
            excess -= remaining;
            skipped = 0;
            start = Math.min(part.endOffset(), logEnd);
        }
        return start;
    }
}
