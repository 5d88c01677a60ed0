// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.storage;

import io.eventfleet.core.log.EpochHistory;
import io.eventfleet.core.log.EpochHistory.EpochStart;
import io.eventfleet.core.log.LogState;
import io.eventfleet.core.log.ProducerEntry;
import io.eventfleet.core.log.ProducerStates;
import io.eventfleet.core.log.TopicPartitionId;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one partition in memory. Created small; epochs, parts and producers are read from disk when something
 * first needs them. Only the shard's writer changes it; the volatile figures are for everyone and always show a state
 * that was written.
 */
final class PartitionState {

    private final TopicPartitionId id;
    private final int handle;

    private volatile long logStartOffset;
    private volatile long logEndOffset;
    private volatile long durableEndOffset;
    private volatile long sizeBytes;
    private volatile long highWatermark;
    private volatile int leaderEpoch;
    private volatile RetentionClass retention;
    private volatile boolean deleted;

    /** The log start as the writer has it; parts below it may be gone already. */
    private volatile long writtenStartOffset;

    /** Counts truncations, always after their effect is visible: a reader that sees it unchanged saw one log. */
    private volatile int generation;

    /** Writer only, from here to the next blank line. */
    private @Nullable LogState log;

    private @Nullable Part newest;
    private long writtenSizeBytes;
    private @Nullable Map<Long, ProducerEntry> changedProducers;

    /** Replaced and never changed, guarded by this; the first is also read without. */
    private volatile @Nullable EpochHistory epochs;

    private @Nullable List<Part> parts;
    private long skippedBytes;

    /** Newest batches in memory; guarded by itself. */
    private volatile @Nullable PartitionTail tail;

    PartitionState(int handle, PartitionRow row) {
        this.id = row.id();
        this.handle = handle;
        this.logStartOffset = row.offsets().logStart();
        this.logEndOffset = row.offsets().logEnd();
        this.durableEndOffset = logEndOffset;
        this.highWatermark = Math.max(row.offsets().highWatermark(), logStartOffset);
        this.sizeBytes = row.sizeBytes();
        this.leaderEpoch = row.leaderEpoch();
        this.retention = row.retention();
        this.newest = row.newest();
        this.skippedBytes = row.skippedBytes();
        this.writtenStartOffset = logStartOffset;
        this.writtenSizeBytes = row.sizeBytes();
    }

    /** The row as the writer has it now. */
    synchronized byte[] row() {
        var state = log;
        long end = state == null ? logEndOffset : state.logEndOffset();
        int epoch = state == null ? leaderEpoch : state.leaderEpoch();
        var offsets = new PartitionRow.Offsets(writtenStartOffset, end, highWatermark);
        return new PartitionRow(id, epoch, offsets, skippedBytes, writtenSizeBytes, retention, newest).toBytes();
    }

    /** The decision state, read from disk on first use. Writer only. */
    LogState log(ShardDatabase database) {
        var state = log;
        if (state == null) {
            state = new LogState(
                    new LogState.Bounds(writtenStartOffset, logEndOffset),
                    leaderEpoch,
                    epochs(database),
                    () -> ProducerStates.of(storedProducers(database)));
            log = state;
        }
        return state;
    }

    /** Whether producers were ever looked at since this object exists. Writer only. */
    boolean producersLoaded() {
        return log != null && log.producersLoaded();
    }

    Collection<ProducerEntry> storedProducers(ShardDatabase database) {
        var stored = new ArrayList<ProducerEntry>();
        database.scan(Table.PRODUCERS, Keys.pair(handle, 0), Keys.handle(handle + 1), (key, value) -> {
            stored.add(ProducerRow.decode(Keys.numberOf(key), value));
            return true;
        });
        return stored;
    }

    /** The epochs if they were ever needed: no lock, no disk. */
    @Nullable
    EpochHistory knownEpochs() {
        return epochs;
    }

    synchronized EpochHistory epochs(ShardDatabase database) {
        var history = epochs;
        if (history == null) {
            var starts = new ArrayList<EpochStart>();
            database.scan(Table.EPOCH_STARTS, Keys.handle(handle), Keys.handle(handle + 1), (key, value) -> {
                starts.add(
                        new EpochStart(Keys.epochOf(key), ByteBuffer.wrap(value).getLong()));
                return true;
            });
            history = starts.isEmpty() ? EpochHistory.EMPTY : new EpochHistory(starts);
            epochs = history;
        }
        return history;
    }

    synchronized void publishEpochs(EpochHistory history) {
        epochs = history;
    }

    /** The live parts in order; the last one may be the one that takes appends. */
    synchronized List<Part> parts(ShardDatabase database) {
        var list = parts;
        if (list == null) {
            var loaded = new ArrayList<Part>();
            Part open = newest;
            database.scan(Table.WINDOW_PARTS, Keys.pair(handle, 0), Keys.handle(handle + 1), (key, value) -> {
                long first = Keys.numberOf(key);
                loaded.add(
                        open != null && open.firstOffset() == first
                                ? open
                                : Part.decode(first, ByteBuffer.wrap(value)));
                return true;
            });
            list = List.copyOf(loaded);
            parts = list;
        }
        return list;
    }

