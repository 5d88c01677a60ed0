// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.torture.network;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/** What happens to the bytes of one direction of a link. Thread-safe. */
final class Traffic {
    private static final int CHUNK_BYTES = 64 * 1024;
    private static final int CHUNKS_UNDER_WAY = 64;
    private static final Chunk END = new Chunk(new byte[0], 0);

    /** Bytes that may not arrive before their time. */
    private record Chunk(byte[] bytes, long dueNs) {}

    private boolean held;
    private volatile long latencyNs;

    synchronized void hold() {
        held = true;
    }

    void delay(Duration latency) {
        latencyNs = latency.toNanos();
    }

    synchronized void heal() {
        held = false;
        latencyNs = 0;
        notifyAll();
    }

    synchronized void awaitPassage() throws InterruptedException {
        while (held) {
            wait();
        }
    }

    /** Copies until the end of the input: each chunk after its delay, in order, and none while the direction is cut. */
    void carry(InputStream in, OutputStream out) throws IOException, InterruptedException {
        BlockingQueue<Chunk> underWay = new ArrayBlockingQueue<>(CHUNKS_UNDER_WAY);
        Thread reader = Thread.ofVirtual().start(() -> read(in, underWay));
        try {
            for (Chunk chunk = underWay.take(); chunk != END; chunk = underWay.take()) {
                TimeUnit.NANOSECONDS.sleep(chunk.dueNs() - System.nanoTime());
                awaitPassage();
                out.write(chunk.bytes());
                out.flush();
            }
        } finally {
            reader.interrupt();
        }
    }

    private void read(InputStream in, BlockingQueue<Chunk> underWay) {
        byte[] buffer = new byte[CHUNK_BYTES];
        try {
            try {
                for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                    underWay.put(new Chunk(Arrays.copyOf(buffer, count), System.nanoTime() + latencyNs));
                }
            } catch (IOException _) {
                // The end of the connection, in a rougher way.
            }
            underWay.put(END);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
