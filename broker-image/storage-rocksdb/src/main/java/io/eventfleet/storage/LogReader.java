// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.storage;

import io.eventfleet.core.log.BatchHeader;
import io.eventfleet.core.log.PartitionLog.ReadRequest;
import io.eventfleet.core.log.PartitionLog.ReadResult;
import io.eventfleet.core.log.RecordBuffer;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.rocksdb.RocksDBException;

/** Reads of one partition from disk into pooled direct buffers. Any thread; one object per read. */
final class LogReader {

    private static final int MIN_CHUNK_BYTES = 4 * 1024;
    private static final int MAX_CHUNK_BYTES = 1 << 20;

    private final StorageShard shard;
    private final PartitionState partition;
    private final ReadRequest request;
    private final List<RecordBuffer> buffers = new ArrayList<>();
    private ByteBuf chunk;
    private int total;
    private long next;

    LogReader(StorageShard shard, PartitionState partition, ReadRequest request) {
        this.shard = shard;
        this.partition = partition;
        this.request = request;
        this.next = request.offset();
        this.chunk = allocate(0);
    }

    private ByteBuf allocate(int atLeast) {
        long wanted = Math.min(request.maxBytes() - (long) total, partition.sizeBytes());
        int size = (int) Math.clamp(wanted, MIN_CHUNK_BYTES, MAX_CHUNK_BYTES);
        return shard.options().allocator().directBuffer(Math.max(size, atLeast));
    }

    /** Reads until the request is satisfied or the log ends. */
    ReadResult.Batches read() {
        boolean done = false;
        try {
            BatchCursor.Parts parts = new BatchCursor.Parts(shard, partition);
            try (var cursor = new BatchCursor(parts, request.offset())) {
                while (cursor.valid() && take(cursor)) {
                    cursor.next();
                }
            }
            done = true;
        } catch (RocksDBException e) {
            shard.fail("a read of " + partition.id() + " failed; its records cannot be trusted", e);
            throw new StorageException(StorageException.Reason.BROKEN, "a read failed", e);
        } finally {
            closeChunk();
            if (!done) {
                buffers.forEach(RecordBuffer::release);
            }
        }
        return new ReadResult.Batches(buffers, total, next);
    }

    private boolean take(BatchCursor cursor) {
        if (cursor.baseOffset() >= request.endOffset()) {
            return false;
        }
        int size = cursor.copyInto(writable());
        boolean first = total == 0;
        if (total + (long) size > request.maxBytes() && !(first && request.atLeastOneBatch())) {
            return false;
        }
        if (size > chunk.writableBytes()) {
            closeChunk();
            chunk = allocate(size);
            cursor.copyInto(writable());
        }
        var header = BatchHeader.at(chunk.nioBuffer(chunk.writerIndex(), size), 0);
        if (header.baseOffset() != cursor.baseOffset() || header.sizeBytes() != size) {
            var cause = new IllegalStateException("offset " + cursor.baseOffset() + " holds another batch");
            shard.fail("the log of " + partition.id() + " is damaged", cause);
            throw new StorageException(StorageException.Reason.BROKEN, "the log is damaged", cause);
        }
        next = header.lastOffset() + 1;
        chunk.writerIndex(chunk.writerIndex() + size);
        total += size;
        return true;
    }

    private ByteBuffer writable() {
        return chunk.nioBuffer(chunk.writerIndex(), chunk.writableBytes());
    }

    /** Adds the filled chunk to the answer, or gives an empty one back. */
    private void closeChunk() {
        if (chunk.isReadable()) {
            buffers.add(new PooledBuffer(chunk));
        } else {
            chunk.release();
        }
        chunk = io.netty.buffer.Unpooled.EMPTY_BUFFER;
    }
}
