// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.storage;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.DBOptions;
import org.rocksdb.FlushOptions;
import org.rocksdb.Options;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * One RocksDB instance and its column families. It owns every native handle; windows are handed out as handles that must
 * not be used after {@link #closeWindow}. Thread-safe, except that {@link #write} has one caller.
 */
final class ShardDatabase implements AutoCloseable {

    private static final String WINDOW_PREFIX = "w";

    private final NativeScope scope;
    private final RocksDB db;
    private final ColumnFamilyOptions windowOptions;
    private final WriteOptions writeOptions;
    private final Map<Table, ColumnFamilyHandle> tables = new EnumMap<>(Table.class);
    private final Map<Integer, ColumnFamilyHandle> found = new TreeMap<>();

    /** Until somebody listens, a failure is that of the opening. */
    private volatile FaultHandler onBroken = (message, cause) -> {};

    private ShardDatabase(NativeScope scope, Path directory, RocksMemory memory, boolean directIo)
            throws RocksDBException {
        this.scope = scope;
        DBOptions options = scope.own(RocksSettings.database(memory, directIo));
        ColumnFamilyOptions tableOptions = scope.own(RocksSettings.table(memory));
        windowOptions = scope.own(RocksSettings.window(memory));
        writeOptions = scope.own(new WriteOptions());
        var descriptors = new ArrayList<ColumnFamilyDescriptor>();
        for (Table table : Table.values()) {
            descriptors.add(new ColumnFamilyDescriptor(table.family(), tableOptions));
        }
        List<Integer> windows = windowsIn(directory);
        for (int window : windows) {
            descriptors.add(new ColumnFamilyDescriptor(family(window), windowOptions));
        }
        var handles = new ArrayList<ColumnFamilyHandle>(descriptors.size());
        db = scope.own(RocksDB.open(options, directory.toString(), descriptors, handles));
        for (Table table : Table.values()) {
            tables.put(table, scope.own(handles.get(table.ordinal())));
        }
        for (int i = 0; i < windows.size(); i++) {
            found.put(windows.get(i), handles.get(Table.values().length + i));
        }
    }

    /** Opens or creates the database; RocksDB replays its write-ahead log and makes that durable. */
    static ShardDatabase open(Path directory, RocksMemory memory, boolean directIo) throws RocksDBException {
        var scope = new NativeScope();
        boolean good = false;
        try {
            var database = new ShardDatabase(scope, directory, memory, directIo);
            good = true;
            return database;
        } finally {
            if (!good) {
                scope.close();
            }
        }
    }

    private static List<Integer> windowsIn(Path directory) throws RocksDBException {
        var windows = new ArrayList<Integer>();
        try (var options = new Options()) {
            for (byte[] name : RocksDB.listColumnFamilies(options, directory.toString())) {
                var family = new String(name, StandardCharsets.UTF_8);
                if (family.startsWith(WINDOW_PREFIX)) {
                    windows.add(Integer.parseInt(family.substring(WINDOW_PREFIX.length())));
                } else if (Arrays.stream(Table.values()).noneMatch(t -> Arrays.equals(t.family(), name))) {
                    throw new StorageException(
                            StorageException.Reason.FOREIGN, "unknown column family " + family + " in " + directory);
                }
            }
        }
        return windows;
    }

    private static byte[] family(int windowId) {
        return (WINDOW_PREFIX + windowId).getBytes(StandardCharsets.UTF_8);
    }

    /** Whether the directory held the window when it was opened and nobody has taken it yet. */
    boolean foundWindow(int windowId) {
        return found.containsKey(windowId);
    }

    /** The windows that the directory held when it was opened. The caller owns the handles from now on. */
    Map<Integer, ColumnFamilyHandle> takeFoundWindows() {
        var taken = Map.copyOf(found);
        found.clear();
        return taken;
    }

    ColumnFamilyHandle table(Table table) {
        ColumnFamilyHandle handle = tables.get(table);
        if (handle == null) {
            throw new IllegalStateException("no table " + table);
        }
        return handle;
    }

    byte @Nullable [] get(Table table, byte[] key) {
        try {
            return db.get(table(table), key);
        } catch (RocksDBException e) {
            throw broken("a read of table " + table + " failed", e);
        }
    }

    /** Visits rows with {@code from <= key < to} in order, or all from {@code from} on, until the visitor says false. */
    void scan(Table table, byte[] from, byte @Nullable [] to, BiPredicate<byte[], byte[]> visitor) {
        try (var scope = new NativeScope()) {
            var read = scope.own(new ReadOptions());
            if (to != null) {
                read.setIterateUpperBound(scope.own(new Slice(to)));
            }
            RocksIterator rows = scope.own(db.newIterator(table(table), read));
            rows.seek(from);
            while (rows.isValid() && visitor.test(rows.key(), rows.value())) {
                rows.next();
            }
            rows.status();
        } catch (RocksDBException e) {
            throw broken("a scan of table " + table + " failed", e);
        }
    }

    RocksIterator iterator(ColumnFamilyHandle window, ReadOptions read) {
        return db.newIterator(window, read);
    }

    /** Writes the batch to the write-ahead log, handed to the operating system, and to the memtables. */
    void write(WriteBatch batch) throws RocksDBException {
        db.write(writeOptions, batch);
    }

    /** Makes everything written before the call durable. */
    void sync() throws RocksDBException {
        db.syncWal();
    }

    long latestSequence() {
        return db.getLatestSequenceNumber();
    }

    ColumnFamilyHandle createWindow(int windowId) throws RocksDBException {
        return db.createColumnFamily(new ColumnFamilyDescriptor(family(windowId), windowOptions));
    }

    /** Starts the flush of a window that takes no more appends and does not wait for it. */
    void flushWindow(ColumnFamilyHandle window) throws RocksDBException {
        try (var options = new FlushOptions().setWaitForFlush(false).setAllowWriteStall(true)) {
            db.flush(options, window);
        }
    }

    /** Unlinks a window's files as soon as no iterator uses them. */
    void dropWindow(ColumnFamilyHandle window) throws RocksDBException {
        db.dropColumnFamily(window);
    }

    long property(ColumnFamilyHandle family, String name) {
        try {
            return db.getLongProperty(family, name);
        } catch (RocksDBException e) {
            throw broken("property " + name + " cannot be read", e);
        }
    }

    /** Hears of every failed read of a table from now on, whichever thread it was on. */
    void onBroken(FaultHandler handler) {
        onBroken = handler;
    }

    private StorageException broken(String what, RocksDBException cause) {
        onBroken.fatal(what + "; what it holds cannot be trusted", cause);
        return new StorageException(StorageException.Reason.BROKEN, what, cause);
    }

    /** Closes the tables and the database. Windows must be closed before, but for those never taken. */
    @Override
    public void close() {
        found.values().forEach(ColumnFamilyHandle::close);
        scope.close();
    }
}
