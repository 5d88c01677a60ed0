// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.fleet;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;

/** The folder of one running system, locked while it runs; a temporary one goes when it stops. */
final class DataFolder implements AutoCloseable {
    private static final String MARKER = "eventfleet-data";
    private static final String MARKER_TEXT = "Data of a local Eventfleet; made by './eventfleet up --data'.\n";
    private static final String LOCK = "lock";

    private final Path path;
    private final FileChannel channel;
    private final boolean temporary;

    private DataFolder(Path path, FileChannel channel, boolean temporary) {
        this.path = path;
        this.channel = channel;
        this.temporary = temporary;
    }

    /** @throws SetupException when the folder is in use, is somebody else's or cannot be written */
    static DataFolder open(Path folder) {
        Path path = folder.toAbsolutePath().normalize();
        try {
            if (Files.exists(path) && !Files.isDirectory(path)) {
                throw new SetupException("data folder " + path + " is not a folder");
            }
            Files.createDirectories(path);
            if (!Files.exists(path.resolve(MARKER))) {
                try (var contents = Files.list(path)) {
                    if (contents.findAny().isPresent()) {
                        throw new SetupException("data folder " + path
                                + " is not empty and was not made by Eventfleet; choose another one");
                    }
                }
                Files.writeString(path.resolve(MARKER), MARKER_TEXT);
            }
            return new DataFolder(path, lock(path), false);
        } catch (IOException e) {
            throw new SetupException("data folder " + path + " cannot be used: " + e.getMessage());
        }
    }

    static boolean isOne(Path folder) {
        return Files.exists(folder.resolve(MARKER));
    }

    static DataFolder temporary() {
        try {
            Path path = Files.createTempDirectory("eventfleet-");
            return new DataFolder(path, lock(path), true);
        } catch (IOException e) {
            throw new SetupException("no temporary folder: " + e.getMessage());
        }
    }

    private static FileChannel lock(Path path) throws IOException {
        Path file = path.resolve(LOCK);
        FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        FileLock lock;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException _) {
            lock = null;
        }
        if (lock == null) {
            channel.close();
            String holder = Files.readString(file).strip();
            throw new SetupException("data folder " + path + " is in use by another Eventfleet"
                    + (holder.isEmpty() ? "" : " (process " + holder + ")")
                    + "; stop it with './eventfleet down --data " + path + "'");
        }
        channel.truncate(0);
        channel.write(StandardCharsets.UTF_8.encode(ProcessHandle.current().pid() + "\n"));
        return channel;
    }

    Path path() {
        return path;
    }

    @Override
    public void close() throws IOException {
        if (temporary) {
            try (var files = Files.walk(path)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(file);
                }
            }
        }
        channel.close();
    }
}
