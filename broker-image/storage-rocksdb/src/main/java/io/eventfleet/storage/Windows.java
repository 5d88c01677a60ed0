// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.storage;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.RocksDBException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The windows of one shard: which one takes the appends of a class, and which have nothing left to keep. The writer
 * thread changes them, except that {@link #drop} runs in the background; readers only look windows up.
 */
final class Windows implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Windows.class);

    /** A window that never held this much is kept for the next appends when its last part dies: creating one costs more. */
    private static final long WORTH_DROPPING_BYTES = 1L << 20;

    private static final String FILE_BYTES = "rocksdb.total-sst-files-size";

    private final ShardDatabase database;
    private final long maxBytes;
    private final Duration maxAge;
    private final Map<Integer, Window> all = new ConcurrentHashMap<>();
    private final Map<RetentionClass, Window> active = new EnumMap<>(RetentionClass.class);
    private int nextId;

    Windows(ShardDatabase database, long maxBytes, Duration maxAge) {
        this.database = database;
        this.maxBytes = maxBytes;
        this.maxAge = maxAge;
    }

    /**
     * Takes over the windows found on disk. A column family without a row was created and never used; a row without a
     * column family was dropped and not yet forgotten, unless parts still live in it, which is a loss.
     *
     * @return rows that are to be removed
     */
    List<Integer> recover() throws RocksDBException {
        refuseIfLost();
        var rows = new ArrayList<Integer>();
        var gone = new ArrayList<Integer>();
        Map<Integer, ColumnFamilyHandle> families = database.takeFoundWindows();
        for (var entry : families.entrySet()) {
            nextId = Math.max(nextId, entry.getKey() + 1);
        }
        database.scan(Table.WINDOWS, new byte[0], null, (key, value) -> {
            int id = java.nio.ByteBuffer.wrap(key).getInt();
            rows.add(id);
            nextId = Math.max(nextId, id + 1);
            ColumnFamilyHandle handle = families.get(id);
            if (handle == null) {
                gone.add(id);
                return true;
            }
            var window = Window.decode(id, value, handle);
            window.add(database.property(handle, FILE_BYTES));
            all.put(id, window);
            if (!window.sealed()) {
                active.put(window.retention(), window);
            }
            return true;
        });
        Set<Integer> unused = new HashSet<>(families.keySet());
        rows.forEach(unused::remove);
        for (int id : unused) {
            ColumnFamilyHandle handle = handleOf(families, id);
            database.dropWindow(handle);
            handle.close();
        }
        return gone;
    }

    private void refuseIfLost() {
        database.scan(Table.WINDOWS, new byte[0], null, (key, row) -> {
            int id = java.nio.ByteBuffer.wrap(key).getInt();
            int liveParts = Window.livePartsOf(row);
            if (liveParts > 0 && !database.foundWindow(id)) {
                throw new StorageException(
                        StorageException.Reason.LOST_TAIL,
                        "window " + id + " is gone and " + liveParts
                                + " parts of partitions still live in it: the disk lost acknowledged records");
            }
            return true;
        });
    }

    private static ColumnFamilyHandle handleOf(Map<Integer, ColumnFamilyHandle> families, int id) {
        ColumnFamilyHandle handle = families.get(id);
        if (handle == null) {
            throw new IllegalStateException("no window " + id);
        }
        return handle;
    }

    @Nullable
    Window get(int id) {
        return all.get(id);
    }

    /** A window that a live part names; its absence is a broken invariant. */
    Window require(int id) {
        Window window = all.get(id);
        if (window == null) {
            throw new IllegalStateException("a live part names window " + id + ", which does not exist");
        }
        return window;
    }

    /** The window that takes an append of this class now. Rolls to a new one when the present one is full or old. */
    Window activeFor(RetentionClass retention, long nowMs, Turn turn) throws RocksDBException {
        Window present = active.get(retention);
        if (present != null && !expired(present, nowMs)) {
            return present;
        }
        if (present != null) {
            seal(present, turn);
        }
        int id = nextId++;
        var window = new Window(id, retention, nowMs, database.createWindow(id));
        all.put(id, window);
        active.put(retention, window);
        turn.changed(window);
        return window;
    }

    /** The windows that take appends; one per class at the most. Writer only. */
    List<Window> active() {
        return List.copyOf(active.values());
    }

    private boolean expired(Window window, long nowMs) {
        Duration age = maxAge.compareTo(window.retention().rollAfter()) < 0
                ? maxAge
                : window.retention().rollAfter();
        return window.bytes() >= maxBytes || nowMs - window.createdMs() >= age.toMillis();
    }

    private void seal(Window window, Turn turn) throws RocksDBException {
        window.seal();
        active.remove(window.retention(), window);
        turn.changed(window);
        database.flushWindow(window.handle());
    }

    /** Counts a part out; a window without parts is dropped once that is durable. */
    void partDied(int windowId, Turn turn) throws RocksDBException {
        Window window = require(windowId);
        window.partDied();
        turn.changed(window);
        if (window.liveParts() == 0 && !window.sealed() && window.bytes() >= WORTH_DROPPING_BYTES) {
            seal(window, turn);
        }
    }

    /** Sealed windows in which nothing lives. */
    List<Window> droppable() {
        return all.values().stream()
                .filter(w -> w.sealed() && w.liveParts() == 0)
                .toList();
    }

    /** Drops a window whose emptiness is durable; false when that was done before. Background thread. */
    boolean drop(Window window) throws RocksDBException {
        if (!all.remove(window.id(), window)) {
            return false;
        }
        database.dropWindow(window.handle());
        window.release();
        LOG.atInfo()
                .addKeyValue("window", window.id())
                .addKeyValue("retentionClass", window.retention())
                .addKeyValue("bytes", window.bytes())
                .log("window dropped");
        return true;
    }

    int count() {
        return all.size();
    }

    /** Gives all handles back; reads must have ended. */
    @Override
    public void close() {
        all.values().forEach(Window::release);
        all.clear();
    }
}
