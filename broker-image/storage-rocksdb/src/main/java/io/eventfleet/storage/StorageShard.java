// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.storage;

import io.eventfleet.core.log.TopicPartitionId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;

/**
 * One RocksDB with its writer thread, its sync thread, and one thread for what may take its time (dropping windows). All
 * partitions of the shard share them.
 */
final class StorageShard {

    private static final String NEXT_HANDLE = "shard.next.handle";
    private static final long CLOSE_WAIT_SECONDS = 60;

    private final String name;
    private final StorageOptions options;
    private final FaultHandler fault;
    private final TailCache tails;
    private final ShardDatabase database;
    private final Windows windows;
    private final ShardQueue queue;
    private final DiskSpace diskSpace;
    private final SyncMark mark;
    private final ShardSyncer syncer;
    private final ShardCounters counters = new ShardCounters();
    private final ReadGate gate = new ReadGate();
    private final AtomicBoolean failed = new AtomicBoolean();
    private final Set<PartitionState> movedHighWatermarks = ConcurrentHashMap.newKeySet();
    private final ExecutorService background;
    private final ShardWriter writer;
    private final Thread writerThread;
    private final Thread syncThread;
    private int nextHandle;

    /** What all shards of a store share. */
    record Shared(StorageOptions options, FaultHandler fault, RocksMemory memory, TailCache tails, boolean directIo) {}

    private StorageShard(Path directory, Shared shared) throws RocksDBException, IOException {
        this.name = directory.getFileName().toString();
        this.options = shared.options();
        this.fault = shared.fault();
        this.tails = shared.tails();
        this.queue = new ShardQueue(options.queueBytes(), options.queueTasks());
        this.diskSpace = new DiskSpace(directory, options);
        this.mark = new SyncMark(SyncMark.in(directory));
        this.database = openDatabase(directory, shared, mark);
        this.windows =
                new Windows(database, shared.memory().windowBytes(options.windowBytes()), options.windowMaxAge());
        this.syncer = new ShardSyncer(this, mark);
        this.background = Executors.newSingleThreadExecutor(
                Thread.ofPlatform().daemon().name(name + "-background").factory());
        this.writer = new ShardWriter(this, syncer);
        this.writerThread = Thread.ofPlatform().daemon().name(name + "-writer").unstarted(writer);
        this.syncThread = Thread.ofPlatform().daemon().name(name + "-sync").unstarted(syncer);
    }

    /** Opens the database and compares it with the mark; closes both when they do not go together. */
    private static ShardDatabase openDatabase(Path directory, Shared shared, SyncMark mark)
            throws RocksDBException, IOException {
        var scope = new NativeScope();
        scope.own(mark);
        boolean good = false;
        try {
            long synced = mark.read();
            ShardDatabase opened = scope.own(ShardDatabase.open(directory, shared.memory(), shared.directIo()));
            long recovered = opened.latestSequence();
            if (recovered < synced) {
                throw new StorageException(
                        StorageException.Reason.LOST_TAIL,
                        directory + " was synced up to change " + synced + " and holds changes only up to " + recovered
                                + ": the disk lost acknowledged records");
            }
            good = true;
            return opened;
        } finally {
            if (!good) {
                scope.close();
            }
        }
    }

    /**
     * Opens a shard: replay of the write-ahead log, which RocksDB ends with a flush, and one sync. Threads start when the
     * caller has checked whose directory it is.
     */
    static StorageShard open(Path directory, Shared shared) {
        try {
            var shard = new StorageShard(directory, shared);
            boolean good = false;
            try {
                shard.recover();
                good = true;
                return shard;
            } finally {
                if (!good) {
                    shard.closeFiles();
                }
            }
        } catch (RocksDBException | IOException e) {
            throw new StorageException(
                    StorageException.Reason.BROKEN, directory + " cannot be opened: " + e.getMessage(), e);
        }
    }

    private void recover() throws RocksDBException {
        List<Integer> gone = windows.recover();
        byte[] stored = database.get(Table.META, bytes(NEXT_HANDLE));
        nextHandle = stored == null ? 1 : ByteBuffer.wrap(stored).getInt();
        database.sync();
        diskSpace.check(0);
        queue.force(new Housekeeping(gone));
    }

    void start() {
        database.onBroken(this::fail);
        syncThread.start();
        writerThread.start();
    }

    /** First task of a shard: forgets windows that are gone and drops those that emptied before the last stop. */
    private final class Housekeeping implements ShardTask {
        private final List<Integer> gone;

        Housekeeping(List<Integer> gone) {
            this.gone = gone;
        }

        @Override
        public void perform(Turn turn) throws RocksDBException {
            for (int window : gone) {
                turn.delete(Table.WINDOWS, Keys.window(window));
            }
            dropEmptyWindows(turn);
        }

        @Override
        public void refuse(StorageException why) {
            // The next start does it.
        }
    }

    /** Drops windows without live parts in the background, once the turn that emptied them is synced. */
    void dropEmptyWindows(Turn turn) {
        List<Window> droppable = windows.droppable();
        if (!droppable.isEmpty()) {
            turn.afterSync(() -> {
                forceMark();
                background.execute(() -> drop(droppable));
            });
        }
    }

