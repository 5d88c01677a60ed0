// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.storage;

import io.eventfleet.core.log.BatchHeader;
import io.eventfleet.core.log.PartitionLog.ReadRequest;
import io.eventfleet.core.log.PartitionLog.ReadResult;
import io.eventfleet.core.log.RecordBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * The newest batches of all partitions, by reference, in the very buffers that they arrived in. Over the byte budget the
 * oldest goes first, except that a partition within its fair share is passed over a few times: one busy partition does
 * not push out the tails of the quiet ones. Thread-safe.
 */
final class TailCache implements AutoCloseable {

    private static final int MAX_PASSED_OVER = 8;

    private final long budgetBytes;
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicInteger partitions = new AtomicInteger();
    private final LongAdder hits = new LongAdder();
    private final LongAdder misses = new LongAdder();

    /** One ticket per cached batch, in order of arrival: it names the partition whose oldest batch may go. */
    private final ConcurrentLinkedQueue<PartitionTail> tickets = new ConcurrentLinkedQueue<>();

    private volatile boolean closed;

    TailCache(long budgetBytes) {
        this.budgetBytes = budgetBytes;
    }

    /** Adds batches that were just written; each gets its own reference. The shard's writer calls it. */
    void add(PartitionState partition, RecordBuffer buffer, List<BatchHeader> batches) {
        if (buffer.sizeBytes() > budgetBytes || closed) {
            // A gap would make the tail wrong: what is cached must be without holes up to the end.
            forget(partition);
            return;
        }
        PartitionTail tail = partition.tail();
        if (tail == null) {
            tail = new PartitionTail();
            partition.tail(tail);
            partitions.incrementAndGet();
        }
        int start = buffer.bytes().position();
        for (var header : batches) {
            RecordBuffer batch = batches.size() == 1
                    ? buffer
                    : new SliceBuffer(buffer, header.position() - start, header.sizeBytes());
            if (tail.append(header.baseOffset(), header.lastOffset(), batch.retain())) {
                bytes.addAndGet(batch.sizeBytes());
                tickets.add(tail);
            } else {
                batch.release();
            }
        }
        evict();
    }

    private void evict() {
        int passedOver = 0;
        while (bytes.get() > budgetBytes) {
            PartitionTail tail = tickets.poll();
            if (tail == null) {
                return;
            }
            long fairShare = budgetBytes / Math.max(1, partitions.get());
            if (tail.sizeBytes() <= fairShare && passedOver < MAX_PASSED_OVER) {
                passedOver++;
                tickets.add(tail);
                continue;
            }
            bytes.addAndGet(-tail.evictOldest());
        }
    }

    /** Answers a read that begins within the cached tail; empty when it begins before it. */
    Optional<ReadResult.Batches> read(PartitionState partition, ReadRequest request) {
        PartitionTail tail = partition.tail();
        Optional<ReadResult.Batches> found = tail == null ? Optional.empty() : tail.read(request);
        (found.isPresent() ? hits : misses).increment();
        return found;
    }

    /** Drops everything cached of a partition. */
    void forget(PartitionState partition) {
        PartitionTail tail = partition.tail();
        if (tail != null) {
            partition.tail(null);
            partitions.decrementAndGet();
            bytes.addAndGet(-tail.close());
        }
    }

    long bytes() {
        return bytes.get();
    }

    long hits() {
        return hits.sum();
    }

    long misses() {
        return misses.sum();
    }

    /** Releases everything. Writers and readers must have ended. */
    @Override
    public void close() {
        closed = true;
        for (PartitionTail tail = tickets.poll(); tail != null; tail = tickets.poll()) {
            bytes.addAndGet(-tail.close());
        }
    }
}
