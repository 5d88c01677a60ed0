// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.bench.system;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/** Finds free TCP ports on the loopback address, below the range that the kernel gives to outgoing connections. */
final class LoopbackPorts {
    private static final int LOWEST = 20_000;
    private static final int HIGHEST = 31_000;
    private static final int TRIES = 200;

    private LoopbackPorts() {}

    /**
     * The first of a run of ports that are free now.
     *
     * @throws IOException if none is found
     */
    static int free(int count) throws IOException {
        for (int attempt = 0; attempt < TRIES; attempt++) {
            int first = ThreadLocalRandom.current().nextInt(LOWEST, HIGHEST);
            if (allFree(first, count)) {
                return first;
            }
        }
        throw new IOException("no " + count + " free ports in a row between " + LOWEST + " and " + HIGHEST);
    }

    private static boolean allFree(int first, int count) {
        for (int port = first; port < first + count; port++) {
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                assert socket.isBound();
            } catch (IOException e) {
                return false;
            }
        }
        return true;
    }
}
