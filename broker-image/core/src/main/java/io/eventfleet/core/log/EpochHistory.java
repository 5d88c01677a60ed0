// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.log;

import java.util.ArrayList;
import java.util.List;

/**
 * Which leader epoch began at which offset (KIP-101, KIP-320): entries strictly increase in both. Immutable.
 *
 * @param starts the entries in order
 */
public record EpochHistory(List<EpochStart> starts) {

    /** No epoch yet. */
    public static final EpochHistory EMPTY = new EpochHistory(List.of());

    private static final int UNDEFINED_EPOCH = -1;
    private static final long UNDEFINED_OFFSET = -1;

    /** Copies the entries and refuses any that do not strictly increase. */
    public EpochHistory {
        starts = List.copyOf(starts);
        for (int i = 1; i < starts.size(); i++) {
            if (starts.get(i).leaderEpoch() <= starts.get(i - 1).leaderEpoch()
                    || starts.get(i).startOffset() <= starts.get(i - 1).startOffset()) {
                throw new IllegalArgumentException("epoch starts do not increase: " + starts);
            }
        }
    }

    /**
     * An epoch and the offset of its first record.
     *
     * @param leaderEpoch the epoch
     * @param startOffset the log end offset when the epoch began
     */
    public record EpochStart(int leaderEpoch, long startOffset) {}

    /** The newest epoch, or -1. */
    public int latestEpoch() {
        return starts.isEmpty() ? UNDEFINED_EPOCH : starts.getLast().leaderEpoch();
    }

    /**
     * The history with one more epoch. Epochs that began at or after the same offset wrote nothing and vanish.
     *
     * @throws IllegalArgumentException when the epoch is lower than the latest
     */
    public EpochHistory with(int leaderEpoch, long startOffset) {
        if (leaderEpoch < latestEpoch()) {
            throw new IllegalArgumentException("epoch " + leaderEpoch + " after " + latestEpoch());
        }
        if (leaderEpoch == latestEpoch()) {
            return this;
        }
        var kept = new ArrayList<EpochStart>(starts.size() + 1);
        for (var start : starts) {
            if (start.startOffset() < startOffset) {
                kept.add(start);
            }
        }
        kept.add(new EpochStart(leaderEpoch, startOffset));
        return new EpochHistory(kept);
    }

    /** The history of a log that now begins at this offset: the epoch that covers it begins there. */
    public EpochHistory startingAt(long logStartOffset) {
        int covering = indexCovering(logStartOffset);
        if (covering < 0 || (covering == 0 && starts.getFirst().startOffset() == logStartOffset)) {
            return this;
        }
        var kept = new ArrayList<>(starts.subList(covering, starts.size()));
        kept.set(0, new EpochStart(kept.getFirst().leaderEpoch(), logStartOffset));
        return new EpochHistory(kept);
    }

    /** The history of a log that now ends at this offset: epochs that began there or later never were (KIP-101). */
    public EpochHistory endingAt(long logEndOffset) {
        if (starts.isEmpty() || starts.getLast().startOffset() < logEndOffset) {
            return this;
        }
        return new EpochHistory(starts.stream()
                .filter(start -> start.startOffset() < logEndOffset)
                .toList());
    }

    /** Leader epoch of the record at an offset, or -1 when it lies before every known epoch. */
    public int epochOf(long offset) {
        int covering = indexCovering(offset);
        return covering < 0 ? UNDEFINED_EPOCH : starts.get(covering).leaderEpoch();
    }

    /**
     * Where an epoch ended, by Kafka's rules: the latest epoch ends at the log end; an unknown one is answered with the
     * greatest lower epoch; a higher one than all is (-1, -1); one lower than all ends where the first known begins.
     */
    public PartitionLog.EpochEnd endOffsetFor(int leaderEpoch, long logEndOffset) {
        if (leaderEpoch < 0 || leaderEpoch > latestEpoch()) {
            return new PartitionLog.EpochEnd(UNDEFINED_EPOCH, UNDEFINED_OFFSET);
        }
        if (leaderEpoch == latestEpoch()) {
            return new PartitionLog.EpochEnd(leaderEpoch, logEndOffset);
        }
        int higher = 0;
        while (starts.get(higher).leaderEpoch() <= leaderEpoch) {
            higher++;
        }
        int found = higher == 0 ? leaderEpoch : starts.get(higher - 1).leaderEpoch();
        return new PartitionLog.EpochEnd(found, starts.get(higher).startOffset());
    }

    private int indexCovering(long offset) {
        int low = 0;
        int high = starts.size() - 1;
        int found = -1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (starts.get(middle).startOffset() <= offset) {
                found = middle;
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return found;
    }
}
