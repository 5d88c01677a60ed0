// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.network;

import java.util.ArrayDeque;

/**
 * Bytes of requests in work, over all connections: taken before a frame is allocated, given back when its answer has been
 * written. Granted in the order of asking, so that large frames are not starved by small ones. Thread-safe.
 */
final class RequestBudget {
    private final long maxBytes;
    private final ArrayDeque<Claim> waiting = new ArrayDeque<>();
    private long usedBytes;

    /** @param maxBytes bound of all frames together; one frame above it is let in when no other is in work */
    RequestBudget(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** One frame's share. Confined to this class's lock. */
    static final class Claim {
        private final int bytes;
        private final Runnable onGranted;
        private boolean granted;
        private boolean closed;

        private Claim(int bytes, Runnable onGranted) {
            this.bytes = bytes;
            this.onGranted = onGranted;
        }
    }

    /**
     * Asks for room.
     *
     * @param onGranted called on any thread, without locks, if the claim has to wait and is granted later
     * @return the claim; see {@link #isGranted}
     */
    synchronized Claim claim(int bytes, Runnable onGranted) {
        var claim = new Claim(bytes, onGranted);
        if (waiting.isEmpty() && fits(bytes)) {
            usedBytes += bytes;
            claim.granted = true;
        } else {
            waiting.add(claim);
        }
        return claim;
    }

    synchronized boolean isGranted(Claim claim) {
        return claim.granted;
    }

    /** Gives a claim back, granted or not. Idempotent. */
    void release(Claim claim) {
        var granted = new ArrayDeque<Runnable>(0);
        synchronized (this) {
            if (claim.closed) {
                return;
            }
            claim.closed = true;
            if (claim.granted) {
                usedBytes -= claim.bytes;
            } else {
                waiting.remove(claim);
            }
            while (!waiting.isEmpty() && fits(waiting.peek().bytes)) {
                var next = waiting.poll();
                usedBytes += next.bytes;
                next.granted = true;
                granted.add(next.onGranted);
            }
        }
        granted.forEach(Runnable::run);
    }

    synchronized long usedBytes() {
        return usedBytes;
    }

    synchronized int waitingClaims() {
        return waiting.size();
    }

    private boolean fits(int bytes) {
        return usedBytes == 0 || usedBytes + bytes <= maxBytes;
    }
}
