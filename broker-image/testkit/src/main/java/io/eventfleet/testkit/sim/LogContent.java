// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.testkit.sim;

import io.eventfleet.core.log.EpochHistory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** What one version of a log says: batches without a gap, epochs, and what is known of producers. */
final class LogContent {

    private final ArrayList<SimBatch> batches = new ArrayList<>();
    private final Map<Long, Long> offsets = new HashMap<>();
    private EpochHistory epochs = EpochHistory.EMPTY;
    private long start;
    private long end;
    private long highWatermark;

    LogContent copy() {
        var copy = new LogContent();
        copy.batches.addAll(batches);
        copy.offsets.putAll(offsets);
        copy.epochs = epochs;
        copy.start = start;
        copy.end = end;
        copy.highWatermark = highWatermark;
        return copy;
    }

    void apply(LogChange change) {
        switch (change) {
            case LogChange.Append(SimBatch batch) -> append(batch);
            case LogChange.BeginEpoch(int leaderEpoch) -> epochs = epochs.with(leaderEpoch, end);
            case LogChange.Truncate(long offset) -> truncate(offset);
            case LogChange.Restart(long offset) -> restart(offset);
            case LogChange.MoveStart(long offset) -> moveStart(offset);
            case LogChange.Checkpoint(long mark) -> highWatermark = mark;
        }
    }

    private void append(SimBatch batch) {
        if (batch.baseOffset() != end) {
            throw new IllegalStateException("a log that ends at " + end + " is given " + batch);
        }
        if (batch.leaderEpoch() > epochs.latestEpoch()) {
            epochs = epochs.with(batch.leaderEpoch(), end);
        }
        batches.add(batch);
        offsets.put(batch.payload(), batch.baseOffset());
        end = batch.endOffset();
    }

    private void truncate(long offset) {
        while (!batches.isEmpty() && batches.getLast().endOffset() > offset) {
            var gone = batches.removeLast();
            offsets.remove(gone.payload(), gone.baseOffset());
        }
        end = batches.isEmpty() ? start : batches.getLast().endOffset();
        long kept = end;
        epochs = new EpochHistory(epochs.starts().stream()
                .filter(epoch -> epoch.startOffset() < kept)
                .toList());
        highWatermark = Math.min(highWatermark, end);
    }

    private void restart(long offset) {
        batches.clear();
        offsets.clear();
        epochs = EpochHistory.EMPTY;
        start = offset;
        end = offset;
        highWatermark = offset;
    }

    private void moveStart(long offset) {
        start = Math.max(start, offset);
        batches.removeIf(batch -> batch.endOffset() <= start);
        epochs = epochs.startingAt(start);
        if (end < start) {
            throw new IllegalStateException("a log that ends at " + end + " is told to begin at " + start);
        }
    }

    long start() {
        return start;
    }

    long end() {
        return end;
    }

    EpochHistory epochs() {
        return epochs;
    }

    /** The checkpointed high watermark. */
    long highWatermark() {
        return Math.max(start, Math.min(highWatermark, end));
    }

    /** Where a payload is, as far as the producer's state says. */
    OptionalLong find(long payload) {
        Long offset = offsets.get(payload);
        return offset == null ? OptionalLong.empty() : OptionalLong.of(offset);
    }

    /** Batches that begin at or after {@code from} and end at or before {@code to}; {@code from} is a batch's beginning. */
    List<SimBatch> between(long from, long to) {
        int first = indexOf(from);
        int last = first;
        while (last < batches.size() && batches.get(last).endOffset() <= to) {
            last++;
        }
        return batches.subList(first, Math.max(first, last));
    }

    /** All batches. */
    List<SimBatch> batches() {
        return batches;
    }

    /** The batch that ends at the offset, or null. */
    @Nullable
    SimBatch endingAt(long offset) {
        int index = indexOf(offset) - 1;
        return index >= 0 && batches.get(index).endOffset() == offset ? batches.get(index) : null;
    }

    /** Index of the first batch that ends after the offset. */
    private int indexOf(long offset) {
        int low = 0;
        int high = batches.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (batches.get(middle).endOffset() <= offset) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
