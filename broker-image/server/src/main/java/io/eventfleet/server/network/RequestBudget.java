// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.network;

import java.util.ArrayDeque;

/**
 * Bytes of requests in work, over all connections: taken before a frame is allocated, given back when its answer has been
 * written. Granted in the order of asking, so that large frames are not starved by small ones; small frames that would
 * wait take from a reserve of their own first, so that heartbeats do not stand behind a large frame. Thread-safe.
 */
final class RequestBudget {
    /** Largest frame that may take from the reserve. */
    static final int SMALL_FRAME_BYTES = 64 << 10;

    /** Most bytes that are kept for small frames. */
    private static final long MAX_RESERVE_BYTES = 4 << 20;
    /** Part of the whole that is kept for small frames where the whole is small. */
    private static final int RESERVE_SHARE = 16;
    /** So many frames of the largest size fit: one client alone cannot use everything up. */
    private static final int LARGEST_FRAMES = 2;

    private final long maxBytes;
    private final long reserveBytes;
    private final ArrayDeque<Claim> waiting = new ArrayDeque<>();
    private long usedBytes;
    private long reserveUsedBytes;

    /**
     * @param maxBytes bound of all frames together; one frame above it is let in when no other is in work
     * @param reserveBytes what small frames may take beyond it
     */
    RequestBudget(long maxBytes, long reserveBytes) {
        this.maxBytes = maxBytes;
        this.reserveBytes = reserveBytes;
    }

    /** A budget that is no larger than this, its reserve included. */
    static RequestBudget within(long bytes) {
        long reserve = Math.min(MAX_RESERVE_BYTES, bytes / RESERVE_SHARE);
        return new RequestBudget(bytes - reserve, reserve);
    }

    /** Largest frame that should be let in, so that one claim does not take all there is. */
    int maxFrameBytes() {
        return (int) Math.min(Integer.MAX_VALUE, maxBytes / LARGEST_FRAMES);
    }

    /** One frame's share. Confined to this class's lock. */
    static final class Claim {
        private final int bytes;
        private final Runnable onGranted;
        private boolean granted;
        private boolean ofReserve;
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
        } else if (bytes <= SMALL_FRAME_BYTES && reserveUsedBytes + bytes <= reserveBytes) {
            reserveUsedBytes += bytes;
            claim.granted = true;
            claim.ofReserve = true;
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
            if (claim.ofReserve) {
                reserveUsedBytes -= claim.bytes;
            } else if (claim.granted) {
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
        return usedBytes + reserveUsedBytes;
    }

    synchronized int waitingClaims() {
        return waiting.size();
    }

    private boolean fits(int bytes) {
        return usedBytes == 0 || usedBytes + bytes <= maxBytes;
    }
}
