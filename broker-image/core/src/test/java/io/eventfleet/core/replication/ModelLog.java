// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.replication;

import io.eventfleet.core.log.EpochHistory;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** A log of single records, each of which is known by its offset and the epoch in which it was written. */
final class ModelLog {
    private final List<Integer> records = new ArrayList<>();
    private long start;
    private EpochHistory epochs = EpochHistory.EMPTY;

    /** A log whose records were written in these epochs, from offset 0 on. */
    static ModelLog of(int... recordEpochs) {
        var log = new ModelLog();
        IntStream.of(recordEpochs).forEach(log::replicate);
        return log;
    }

    ModelLog copy() {
        var copy = new ModelLog();
        copy.records.addAll(records);
        copy.start = start;
        copy.epochs = epochs;
        return copy;
    }

    /** Leads: the epoch begins here, whether or not it will ever write. */
    ModelLog lead(int epoch, int appended) {
        epochs = epochs.with(epoch, end());
        IntStream.range(0, appended).forEach(i -> replicate(epoch));
        return this;
    }

    void replicate(int epoch) {
        epochs = epochs.with(epoch, end());
        records.add(epoch);
    }

    void truncate(long offset) {
        records.subList(Math.toIntExact(Math.min(end(), offset) - start), records.size())
                .clear();
        epochs = new EpochHistory(epochs.starts().stream()
                .filter(begun -> begun.startOffset() < offset)
                .toList());
    }

    void restart(long offset) {
        records.clear();
        start = offset;
        epochs = EpochHistory.EMPTY;
    }

    ModelLog startAt(long offset) {
        records.subList(0, Math.toIntExact(offset - start)).clear();
        start = offset;
        epochs = epochs.startingAt(offset);
        return this;
    }

    int epochAt(long offset) {
        return records.get(Math.toIntExact(offset - start));
    }

    long start() {
        return start;
    }

    long end() {
        return start + records.size();
    }

    List<Integer> records() {
        return List.copyOf(records);
    }

    LogExtent extent() {
        return new LogExtent(start, end(), epochs);
    }
}