    /**
     * The live parts and what belongs to them, of the same moment.
     *
     * @param skippedBytes bytes of the oldest part that lie before the log start
     */
    record Live(List<Part> parts, long skippedBytes) {}

    synchronized Live live(ShardDatabase database) {
        return new Live(parts(database), skippedBytes);
    }

    /** Nothing is stored yet, so nothing needs to be read. */
    synchronized void knownEmpty() {
        parts = List.of();
        epochs = EpochHistory.EMPTY;
    }

    /** Replaces the live parts. Writer only. */
    synchronized void publishParts(List<Part> list, @Nullable Part newestPart) {
        parts = List.copyOf(list);
        newest = newestPart;
    }

    /** Replaces the live parts by those that a higher log start leaves. Writer only. */
    synchronized void publishLive(Live live, @Nullable Part newestPart) {
        publishParts(live.parts(), newestPart);
        skippedBytes = live.skippedBytes();
    }

    /**
     * Where a log begins and ends, and how much is in between.
     *
     * @param start log start offset
     * @param end log end offset
     * @param bytes stored bytes
     */
    record Extent(long start, long end, long bytes) {}

    /** Shows what a truncation leaves, before it is written: readers must not enter what is going away. Writer only. */
    synchronized void truncated(Live live, @Nullable Part newestPart, Extent extent) {
        publishLive(live, newestPart);
        writtenStartOffset = extent.start();
        writtenSizeBytes = extent.bytes();
        highWatermark = Math.clamp(highWatermark, extent.start(), extent.end());
        durableEndOffset = Math.min(durableEndOffset, extent.end());
        logEndOffset = extent.end();
        publishStart();
        generation = generation + 1;
    }

    /** Changes whenever the end of the log was cut off. */
    int generation() {
        return generation;
    }

    @Nullable
    Part newest() {
        return newest;
    }

    /** Remembers a producer's entry until the turn writes it. */
    void producerChanged(ProducerEntry entry) {
        var changed = changedProducers;
        if (changed == null) {
            changed = new LinkedHashMap<>();
            changedProducers = changed;
        }
        changed.put(entry.producerId(), entry);
    }

    void forgetChangedProducer(long producerId) {
        if (changedProducers != null) {
            changedProducers.remove(producerId);
        }
    }

    Collection<ProducerEntry> takeChangedProducers() {
        var changed = changedProducers;
        changedProducers = null;
        return changed == null ? List.of() : changed.values();
    }

    /** Counts bytes in or out; shown by {@link #publishEnd} and {@link #publishStart}. */
    void addBytes(long bytes) {
        writtenSizeBytes += bytes;
    }

    /** The log starts here as of this turn. */
    synchronized void startWrittenAt(long offset, long remainingBytes) {
        writtenStartOffset = offset;
        writtenSizeBytes = remainingBytes;
        highWatermark = Math.max(highWatermark, offset);
    }

    void publishStart() {
        logStartOffset = writtenStartOffset;
        sizeBytes = writtenSizeBytes;
    }

    void publishEnd(long endOffset) {
        logEndOffset = endOffset;
        sizeBytes = writtenSizeBytes;
    }

    /** Counts what is durable, unless it was written before a truncation that may have removed it. */
    synchronized void publishDurable(long endOffset, int ofGeneration) {
        if (ofGeneration == generation) {
            durableEndOffset = Math.max(durableEndOffset, endOffset);
        }
    }

    void publishLeaderEpoch(int epoch) {
        leaderEpoch = epoch;
    }

    synchronized void rememberHighWatermark(long offset) {
        highWatermark = Math.max(Math.min(offset, logEndOffset), logStartOffset);
    }

    void retain(RetentionClass value) {
        retention = value;
    }

    void markDeleted() {
        deleted = true;
    }

    @Nullable
    PartitionTail tail() {
        return tail;
    }

    void tail(@Nullable PartitionTail value) {
        tail = value;
    }

    TopicPartitionId id() {
        return id;
    }

    int handle() {
        return handle;
    }

    long logStartOffset() {
        return logStartOffset;
    }

    long logEndOffset() {
        return logEndOffset;
    }

    long durableEndOffset() {
        return durableEndOffset;
    }

    long sizeBytes() {
        return sizeBytes;
    }

    long highWatermark() {
        return highWatermark;
    }

    int leaderEpoch() {
        return leaderEpoch;
    }

    /** The log start as the writer has it, which readers may not see yet. */
    long writtenStartOffset() {
        return writtenStartOffset;
    }

    RetentionClass retention() {
        return retention;
    }

    boolean deleted() {
        return deleted;
    }
}
