// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.partition;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * How many bytes become readable when the high watermark moves. Appends that wait to be committed are remembered up to a
 * number; beyond it the newest ones are counted together. Guarded by its owner.
 */
final class UncommittedBytes {
    private static final int MAX_REMEMBERED = 1_024;

    private final Deque<Appended> waiting = new ArrayDeque<>();

    private record Appended(long endOffset, long bytes) {}

    void appended(long endOffset, long bytes) {
        if (waiting.size() < MAX_REMEMBERED) {
            waiting.addLast(new Appended(endOffset, bytes));
        } else {
            waiting.addLast(new Appended(endOffset, waiting.removeLast().bytes() + bytes));
        }
    }

    /** Bytes of the appends that end at or below this offset; they are forgotten. */
    long committed(long highWatermark) {
        long bytes = 0;
        while (!waiting.isEmpty() && waiting.getFirst().endOffset() <= highWatermark) {
            bytes += waiting.removeFirst().bytes();
        }
        return bytes;
    }
}
