// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.kubelet;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.List;

/** The output of one pod; the file before the present one is kept. */
final class LogFile {
    static final long MAX_BYTES = 16L << 20;
    private static final int BUFFER_BYTES = 16 << 10;

    private final Path file;

    LogFile(Path file) {
        this.file = file;
    }

    /** Copies until the process closes its output. */
    void drain(InputStream output) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        byte[] buffer = new byte[BUFFER_BYTES];
        OutputStream out = open();
        try {
            long size = Files.size(file);
            for (int read = output.read(buffer); read >= 0; read = output.read(buffer)) {
                out.write(buffer, 0, read);
                size += read;
                if (size > MAX_BYTES) {
                    out.close();
                    Files.move(file, previous(), StandardCopyOption.REPLACE_EXISTING);
                    out = open();
                    size = 0;
                }
            }
        } finally {
            out.close();
        }
    }

    private OutputStream open() throws IOException {
        return Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private Path previous() {
        return file.resolveSibling(file.getFileName() + ".1");
    }

    Path path() {
        return file;
    }

    /** The last lines, oldest first. */
    static List<String> tail(Path file, int lines) throws IOException {
        if (!Files.exists(file)) {
            return List.of();
        }
        var last = new ArrayDeque<String>();
        try (var all = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1)) {
            for (String line = all.readLine(); line != null; line = all.readLine()) {
                last.addLast(line);
                if (last.size() > lines) {
                    last.removeFirst();
                }
            }
        }
        return List.copyOf(last);
    }
}
