// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.testkit.sim;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * One log as a machine keeps it: what is synced, and beyond it what is written to the operating system only. A killed
 * process loses nothing of either; a machine without power keeps a random prefix of what was not synced.
 */
final class LogDisk {

    private final Deque<LogChange> unsynced = new ArrayDeque<>();
    private final LogContent synced = new LogContent();
    private LogContent written = new LogContent();
    private long writes;
    private long syncs;

    void write(LogChange change) {
        written.apply(change);
        unsynced.add(change);
        writes++;
    }

    /** Number of writes so far: a mark for {@link #sync}. */
    long writes() {
        return writes;
    }

    /** The sync of everything up to this mark has ended. */
    void sync(long mark) {
        while (syncs < mark) {
            synced.apply(unsynced.remove());
            syncs++;
        }
    }

    void losePower(World world) {
        if (!unsynced.isEmpty()) {
            sync(syncs + world.between(0, unsynced.size() + 1L));
            unsynced.clear();
            syncs = writes;
            written = synced.copy();
        }
    }

    /** What a process sees, and finds when it opens the log. */
    LogContent written() {
        return written;
    }

    /** What survives the worst power loss. */
    LogContent synced() {
        return synced;
    }
}