    /** A window is dropped for good at once: by then it must be known that what emptied it was synced. Sync thread. */
    private void forceMark() {
        try {
            mark.force();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void drop(List<Window> droppable) {
        try {
            var dropped = new ArrayList<Integer>();
            for (var window : droppable) {
                if (windows.drop(window)) {
                    dropped.add(window.id());
                }
            }
            if (!dropped.isEmpty()) {
                queue.force(new Housekeeping(dropped));
            }
        } catch (RocksDBException | RuntimeException | Error e) {
            fail("a window of " + this + " cannot be dropped", e);
        }
    }

    int allocateHandle(Turn turn) throws RocksDBException {
        int handle = nextHandle++;
        turn.put(Table.META, bytes(NEXT_HANDLE), Keys.handle(nextHandle));
        return handle;
    }

    /** The stored state of a partition, or null. */
    @Nullable
    PartitionState find(TopicPartitionId id) {
        try (var _ = gate.enter()) {
            byte[] handle = database.get(Table.HANDLES, Keys.partition(id));
            if (handle == null) {
                return null;
            }
            byte[] row = database.get(Table.PARTITIONS, handle);
            if (row == null) {
                throw new StorageException(StorageException.Reason.BROKEN, id + " has a handle and no state");
            }
            return new PartitionState(ByteBuffer.wrap(handle).getInt(), PartitionRow.decode(row));
        }
    }

    List<TopicPartitionId> stored() {
        try (var _ = gate.enter()) {
            var ids = new ArrayList<TopicPartitionId>();
            database.scan(Table.HANDLES, new byte[0], null, (key, value) -> ids.add(Keys.partitionOf(key)));
            return ids;
        }
    }

    /** Queues an append; a full or closed queue refuses it at once. */
    void submitAppend(AppendTask task) {
        if (failed()) {
            task.refuse(new StorageException(StorageException.Reason.BROKEN, this + " has failed"));
            return;
        }
        switch (queue.offer(task)) {
            case ACCEPTED -> {}
            case FULL -> {
                counters.refused();
                task.refuse(new StorageException(StorageException.Reason.CLOSED, "the append queue is full"));
            }
            case CLOSED -> task.refuse(closedException());
        }
    }

    /** Queues anything else. */
    void submit(ShardTask task) {
        if (failed()) {
            task.refuse(new StorageException(StorageException.Reason.BROKEN, this + " has failed"));
        } else if (queue.force(task) == ShardQueue.Offer.CLOSED) {
            task.refuse(closedException());
        }
    }

    /** Completes when everything queued before is written and synced. */
    CompletionStage<Void> syncWritten() {
        var task = new StageTask<Void>() {
            @Override
            public void perform(Turn turn) {
                turn.afterSync(() -> done().complete(null));
            }
        };
        submit(task);
        return task.done();
    }

    private static StorageException closedException() {
        return new StorageException(StorageException.Reason.CLOSED, "the log store is closed");
    }

    void highWatermarkMoved(PartitionState partition) {
        movedHighWatermarks.add(partition);
    }

    List<PartitionState> takeMovedHighWatermarks() {
        var moved = new ArrayList<PartitionState>();
        for (var partition : movedHighWatermarks) {
            movedHighWatermarks.remove(partition);
            if (!partition.deleted()) {
                moved.add(partition);
            }
        }
        return moved;
    }

    /** Nothing is acknowledged or served by this shard from now on. */
    void fail(String message, Throwable cause) {
        if (failed.compareAndSet(false, true)) {
            syncer.wake();
            fault.fatal(message, cause);
        }
    }

    boolean failed() {
        return failed.get();
    }

    /** What the writer thread has to do. Any thread. */
    StallWatch.Work writing() {
        return writer.work();
    }

    /** What the sync thread has to do. Any thread. */
    StallWatch.Work syncing() {
        return syncer.work();
    }

    /** Finishes what waits, syncs it, and closes the database. */
    void close() {
        queue.close();
        join(writerThread);
        syncer.close();
        join(syncThread);
        background.shutdown();
        try {
            if (!background.awaitTermination(CLOSE_WAIT_SECONDS, TimeUnit.SECONDS)) {
                throw new StorageException(StorageException.Reason.BROKEN, name + " still drops windows");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        closeFiles();
    }

    /** Closes a shard whose threads were never started, or have ended. */
    void closeFiles() {
        gate.close();
        try (var scope = new NativeScope()) {
            scope.own(mark);
            scope.own(database);
            scope.own(windows);
        }
    }

    private static void join(Thread thread) {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    static byte[] bytes(String key) {
        return key.getBytes(java.nio.charset.StandardCharsets.UTF_8);
    }

    StorageOptions options() {
        return options;
    }

    TailCache tails() {
        return tails;
    }

    ShardDatabase database() {
        return database;
    }

    Windows windows() {
        return windows;
    }

    ShardQueue queue() {
        return queue;
    }

    DiskSpace diskSpace() {
        return diskSpace;
    }

    ShardCounters counters() {
        return counters;
    }

    ReadGate gate() {
        return gate;
    }

    @Override
    public String toString() {
        return name;
    }
}
