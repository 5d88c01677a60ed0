// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.storage;

import com.sun.nio.file.ExtendedOpenOption;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.rocksdb.RocksDBException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens or formats a data directory step by step, so that a failure at any step can be undone. Formatting writes the
 * first shard last: a directory whose first shard is unsigned was never finished and is formatted again.
 */
final class StoreOpening {

    private static final Logger LOG = LoggerFactory.getLogger(StoreOpening.class);

    private final StorageOptions options;
    private final FaultHandler fault;
    private final DataDirectory directory;
    private final RocksMemory memory;
    private final TailCache tails;
    private final List<StorageShard> shards = new ArrayList<>();
    private String directoryId = "";

    StoreOpening(Path path, StorageOptions options, FaultHandler fault) {
        this.options = options;
        this.fault = fault;
        this.directory = DataDirectory.lock(path);
        this.memory = new RocksMemory(options.memoryBytes(), options.shards());
        this.tails = new TailCache(options.tailCacheBytes(), options.allocator());
    }

    void run() {
        long begun = System.nanoTime();
        try {
            boolean directIo = directIoWorks();
            var shared = new StorageShard.Shared(options, fault, memory, tails, directIo);
            StoreFormat format = directory.hasShard(0) ? openFirst(shared) : null;
            boolean formatted = format == null;
            if (format == null) {
                refuseIfSynced();
                format = format(shared);
            } else {
                openOthers(shared, format);
            }
            directoryId = format.directoryId();
            LOG.atInfo()
                    .addKeyValue("directory", directory.root())
                    .addKeyValue("directoryId", directoryId)
                    .addKeyValue("shards", shards.size())
                    .addKeyValue("durability", options.durability())
                    .addKeyValue("walRecovery", "point in time")
                    .addKeyValue("durationMs", (System.nanoTime() - begun) / 1_000_000)
                    .log(formatted ? "data directory formatted" : "data directory opened");
        } catch (RocksDBException | IOException e) {
            throw new StorageException(
                    StorageException.Reason.BROKEN, directory.root() + " cannot be opened: " + e.getMessage(), e);
        }
    }

    private @org.jspecify.annotations.Nullable StoreFormat openFirst(StorageShard.Shared shared) {
        var first = StorageShard.open(directory.shard(0), shared);
        StoreFormat format = StoreFormat.read(first.database());
        if (format == null) {
            first.closeFiles();
            return null;
        }
        shards.add(first);
        return format;
    }

    private void openOthers(StorageShard.Shared shared, StoreFormat format) {
        for (int i = 1; i < format.shards(); i++) {
            if (!directory.hasShard(i)) {
                throw new StorageException(
                        StorageException.Reason.MISSING_SHARD,
                        directory.shard(i) + " is missing: the directory was formatted with " + format.shards()
                                + " shards");
            }
            var shard = StorageShard.open(directory.shard(i), shared);
            shards.add(shard);
            if (!format.forShard(i).equals(StoreFormat.read(shard.database()))) {
                throw new StorageException(
                        StorageException.Reason.FOREIGN, directory.shard(i) + " belongs to another data directory");
            }
        }
    }

    /** A formatting that was cut short leaves no mark: a shard with one has acknowledged data. */
    private void refuseIfSynced() throws IOException {
        List<String> synced = directory.syncedShards();
        if (!synced.isEmpty()) {
            throw new StorageException(
                    StorageException.Reason.MISSING_SHARD,
                    directory.shard(0) + " is missing or not signed, while " + synced
                            + " of the same directory hold synced data: nothing was touched");
        }
    }

    private StoreFormat format(StorageShard.Shared shared) throws RocksDBException, IOException {
        var format = StoreFormat.fresh(options.shards());
        for (int i = format.shards() - 1; i >= 0; i--) {
            deleteUnsigned(directory.shard(i));
            Files.createDirectories(directory.shard(i));
            var shard = StorageShard.open(directory.shard(i), shared);
            shards.addFirst(shard);
            format.forShard(i).write(shard.database());
        }
        return format;
    }

    private static void deleteUnsigned(Path shard) throws IOException {
        if (!Files.exists(shard)) {
            return;
        }
        try (var files = Files.walk(shard)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    /** Direct writes spare the page cache; a few file systems refuse them. */
    private boolean directIoWorks() throws IOException {
        Path probe = directory.root().resolve("lock.direct");
        try (var _ = FileChannel.open(
                probe, StandardOpenOption.CREATE, StandardOpenOption.WRITE, ExtendedOpenOption.DIRECT)) {
            return true;
        } catch (IOException | UnsupportedOperationException e) {
            LOG.atInfo().addKeyValue("directory", directory.root()).log("direct writes are not supported");
            return false;
        } finally {
            Files.deleteIfExists(probe);
        }
    }

    /** Closes whatever was opened. */
    void undo() {
        try (var scope = new NativeScope()) {
            scope.own(directory);
            scope.own(memory);
            scope.own(tails);
            for (var shard : shards) {
                scope.own(shard::closeFiles);
            }
        }
    }

    StorageOptions options() {
        return options;
    }

    DataDirectory directory() {
        return directory;
    }

    RocksMemory memory() {
        return memory;
    }

    TailCache tails() {
        return tails;
    }

    List<StorageShard> shards() {
        return shards;
    }

    String directoryId() {
        return directoryId;
    }
}
