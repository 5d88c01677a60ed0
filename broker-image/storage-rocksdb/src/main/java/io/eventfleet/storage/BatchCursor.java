// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.storage;

import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;

/**
 * Walks the batches of one partition on disk over the windows that hold it, from the batch that contains an offset on.
 * Holds at most one window at a time. The caller is inside the shard's read gate.
 */
final class BatchCursor implements AutoCloseable {

    private static final int LAST_OFFSET_DELTA = 23;

    private final Parts parts;
    private final ReadOptions read;
    private final NativeScope scope = new NativeScope();
    private final ByteBuffer key = ByteBuffer.allocateDirect(Keys.PAIR_BYTES);
    private final ByteBuffer head = ByteBuffer.allocateDirect(LAST_OFFSET_DELTA + Integer.BYTES);
    private int part;
    private @Nullable Window window;
    private @Nullable RocksIterator rows;
    private long baseOffset;

    /** The live parts of a partition at one moment. */
    record Parts(StorageShard shard, PartitionState partition, List<Part> list) {

        Parts(StorageShard shard, PartitionState partition) {
            this(shard, partition, partition.parts(shard.database()));
        }

        int handle() {
            return partition.handle();
        }

        /** Whether the log start has passed the part, or the partition was deleted: its window may be gone. */
        boolean dead(Part part) {
            return partition.deleted() || !partition.parts(shard.database()).contains(part);
        }

        /** Index of the part that contains the offset, or of the first one after it. */
        int covering(long offset) {
            int index = 0;
            while (index < list.size() && list.get(index).endOffset() <= offset) {
                index++;
            }
            return index;
        }
    }

    BatchCursor(Parts parts, long offset) throws RocksDBException {
        this.parts = parts;
        read = scope.own(new ReadOptions())
                // A seek touches one block in every file of the window; the next read of the same partition touches
                // the same ones. Read-ahead is RocksDB's own, which begins when a file is read on, not at the seek.
                .setFillCache(true)
                .setIterateLowerBound(scope.own(new Slice(Keys.handle(parts.handle()))))
                .setIterateUpperBound(scope.own(new Slice(Keys.handle(parts.handle() + 1))));
        boolean placed = false;
        try {
            part = parts.covering(offset);
            seek(offset);
            placed = true;
        } finally {
            if (!placed) {
                close();
            }
        }
    }

    /** Places the cursor on the batch that contains the offset, else on the next one. */
    private void seek(long offset) throws RocksDBException {
        while (part < parts.list().size()) {
            RocksIterator iterator = open(parts.list().get(part));
            if (iterator != null) {
                iterator.seekForPrev(key(offset));
                if (!iterator.isValid()) {
                    iterator.status();
                    iterator.seek(key(offset));
                } else if (lastOffset(iterator) < offset) {
                    iterator.next();
                }
                if (settle(iterator)) {
                    return;
                }
            }
            closePart();
            part++;
        }
    }

    private long lastOffset(RocksIterator iterator) {
        head.clear();
        iterator.value(head);
        return offsetOf(iterator) + head.getInt(LAST_OFFSET_DELTA);
    }

    private long offsetOf(RocksIterator iterator) {
        key.clear();
        iterator.key(key);
        return key.getLong(Integer.BYTES);
    }

    /** Reads where the iterator stands; false when it has left the part. */
    private boolean settle(RocksIterator iterator) throws RocksDBException {
        if (!iterator.isValid()) {
            iterator.status();
            return false;
        }
        baseOffset = offsetOf(iterator);
        return baseOffset < parts.list().get(part).endOffset();
    }

    private ByteBuffer key(long offset) {
        key.clear();
        return key.putInt(parts.handle()).putLong(offset).flip();
    }

    /** An iterator over the window of a part; null when the window was dropped because the log start has passed it. */
    private @Nullable RocksIterator open(Part wanted) {
        Window found = parts.shard().windows().get(wanted.windowId());
        if (found == null || !found.acquire()) {
            if (!parts.dead(wanted)) {
                var cause = new IllegalStateException("no window " + wanted.windowId());
                parts.shard().fail("live records of " + parts.partition().id() + " are missing", cause);
                throw new StorageException(StorageException.Reason.BROKEN, "live records are missing", cause);
            }
            return null;
        }
        window = found;
        RocksIterator iterator = parts.shard().database().iterator(found.handle(), read);
        rows = iterator;
        return iterator;
    }

    private void closePart() {
        if (rows != null) {
            rows.close();
            rows = null;
        }
        if (window != null) {
            window.release();
            window = null;
        }
    }

    boolean valid() {
        return rows != null;
    }

    long baseOffset() {
        return baseOffset;
    }

    void next() throws RocksDBException {
        RocksIterator iterator = current();
        iterator.next();
        if (settle(iterator)) {
            return;
        }
        closePart();
        part++;
        if (part < parts.list().size()) {
            seek(parts.list().get(part).firstOffset());
        }
    }

    /** Copies as much of the batch as fits, from the buffer's position on, and returns the batch's size. */
    int copyInto(ByteBuffer target) {
        return current().value(target);
    }

    /** Copies the first bytes of the batch, enough for a header's timestamps and counts. */
    ByteBuffer peek(ByteBuffer target) {
        target.clear();
        current().value(target);
        target.position(0);
        return target;
    }

    private RocksIterator current() {
        if (rows == null) {
            throw new IllegalStateException("the cursor is at the end");
        }
        return rows;
    }

    @Override
    public void close() {
        closePart();
        scope.close();
    }
}
