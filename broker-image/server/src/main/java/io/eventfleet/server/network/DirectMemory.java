// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.network;

import io.netty.util.internal.PlatformDependent;

/**
 * Bounds that follow from the process's direct memory ({@code -XX:MaxDirectMemorySize}): configured limits give way to them,
 * so that a small broker refuses work instead of running out of memory.
 */
public final class DirectMemory {
    /** Share for requests in work; the rest is for the tail cache, which keeps frames, and for answers. */
    private static final int REQUEST_SHARE = 3;
    /** Share for one fetch answer that is read from disk. */
    private static final int ANSWER_SHARE = 16;

    private DirectMemory() {}

    /** Bytes of requests that may be in work. */
    public static long requestBytes(long configured) {
        return Math.min(configured, PlatformDependent.maxDirectMemory() / REQUEST_SHARE);
    }

    /** Most bytes that one fetch is answered with. */
    public static int answerBytes(int configured) {
        return (int) Math.min(configured, PlatformDependent.maxDirectMemory() / ANSWER_SHARE);
    }

    /** Bytes in use now. */
    public static long usedBytes() {
        return PlatformDependent.usedDirectMemory();
    }
}
