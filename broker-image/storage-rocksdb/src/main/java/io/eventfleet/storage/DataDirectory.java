// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.storage;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The folder of a store: a lock for as long as the process lives, and one folder per shard. */
final class DataDirectory implements AutoCloseable {

    private static final String LOCK = "lock";
    private static final String SHARD_PREFIX = "shard-";

    private final Path root;
    private final FileChannel lockFile;
    private final FileLock lock;

    private DataDirectory(Path root, FileChannel lockFile, FileLock lock) {
        this.root = root;
        this.lockFile = lockFile;
        this.lock = lock;
    }

    /** Creates the folder if needed, locks it, and refuses one that holds something else. */
    static DataDirectory lock(Path root) {
        try {
            Files.createDirectories(root);
            refuseForeign(root);
            var file = FileChannel.open(root.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock held = tryLock(file);
            if (held == null) {
                file.close();
                throw new StorageException(
                        StorageException.Reason.LOCKED, "data directory " + root + " is in use by another process");
            }
            return new DataDirectory(root, file, held);
        } catch (IOException e) {
            throw new StorageException(
                    StorageException.Reason.BROKEN, "data directory " + root + " cannot be used: " + e, e);
        }
    }

    private static @Nullable FileLock tryLock(FileChannel file) throws IOException {
        try {
            return file.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    /** A file system's own entries are fine; anything else in a folder without shards is not ours to write beside. */
    private static void refuseForeign(Path root) throws IOException {
        Set<String> names;
        try (var entries = Files.list(root)) {
            names = entries.map(e -> e.getFileName().toString()).collect(Collectors.toSet());
        }
        boolean ours = names.contains(LOCK) || names.stream().anyMatch(n -> n.startsWith(SHARD_PREFIX));
        names.remove("lost+found");
        if (!ours && !names.isEmpty()) {
            throw new StorageException(
                    StorageException.Reason.FOREIGN,
                    "data directory " + root + " is not empty and holds no store: "
                            + names.stream().sorted().limit(3).toList());
        }
    }

    Path shard(int index) {
        return root.resolve(SHARD_PREFIX + index);
    }

    boolean hasShard(int index) {
        return Files.isRegularFile(shard(index).resolve("CURRENT"));
    }

    /** Names of the shards that ever synced anything, in order. */
    List<String> syncedShards() throws IOException {
        var synced = new ArrayList<String>();
        try (var entries = Files.newDirectoryStream(root, SHARD_PREFIX + "*")) {
            for (var shard : entries) {
                Path mark = SyncMark.in(shard);
                if (Files.isRegularFile(mark) && Files.size(mark) > 0) {
                    synced.add(shard.getFileName().toString());
                }
            }
        }
        Collections.sort(synced);
        return synced;
    }

    Path root() {
        return root;
    }

    @Override
    public void close() {
        try {
            lock.release();
            lockFile.close();
        } catch (IOException e) {
            throw new StorageException(StorageException.Reason.BROKEN, "the lock of " + root + " stays", e);
        }
    }
}
