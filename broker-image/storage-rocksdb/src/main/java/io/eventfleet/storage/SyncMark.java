// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;

/**
 * Remembers, outside of RocksDB, up to which sequence number a shard was synced. RocksDB takes a zeroed page of its
 * write-ahead log for the end of the log and opens a shorter store without a word; compared with this mark the missing
 * tail is noticed. The mark follows each sync and is itself synced about once a second: it may lag, it never leads.
 * Belongs to the sync thread.
 */
final class SyncMark implements AutoCloseable {

    private static final int BYTES = 16;

    private final FileChannel file;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BYTES);
    private long forcedNs = System.nanoTime();
    private boolean dirty;

    /** The mark's place in the folder of a shard. */
    static Path in(Path shard) {
        return shard.resolve("synced");
    }

    SyncMark(Path path) throws IOException {
        file = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    /** The sequence remembered, or 0 when there is none or the mark itself was torn. */
    long read() throws IOException {
        buffer.clear();
        if (file.read(buffer, 0) < BYTES) {
            return 0;
        }
        long sequence = buffer.getLong(0);
        return buffer.getLong(8) == checksum(sequence) ? sequence : 0;
    }

    void put(long sequence) throws IOException {
        buffer.clear();
        buffer.putLong(sequence).putLong(checksum(sequence)).flip();
        while (buffer.hasRemaining()) {
            file.write(buffer, buffer.position());
        }
        dirty = true;
    }

    void forceIfOlderThan(long intervalNs) throws IOException {
        if (dirty && System.nanoTime() - forcedNs >= intervalNs) {
            force();
        }
    }

    void force() throws IOException {
        file.force(false);
        forcedNs = System.nanoTime();
        dirty = false;
    }

    private static long checksum(long sequence) {
        var crc = new CRC32C();
        crc.update(ByteBuffer.allocate(Long.BYTES).putLong(0, sequence));
        return crc.getValue();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
