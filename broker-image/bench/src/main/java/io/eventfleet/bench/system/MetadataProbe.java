// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.bench.system;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * Asks a port for Kafka metadata in the smallest possible way: Metadata version 1 for no topic, written by hand, so that a try costs less
 * than a millisecond and start-up is measured without the weight of a client.
 */
final class MetadataProbe {
    private static final short METADATA = 3;
    private static final short VERSION = 1;
    private static final int TIMEOUT_MS = 1_000;
    private static final int MAX_RESPONSE_BYTES = 1 << 20;
    private static final Duration BETWEEN_TRIES = Duration.ofMillis(5);

    private MetadataProbe() {}

    /** Whether something on the port names at least one broker. */
    static boolean answers(int port) {
        try (Socket socket = new Socket()) {
            socket.setSoTimeout(TIMEOUT_MS);
            socket.setTcpNoDelay(true);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), TIMEOUT_MS);
            socket.getOutputStream().write(request());
            DataInputStream in = new DataInputStream(socket.getInputStream());
            int size = in.readInt();
            if (size < 8 || size > MAX_RESPONSE_BYTES) {
                return false;
            }
            in.readInt(); // correlation id: one request per connection, so it can only be ours
            return in.readInt() > 0;
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * Asks until there is an answer.
     *
     * @throws IOException if there is none within the deadline, or {@code alive} turned false
     */
    static void await(int port, Deadline deadline, BooleanSupplier alive) throws IOException {
        boolean answered = deadline.await(BETWEEN_TRIES, () -> !alive.getAsBoolean() || answers(port));
        if (!alive.getAsBoolean()) {
            throw new IOException("the broker process ended before it answered on port " + port);
        }
        if (!answered) {
            throw new IOException("no metadata on port " + port + " in time");
        }
    }

    private static byte[] request() {
        byte[] client = "bench".getBytes(StandardCharsets.US_ASCII);
        ByteBuffer buffer = ByteBuffer.allocate(4 + 2 + 2 + 4 + 2 + client.length + 4);
        buffer.putInt(buffer.capacity() - 4);
        buffer.putShort(METADATA).putShort(VERSION).putInt(1);
        buffer.putShort((short) client.length).put(client);
        buffer.putInt(0); // an empty list is no topic, in this version; null would be all of them
        return buffer.array();
    }
}
