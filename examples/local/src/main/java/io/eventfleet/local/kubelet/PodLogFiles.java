// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.kubelet;

import io.eventfleet.local.api.server.PodLogs;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** Serves {@code kubectl logs} from the files that the runner writes. */
final class PodLogFiles implements PodLogs {
    private static final long POLL_NS = 200_000_000L;

    private final NodeSettings settings;

    PodLogFiles(Path data) {
        this.settings = new NodeSettings(data, data, List.of(), "", List.of(), StartHook.NONE);
    }

    @Override
    public void write(String namespace, String pod, Options options, OutputStream out)
            throws IOException, InterruptedException {
        Path file = settings.logFile(namespace, pod);
        long position = Files.exists(file) ? Files.size(file) : 0;
        if (options.tailLines() >= 0) {
            for (String line : LogFile.tail(file, (int) Math.min(options.tailLines(), Integer.MAX_VALUE))) {
                out.write((line + "\n").getBytes(StandardCharsets.ISO_8859_1));
            }
        } else if (Files.exists(file)) {
            position = copy(file, 0, out);
        }
        out.flush();
        while (options.follow() && !Thread.currentThread().isInterrupted()) {
            LockSupport.parkNanos(POLL_NS);
            if (Files.exists(file)) {
                boolean rotated = Files.size(file) < position;
                long reached = copy(file, rotated ? 0 : position, out);
                if (reached != position) {
                    out.flush();
                }
                position = reached;
            }
        }
    }

    private static long copy(Path file, long from, OutputStream out) throws IOException {
        try (var in = new RandomAccessFile(file.toFile(), "r")) {
            in.seek(from);
            byte[] buffer = new byte[16 << 10];
            for (int read = in.read(buffer); read > 0; read = in.read(buffer)) {
                out.write(buffer, 0, read);
            }
            return in.getFilePointer();
        }
    }
}
