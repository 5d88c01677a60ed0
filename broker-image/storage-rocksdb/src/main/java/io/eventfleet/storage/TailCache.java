// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.storage;

import io.eventfleet.core.log.BatchHeader;
import io.eventfleet.core.log.PartitionLog.ReadRequest;
import io.eventfleet.core.log.PartitionLog.ReadResult;
import io.eventfleet.core.log.RecordBuffer;
import io.netty.buffer.ByteBufAllocator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * The newest batches of all partitions, by reference, in the very buffers that they arrived in, unless such
 * a buffer is much larger than the batch: that is copied rather than kept from its pool. Over the byte budget the
 * oldest goes first, except that a partition within its fair share is passed over a few times: one busy partition does
 * not push out the tails of the quiet ones. Thread-safe.
 */
final class TailCache implements AutoCloseable {

    private static final int MAX_PASSED_OVER = 8;

    /** A buffer that holds more than so many times a batch is not kept for that batch. */
    private static final long MAX_HELD_PER_BATCH = 2;

    /** Tickets of forgotten partitions that may wait for their turn before all of them are removed. */
    private static final int MAX_DEAD_TICKETS = 4096;

    private final long budgetBytes;
    private final ByteBufAllocator allocator;
    private final AtomicInteger deadTickets = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicInteger partitions = new AtomicInteger();
    private final LongAdder hits = new LongAdder();
    private final LongAdder misses = new LongAdder();

    /** One ticket per cached batch, in order of arrival: it names the partition whose oldest batch may go. */
    private final ConcurrentLinkedQueue<PartitionTail> tickets = new ConcurrentLinkedQueue<>();

    private volatile boolean closed;

    TailCache(long budgetBytes, ByteBufAllocator allocator) {
        this.budgetBytes = budgetBytes;
        this.allocator = allocator;
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
            RecordBuffer kept = keep(batch);
            if (tail.append(header.baseOffset(), header.lastOffset(), kept)) {
                bytes.addAndGet(PartitionTail.chargeOf(kept));
                tickets.add(tail);
            } else {
                kept.release();
            }
        }
        evict();
    }

    /** One more reference to the batch, or to a copy of it. */
    private RecordBuffer keep(RecordBuffer batch) {
        if (batch.heldBytes() <= MAX_HELD_PER_BATCH * batch.sizeBytes()) {
            return batch.retain();
        }
        return new PooledBuffer(allocator.directBuffer(batch.sizeBytes()).writeBytes(batch.bytes()));
    }

    private void evict() {
        int passedOver = 0;
        while (bytes.get() > budgetBytes) {
            PartitionTail tail = tickets.poll();
            if (tail == null) {
                return;
            }
            if (tail.closed()) {
                continue;
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
            int dead = deadTickets.addAndGet(tail.count());
            bytes.addAndGet(-tail.close());
            if (dead > MAX_DEAD_TICKETS) {
                deadTickets.set(0);
                tickets.removeIf(PartitionTail::closed);
            }
        }
    }

    /** Entries in order of eviction, those of forgotten partitions included. */
    int tickets() {
        return tickets.size();
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
