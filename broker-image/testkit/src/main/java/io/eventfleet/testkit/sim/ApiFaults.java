// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.testkit.sim;

import java.util.HashSet;
import java.util.Set;

/** What is wrong with the store at the moment. */
final class ApiFaults {

    private final World world;
    private final Set<SimNode> cutOff = new HashSet<>();
    private boolean down;
    private long minLatency = World.MS;
    private long maxLatency = 20 * World.MS;
    private long maxWatchLag = 30 * World.MS;
    private double errorRate;
    private double lostReplyRate;
    private double lateRate;

    ApiFaults(World world) {
        this.world = world;
    }

    void heal() {
        cutOff.clear();
        down = false;
        latency(1, 20);
        maxWatchLag = 30 * World.MS;
        rates(0, 0, 0);
    }

    void down(boolean value) {
        down = value;
    }

    void cutOff(SimNode node, boolean value) {
        if (value) {
            cutOff.add(node);
        } else {
            cutOff.remove(node);
        }
    }

    /** One way, in milliseconds. */
    void latency(long minMs, long maxMs) {
        minLatency = minMs * World.MS;
        maxLatency = Math.max(minMs + 1, maxMs) * World.MS;
    }

    void watchLag(long maxMs) {
        maxWatchLag = maxMs * World.MS;
    }

    /**
     * @param errors requests that fail before they do anything
     * @param lostReplies writes that are applied and answered by a timeout
     * @param late writes that are answered by a timeout and applied later
     */
    void rates(double errors, double lostReplies, double late) {
        errorRate = errors;
        lostReplyRate = lostReplies;
        lateRate = late;
    }

    /** A process whose pod was replaced lives where the store cannot be reached, else its pod would not be gone. */
    boolean unreachable(SimNode.Process process) {
        return down || cutOff.contains(process.node()) || process.isStray();
    }

    long latency() {
        return world.between(minLatency, maxLatency);
    }

    long watchLag() {
        return world.between(World.MS, maxWatchLag);
    }

    double errorRate() {
        return errorRate;
    }

    double lostReplyRate() {
        return lostReplyRate;
    }

    double lateRate() {
        return lateRate;
    }
}
