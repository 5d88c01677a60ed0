// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.api.store;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eventfleet.local.api.json.Json;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.function.BiConsumer;
import java.util.zip.CRC32C;

/**
 * An append-only file of changes. Each record is its length, a CRC32C and a JSON text; a torn record at the end (the
 * process was killed while writing) is cut off on open. On open and when it has grown, the file is replaced by one with the
 * live objects alone, through a rename.
 *
 * <p>Appends are made under the store's lock; {@link #sync} is called without it and serves all writers that wait.
 */
final class Journal implements AutoCloseable {
    /** Longer records are taken for damage. */
    private static final int MAX_RECORD_BYTES = 64 << 20;

    private static final int HEADER_BYTES = 8;

    private final Path file;
    private final Object syncing = new Object();
    private FileChannel channel;
    private volatile long written;
    private long synced;

    private Journal(Path file, FileChannel channel, long written) {
        this.file = file;
        this.channel = channel;
        this.written = written;
    }

    /** Reads what is there, oldest first, into {@code replay} (operation {@code put} or {@code remove}), then opens for appending. */
    static Journal open(Path file, BiConsumer<String, ObjectNode> replay) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        long intact = Files.exists(file) ? replay(file, replay) : 0;
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        channel.truncate(intact);
        channel.position(intact);
        return new Journal(file, channel, intact);
    }

    private static long replay(Path file, BiConsumer<String, ObjectNode> replay) throws IOException {
        long intact = 0;
        try (var in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file), 1 << 16))) {
            while (true) {
                int length = in.readInt();
                int checksum = in.readInt();
                if (length <= 0 || length > MAX_RECORD_BYTES) {
                    return intact;
                }
                byte[] text = in.readNBytes(length);
                if (text.length < length || checksum(text) != checksum) {
                    return intact;
                }
                ObjectNode record = Json.readObject(text, "application/json");
                replay.accept(record.path("op").asText(), record);
                intact += HEADER_BYTES + length;
            }
        } catch (EOFException _) {
            return intact;
        }
    }

    /** Adds one record; it is safe against a kill at once, against power loss after {@link #sync}. */
    void append(ObjectNode record) {
        byte[] text = Json.bytes(record);
        ByteBuffer buffer = ByteBuffer.allocate(HEADER_BYTES + text.length);
        buffer.putInt(text.length).putInt(checksum(text)).put(text).flip();
        try {
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            written += HEADER_BYTES + text.length;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }

    long position() {
        return written;
    }

    /** Returns when everything up to the position is on the disk. */
    void sync(long position) {
        synchronized (syncing) {
            if (synced >= position) {
                return;
            }
            long upTo = written;
            try {
                channel.force(false);
            } catch (IOException e) {
                throw new UncheckedIOException("cannot sync " + file, e);
            }
            synced = upTo;
        }
    }

    /** Replaces the file by one with these records alone. */
    void compact(Collection<ObjectNode> records) {
        synchronized (syncing) {
            Path fresh = file.resolveSibling(file.getFileName() + ".new");
            long size = 0;
            try {
                try (var target = FileChannel.open(
                                fresh,
                                StandardOpenOption.CREATE,
                                StandardOpenOption.TRUNCATE_EXISTING,
                                StandardOpenOption.WRITE);
                        var out = new DataOutputStream(new BufferedOutputStream(
                                java.nio.channels.Channels.newOutputStream(target), 1 << 16))) {
                    for (ObjectNode record : records) {
                        byte[] text = Json.bytes(record);
                        out.writeInt(text.length);
                        out.writeInt(checksum(text));
                        out.write(text);
                        size += HEADER_BYTES + text.length;
                    }
                    out.flush();
                    target.force(true);
                }
                channel.close();
                Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
                channel = FileChannel.open(file, StandardOpenOption.WRITE);
                channel.position(size);
                written = size;
                synced = size;
            } catch (IOException e) {
                throw new UncheckedIOException("cannot compact " + file, e);
            }
        }
    }

    private static int checksum(byte[] text) {
        var crc = new CRC32C();
        crc.update(text);
        return (int) crc.getValue();
    }

    @Override
    public void close() throws IOException {
        synchronized (syncing) {
            channel.force(true);
            channel.close();
        }
    }
}
