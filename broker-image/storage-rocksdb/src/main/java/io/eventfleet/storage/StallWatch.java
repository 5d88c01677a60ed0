// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.storage;

import java.time.Duration;

/**
 * Judges from samples whether a thread that has work gets on with it (docs/coordination.md, S23: a disk on which syncs
 * hang). Pure: time and progress come with each sample. Time between samples counts only up to a limit, so that a process
 * that was itself stopped for a while does not blame its disk.
 */
final class StallWatch {

    private final Limits limits;
    private long sampledNs;
    private long stillNs;
    private long progress;
    private boolean hadWork;

    StallWatch(Limits limits) {
        this.limits = limits;
    }

    /**
     * When to say what.
     *
     * @param stalled time without progress after which a broker must not seem healthy any more
     * @param stuck time without progress after which the process is better ended
     * @param interval usual time between samples; at most twice as much counts
     */
    record Limits(Duration stalled, Duration stuck, Duration interval) {}

    /** What samples say. */
    enum Verdict {
        MOVING,
        STALLED,
        STUCK
    }

    /**
     * Takes a sample.
     *
     * @param nowNs monotonic time in ns
     * @param work how much was ever given to the thread and how much of it is done
     */
    Verdict sample(long nowNs, Work work) {
        long passedNs = Math.min(nowNs - sampledNs, 2 * limits.interval().toNanos());
        sampledNs = nowNs;
        boolean still = hadWork && work.pending() && work.done() == progress;
        stillNs = still ? stillNs + passedNs : 0;
        hadWork = work.pending();
        progress = work.done();
        if (stillNs >= limits.stuck().toNanos()) {
            return Verdict.STUCK;
        }
        return stillNs >= limits.stalled().toNanos() ? Verdict.STALLED : Verdict.MOVING;
    }

    /**
     * The work of a thread at one moment.
     *
     * @param pending something waits for the thread or is being done by it
     * @param done changes with whatever gets done
     */
    record Work(boolean pending, long done) {}
}
