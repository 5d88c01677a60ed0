// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.storage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches the free space of the volume. Appends stop while a reserve is still free: RocksDB then never meets a full
 * disk, and retention can go on writing what frees space again. Belongs to the writer thread, the answer to everyone.
 */
final class DiskSpace {

    private static final Logger LOG = LoggerFactory.getLogger(DiskSpace.class);
    private static final long INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long INTERVAL_BYTES = 16L << 20;

    private final Path directory;
    private final long reserveBytes;
    private final ToLongFunction<Path> freeSpace;
    private long checkedNs;
    private long appendedSince;
    private boolean checked;
    private volatile boolean full;

    DiskSpace(Path directory, StorageOptions options) {
        this.directory = directory;
        this.reserveBytes = options.diskReserveBytes();
        this.freeSpace = options.freeSpace().orElse(DiskSpace::usable);
    }

    private static long usable(Path directory) {
        try {
            return Files.getFileStore(directory).getUsableSpace();
        } catch (IOException e) {
            throw new UncheckedIOException("the free space of " + directory + " cannot be read", e);
        }
    }

    /** Looks again when enough time has passed or enough was appended. */
    void check(long appendedBytes) {
        appendedSince += appendedBytes;
        long now = System.nanoTime();
        if (checked && appendedSince < INTERVAL_BYTES && now - checkedNs < INTERVAL_NS) {
            return;
        }
        checked = true;
        checkedNs = now;
        appendedSince = 0;
        long free = freeSpace.applyAsLong(directory);
        boolean nowFull = free < reserveBytes;
        if (nowFull != full) {
            full = nowFull;
            LOG.atWarn()
                    .addKeyValue("freeBytes", free)
                    .addKeyValue("reserveBytes", reserveBytes)
                    .log(nowFull ? "disk full, appends are refused" : "disk has space again");
        }
    }

    boolean full() {
        return full;
    }
}
