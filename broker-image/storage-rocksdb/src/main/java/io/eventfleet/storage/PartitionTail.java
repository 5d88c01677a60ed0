// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.storage;

import io.eventfleet.core.log.PartitionLog.ReadRequest;
import io.eventfleet.core.log.PartitionLog.ReadResult;
import io.eventfleet.core.log.RecordBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The cached newest batches of one partition: a gapless run of offsets in a ring. Thread-safe by its own monitor. */
final class PartitionTail {

    /** What an entry costs beside its bytes: the objects that hold it, its ticket and the pool's rounding. */
    static final int ENTRY_BYTES = 512;

    private static final int INITIAL_BATCHES = 4;

    private Entry[] ring = new Entry[INITIAL_BATCHES];
    private int head;
    private int count;
    private long sizeBytes;
    private boolean closed;

    private record Entry(long baseOffset, long lastOffset, RecordBuffer batch) {}

    /** Takes over one reference; false (and nothing taken) when the tail was closed meanwhile. */
    synchronized boolean append(long baseOffset, long lastOffset, RecordBuffer batch) {
        if (closed) {
            return false;
        }
        if (count == ring.length) {
            grow();
        }
        ring[(head + count) & (ring.length - 1)] = new Entry(baseOffset, lastOffset, batch);
        count++;
        sizeBytes += chargeOf(batch);
        return true;
    }

    /** Bytes of the cache's budget that a batch takes up. */
    static long chargeOf(RecordBuffer batch) {
        return (long) batch.sizeBytes() + ENTRY_BYTES;
    }

    private void grow() {
        var larger = new Entry[ring.length * 2];
        for (int i = 0; i < count; i++) {
            larger[i] = at(i);
        }
        ring = larger;
        head = 0;
    }

    private Entry at(int index) {
        return ring[(head + index) & (ring.length - 1)];
    }

    /** Releases the oldest batch and returns what it was charged, or 0 when there is none. */
    @SuppressWarnings("NullAway") // empties the slot
    synchronized long evictOldest() {
        if (count == 0) {
            return 0;
        }
        Entry oldest = at(0);
        ring[head] = null;
        head = (head + 1) & (ring.length - 1);
        count--;
        long size = chargeOf(oldest.batch());
        sizeBytes -= size;
        oldest.batch().release();
        return size;
    }

    /** Releases everything, for good, and returns what it was charged. */
    synchronized long close() {
        closed = true;
        long size = sizeBytes;
        while (count > 0) {
            evictOldest();
        }
        return size;
    }

    synchronized boolean closed() {
        return closed;
    }

    synchronized int count() {
        return count;
    }

    synchronized long sizeBytes() {
        return sizeBytes;
    }

    /** Reads from the cached run; empty when the offset lies before it. */
    synchronized Optional<ReadResult.Batches> read(ReadRequest request) {
        if (count == 0
                || request.offset() < at(0).baseOffset()
                || request.offset() > at(count - 1).lastOffset()) {
            return Optional.empty();
        }
        List<RecordBuffer> buffers = new ArrayList<>();
        int bytes = 0;
        long next = request.offset();
        for (int i = indexOf(request.offset()); i < count; i++) {
            Entry entry = at(i);
            int size = entry.batch().sizeBytes();
            boolean fits =
                    bytes + (long) size <= request.maxBytes() || (buffers.isEmpty() && request.atLeastOneBatch());
            if (entry.baseOffset() >= request.endOffset() || !fits) {
                break;
            }
            buffers.add(entry.batch().retain());
            bytes += size;
            next = entry.lastOffset() + 1;
        }
        return Optional.of(new ReadResult.Batches(buffers, bytes, next));
    }

    private int indexOf(long offset) {
        int low = 0;
        int high = count - 1;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (at(middle).lastOffset() < offset) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
