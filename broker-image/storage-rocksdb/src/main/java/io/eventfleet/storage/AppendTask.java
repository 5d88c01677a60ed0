// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.storage;

import io.eventfleet.core.KafkaError;
import io.eventfleet.core.log.AppendListener;
import io.eventfleet.core.log.AppendListener.Appended;
import io.eventfleet.core.log.AppendListener.Rejected;
import io.eventfleet.core.log.AppendRequest;
import io.eventfleet.core.log.BatchHeader;
import io.eventfleet.core.log.EpochHistory;
import io.eventfleet.core.log.LogState;
import io.eventfleet.core.log.LogState.Decision;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One append on its way: decided, patched and put by the writer, reported by writer and syncer. */
final class AppendTask implements ShardTask {

    private static final Logger LOG = LoggerFactory.getLogger(AppendTask.class);
    private static final long NO_TIMESTAMP = -1;

    private final StorageShard shard;
    private final PartitionState partition;
    private final AppendRequest request;
    private final AppendListener listener;
    private List<BatchHeader> batches = List.of();

    /** Set when the first batch of an epoch came from its leader. */
    private @Nullable EpochHistory begun;

    /** Of the partition when this was stored. */
    private int generation;

    /** A task that failed its turn is refused again by whoever clears up. */
    private boolean rejected;

    /** Retains the request's buffer until it is stored or refused. */
    AppendTask(StorageShard shard, PartitionState partition, AppendRequest request, AppendListener listener) {
        this.shard = shard;
        this.partition = partition;
        this.request = request;
        this.listener = listener;
        request.batches().retain();
    }

    @Override
    public int sizeBytes() {
        return request.batches().sizeBytes();
    }

    @Override
    public void perform(Turn turn) throws RocksDBException {
        if (partition.deleted()) {
            reject(KafkaError.UNKNOWN_TOPIC_OR_PARTITION, "the partition was deleted");
            return;
        }
        if (shard.diskSpace().full()) {
            reject(KafkaError.KAFKA_STORAGE_ERROR, "the disk is full");
            return;
        }
        LogState log = partition.log(shard.database());
        ByteBuffer bytes = request.batches().bytes();
        switch (log.decide(request, bytes)) {
            case Decision.Rejected rejected -> reject(rejected.error(), rejected.message());
            case Decision.Duplicate duplicate ->
                turn.answer(new Turn.Outcome(
                        this,
                        new Appended(
                                duplicate.baseOffset(),
                                duplicate.lastOffset(),
                                NO_TIMESTAMP,
                                partition.logStartOffset(),
                                true)));
            case Decision.Accepted accepted -> store(turn, log, accepted, bytes);
        }
    }

    private void store(Turn turn, LogState log, Decision.Accepted accepted, ByteBuffer bytes) throws RocksDBException {
        if (accepted.baseOffset() < log.logEndOffset()) {
            new LogCut(shard, partition, turn).removeUnreachable();
        }
        Part part = currentPart(turn, accepted.baseOffset());
        Window window = shard.windows().require(part.windowId());
        long offset = accepted.baseOffset();
        for (var header : accepted.batches()) {
            if (!replicated()) {
                stamp(header, offset);
            }
            if (part.indexDue(shard.options().indexIntervalBytes())) {
                turn.put(
                        Table.TIME_INDEX,
                        Keys.pair(partition.handle(), offset),
                        IndexEntry.encode(part.maxTimestamp(), part.bytes()));
            }
            int size = header.sizeBytes();
            long timestampMs = header.maxTimestamp() >= 0 ? header.maxTimestamp() : request.appendTimeMs();
            turn.putBatch(window, partition.handle(), offset, bytes.slice(header.position(), size));
            part.add(offset, size, timestampMs);
            partition.addBytes(size);
            offset += header.lastOffsetDelta() + 1L;
        }
        EpochHistory before = log.epochs();
        log.apply(accepted);
        if (!log.epochs().equals(before)) {
            EpochRows.replace(turn, partition.handle(), before, log.epochs());
            begun = log.epochs();
        }
        accepted.producers().forEach(partition::producerChanged);
        batches = accepted.batches();
        generation = partition.generation();
        turn.touch(partition);
        turn.answer(new Turn.Outcome(
                this,
                new Appended(
                        accepted.baseOffset(),
                        accepted.lastOffset(),
                        stampsTime() ? request.appendTimeMs() : NO_TIMESTAMP,
                        partition.logStartOffset(),
                        false)));
    }

    private boolean replicated() {
        return request.origin() == AppendRequest.Origin.REPLICA;
    }

    private boolean stampsTime() {
        return request.stampAppendTime() && !replicated();
    }

    /** What a leader sets in a batch. */
    private void stamp(BatchHeader header, long offset) {
        header.patchBaseOffset(offset);
        header.patchPartitionLeaderEpoch(request.leaderEpoch());
        if (stampsTime()) {
            header.stampAppendTime(request.appendTimeMs());
        }
    }

    /** The part that takes this append: the newest one, or a new one when the class has rolled to another window. */
    private Part currentPart(Turn turn, long baseOffset) throws RocksDBException {
        Window window = shard.windows().activeFor(partition.retention(), request.appendTimeMs(), turn);
        Part newest = partition.newest();
        if (newest != null && newest.windowId() == window.id()) {
            return newest;
        }
        var parts = new ArrayList<>(partition.parts(shard.database()));
        if (newest != null) {
            newest.close(baseOffset);
            turn.put(Table.WINDOW_PARTS, Keys.pair(partition.handle(), newest.firstOffset()), newest.row());
        }
        var part = new Part(baseOffset, window.id());
        parts.add(part);
        turn.put(Table.WINDOW_PARTS, Keys.pair(partition.handle(), baseOffset), part.row());
        window.partBegun();
        turn.changed(window);
        partition.publishParts(parts, part);
        return part;
    }

    /** After the write: shows the batches to readers, then says so. Writer thread. */
    void reportWritten(Appended appended) {
        if (begun != null) {
            partition.publishEpochs(begun);
        }
        if (!appended.duplicate()) {
            if (!replicated()) {
                shard.tails().add(partition, request.batches(), batches);
            }
            partition.publishEnd(appended.lastOffset() + 1);
        }
        request.batches().release();
        tell(() -> listener.onWritten(appended));
    }

    void reportDurable(Appended appended) {
        if (!appended.duplicate()) {
            partition.publishDurable(appended.lastOffset() + 1, generation);
        }
        tell(() -> listener.onDurable(appended));
    }

    @Override
    public void refuse(StorageException why) {
        reject(KafkaError.KAFKA_STORAGE_ERROR, String.valueOf(why.getMessage()));
    }

    private void reject(KafkaError error, String message) {
        if (rejected) {
            return;
        }
        rejected = true;
        request.batches().release();
        tell(() -> listener.onRejected(new Rejected(error, message, partition.leaderEpoch())));
    }

    /** A listener's failure is its own: it must not end the thread that serves all partitions of the shard. */
    private void tell(Runnable call) {
        try {
            call.run();
        } catch (Error e) {
            // The thread would be gone without a word: nothing of the process can be relied on after an error.
            shard.fail("an append listener of " + partition.id() + " ended with an error", e);
        } catch (RuntimeException e) {
            LOG.atError().addKeyValue("partition", partition.id()).setCause(e).log("append listener failed");
        }
    }
}
