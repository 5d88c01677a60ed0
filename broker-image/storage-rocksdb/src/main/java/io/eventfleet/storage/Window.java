// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.storage;

import java.nio.ByteBuffer;
import org.rocksdb.ColumnFamilyHandle;

/**
 * A column family that takes the appends of one retention class until it is full or old, is then flushed once, and is
 * dropped whole when the last part in it has expired. The writer changes its figures; readers borrow its handle by
 * reference count, because RocksDB must not be asked for an iterator over a closed handle.
 */
final class Window {

    private static final byte VERSION = 1;
    private static final int LIVE_PARTS_INDEX = 1 + 1 + Long.BYTES;

    private final int id;
    private final RetentionClass retention;
    private final long createdMs;
    private final ColumnFamilyHandle handle;
    private long bytes;
    private int liveParts;
    private boolean sealed;

    /** One reference is the store's own. */
    private int references = 1;

    Window(int id, RetentionClass retention, long createdMs, ColumnFamilyHandle handle) {
        this.id = id;
        this.retention = retention;
        this.createdMs = createdMs;
        this.handle = handle;
    }

    static Window decode(int id, byte[] bytes, ColumnFamilyHandle handle) {
        var row = ByteBuffer.wrap(bytes);
        byte version = row.get();
        if (version != VERSION) {
            throw new StorageException(StorageException.Reason.FOREIGN, "unknown window row version " + version);
        }
        var window = new Window(id, RetentionClass.of(row.get()), row.getLong(), handle);
        window.liveParts = row.getInt();
        window.sealed = row.get() != 0;
        return window;
    }

    /** How many live parts a stored row counts. */
    static int livePartsOf(byte[] row) {
        return ByteBuffer.wrap(row).getInt(LIVE_PARTS_INDEX);
    }

    byte[] row() {
        return ByteBuffer.allocate(15)
                .put(VERSION)
                .put(retention.id())
                .putLong(createdMs)
                .putInt(liveParts)
                .put((byte) (sealed ? 1 : 0))
                .array();
    }

    /** Borrows the handle for a read; false when the window is gone. Pair with {@link #release}. */
    synchronized boolean acquire() {
        if (references == 0) {
            return false;
        }
        references++;
        return true;
    }

    /** Gives a borrowed handle back; the last one closes it. */
    synchronized void release() {
        references--;
        if (references == 0) {
            handle.close();
        }
    }

    void add(long sizeBytes) {
        bytes += sizeBytes;
    }

    void partBegun() {
        liveParts++;
    }

    void partDied() {
        liveParts--;
        if (liveParts < 0) {
            throw new IllegalStateException("window " + id + " counts fewer than no parts");
        }
    }

    void seal() {
        sealed = true;
    }

    int id() {
        return id;
    }

    RetentionClass retention() {
        return retention;
    }

    long createdMs() {
        return createdMs;
    }

    ColumnFamilyHandle handle() {
        return handle;
    }

    long bytes() {
        return bytes;
    }

    int liveParts() {
        return liveParts;
    }

    boolean sealed() {
        return sealed;
    }
}
