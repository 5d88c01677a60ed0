// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.storage;

import io.eventfleet.core.log.BatchHeader;
import io.eventfleet.core.log.LogState;
import io.eventfleet.core.log.ProducerEntry;
import io.eventfleet.core.log.ProducerStates;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.rocksdb.RocksDBException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the producers of a truncated log equal to what the log still says. Entries that lost some of their batches are
 * just written. For one that lost all of them the last batch that is left is looked for, backwards, by headers only and
 * within a bound: such a producer was writing when its leader failed, so that batch is mostly near. A producer that
 * began with what was removed is not looked for. Writer thread.
 */
final class ProducerRepair {

    /** How much of a log is searched; a fraction of a second from a slow disk. */
    static final long MAX_SEARCHED_BYTES = 32L << 20;

    private static final Logger LOG = LoggerFactory.getLogger(ProducerRepair.class);

    private final StorageShard shard;
    private final PartitionState partition;
    private final Turn turn;
    private final ByteBuffer header = ByteBuffer.allocateDirect(BatchHeader.SIZE_BYTES);

    ProducerRepair(StorageShard shard, PartitionState partition, Turn turn) {
        this.shard = shard;
        this.partition = partition;
        this.turn = turn;
    }

    /** Adds the producers' rows to the turn that truncates the log, whose parts are those that are left. */
    void write(LogState log, ProducerStates.Truncated truncated) throws RocksDBException {
        truncated.shortened().forEach(partition::producerChanged);
        Map<Long, ProducerEntry> wanted = new HashMap<>();
        for (var entry : truncated.emptied()) {
            if (entry.mayHaveOlderBatches()) {
                wanted.put(entry.producerId(), entry);
            }
        }
        if (!wanted.isEmpty()) {
            search(log, wanted);
        }
        for (var entry : truncated.emptied()) {
            if (log.producers().get(entry.producerId()) == null) {
                turn.delete(Table.PRODUCERS, Keys.pair(partition.handle(), entry.producerId()));
            }
        }
    }

    private void search(LogState log, Map<Long, ProducerEntry> wanted) throws RocksDBException {
        List<Part> parts = partition.parts(shard.database());
        long searched = 0;
        for (int i = parts.size() - 1; i >= 0 && !wanted.isEmpty(); i--) {
            long end = Math.min(parts.get(i).endOffset(), log.logEndOffset());
            List<Long> marks = marks(parts.get(i), end, log.logStartOffset());
            for (int j = marks.size() - 1; j >= 0 && !wanted.isEmpty(); j--) {
                if (searched >= MAX_SEARCHED_BYTES) {
                    LOG.atWarn()
                            .addKeyValue("partition", partition.id())
                            .addKeyValue("searchedBytes", searched)
                            .addKeyValue("producers", wanted.size())
                            .log("idempotent producers forgotten: their last batches lie too far back");
                    return;
                }
                searched += stretch(log, parts.get(i), marks.get(j), end, wanted);
                end = marks.get(j);
            }
        }
    }

    /** Where the stretches of a part begin: the log start or the part's own, and the marks of the time index. */
    private List<Long> marks(Part part, long end, long logStart) {
        var marks = new ArrayList<Long>();
        marks.add(Math.max(part.firstOffset(), logStart));
        TimeIndex.last(shard, partition.handle(), part, entry -> {
            if (entry.offset() > marks.getFirst() && entry.offset() < end) {
                marks.add(entry.offset());
            }
            return entry.offset() < end;
        });
        return marks;
    }

    /** Takes the last batch of each wanted producer in a stretch and returns the bytes read over. */
    private long stretch(LogState log, Part part, long from, long end, Map<Long, ProducerEntry> wanted)
            throws RocksDBException {
        long bytes = 0;
        var found = new HashMap<Long, ProducerEntry>();
        var only = new BatchCursor.Parts(shard, partition, List.of(part));
        try (var cursor = new BatchCursor(only, from)) {
            for (; cursor.valid() && cursor.baseOffset() < end; cursor.next()) {
                var batch = BatchHeader.at(cursor.peek(header), 0);
                bytes += batch.sizeBytes();
                ProducerEntry lost = wanted.get(batch.producerId());
                if (lost != null && batch.hasSequence()) {
                    found.put(batch.producerId(), lost.knownBy(batch));
                }
            }
        }
        for (var entry : found.values()) {
            wanted.remove(entry.producerId());
            log.restore(entry);
            partition.producerChanged(entry);
        }
        return bytes;
    }
}
