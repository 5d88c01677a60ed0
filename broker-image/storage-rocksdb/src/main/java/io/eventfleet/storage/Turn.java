// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.storage;

import io.eventfleet.core.log.AppendListener.Appended;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/**
 * One turn of a shard's writer: everything that is written together, atomically, and what is to be said afterwards. Built
 * by the writer thread; after the write it belongs to whoever reports durability.
 */
final class Turn {

    private final ShardDatabase database;
    private final WriteBatch batch;
    private final ByteBuffer key = ByteBuffer.allocateDirect(Keys.PAIR_BYTES);
    private final Set<PartitionState> touched = new LinkedHashSet<>();
    private final Set<Window> windows = new LinkedHashSet<>();
    private final List<Outcome> outcomes = new ArrayList<>();
    private final List<Runnable> afterWrite = new ArrayList<>();
    private final List<Runnable> afterDurable = new ArrayList<>();
    private final List<Runnable> afterSync = new ArrayList<>();
    private long appendedBytes;
    private boolean windowEmptied;

    Turn(ShardDatabase database, WriteBatch batch) {
        this.database = database;
        this.batch = batch;
    }

    /** An append that this turn answers: stored now, or found to be stored already. */
    record Outcome(AppendTask task, Appended appended) implements Runnable {

        /** Tells that the append is written. */
        @Override
        public void run() {
            task.reportWritten(appended);
        }
    }

    void put(Table table, byte[] rowKey, byte[] value) throws RocksDBException {
        batch.put(database.table(table), rowKey, value);
    }

    void delete(Table table, byte[] rowKey) throws RocksDBException {
        batch.delete(database.table(table), rowKey);
    }

    void deleteRange(Table table, byte[] from, byte[] to) throws RocksDBException {
        batch.deleteRange(database.table(table), from, to);
    }

    /** Removes the record batches of a partition in one window from an offset on; later puts of this turn are kept. */
    void deleteRecords(Window window, int handle, long fromOffset) throws RocksDBException {
        batch.deleteRange(window.handle(), Keys.pair(handle, fromOffset), Keys.handle(handle + 1));
    }

    /** Adds a record batch; a direct buffer is read in place by the native code. */
    void putBatch(Window window, int handle, long baseOffset, ByteBuffer bytes) throws RocksDBException {
        int size = bytes.remaining();
        if (bytes.isDirect()) {
            key.clear();
            key.putInt(handle).putLong(baseOffset).flip();
            batch.put(window.handle(), key, bytes);
        } else {
            var copy = new byte[size];
            bytes.get(copy);
            batch.put(window.handle(), Keys.pair(handle, baseOffset), copy);
        }
        window.add(size);
        appendedBytes += size;
    }

    /** The partition's row is written with this turn. */
    void touch(PartitionState partition) {
        touched.add(partition);
    }

    /** The partition has no row any more. */
    void untouch(PartitionState partition) {
        touched.remove(partition);
        partition.takeChangedProducers();
    }

    /** The window's row is written with this turn. */
    void changed(Window window) {
        windows.add(window);
        windowEmptied |= window.liveParts() == 0;
    }

    void answer(Outcome outcome) {
        outcomes.add(outcome);
        afterWrite.add(outcome);
    }

    /**
     * Runs on the writer thread after the write, before anything of this turn counts as durable, in the order of the
     * tasks: what each of them shows to readers builds on what the ones before it showed.
     */
    void afterWrite(Runnable action) {
        afterWrite.add(action);
    }

    /** Runs when the turn is as durable as the configured durability promises. */
    void afterDurable(Runnable action) {
        afterDurable.add(action);
    }

    /** Runs when the turn is synced, whatever the configured durability is. */
    void afterSync(Runnable action) {
        afterSync.add(action);
    }

    /** Completes the batch with the rows of everything that was touched. */
    void seal() throws RocksDBException {
        for (var partition : touched) {
            put(Table.PARTITIONS, Keys.handle(partition.handle()), partition.row());
            for (var producer : partition.takeChangedProducers()) {
                put(
                        Table.PRODUCERS,
                        Keys.pair(partition.handle(), producer.producerId()),
                        ProducerRow.encode(producer));
            }
        }
        for (var window : windows) {
            put(Table.WINDOWS, Keys.window(window.id()), window.row());
        }
    }

    boolean empty() {
        return batch.count() == 0
                && touched.isEmpty()
                && windows.isEmpty()
                && afterWrite.isEmpty()
                && afterDurable.isEmpty()
                && afterSync.isEmpty();
    }

    WriteBatch batch() {
        return batch;
    }

    List<Outcome> outcomes() {
        return outcomes;
    }

    long appendedBytes() {
        return appendedBytes;
    }

    /** A window may have lost its last part in this turn. */
    boolean windowEmptied() {
        return windowEmptied;
    }

    boolean needsSync() {
        return !afterSync.isEmpty();
    }

    void written() {
        afterWrite.forEach(Runnable::run);
    }

    /** Reports everything that waited for the promised durability, in the order of the appends. */
    void durable() {
        for (var outcome : outcomes) {
            outcome.task().reportDurable(outcome.appended());
        }
        afterDurable.forEach(Runnable::run);
    }

    void synced() {
        afterSync.forEach(Runnable::run);
    }
}
