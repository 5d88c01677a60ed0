// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.coordinator;

import io.eventfleet.core.log.LedPartition;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.errors.NotLeaderOrFollowerException;

/**
 * Which log a coordinator's state belongs to.
 *
 * <p>Unloading is asynchronous: for a while the state of an old leadership exists beside the handle of a new one. An
 * append must carry the epoch for which its state was loaded, or the partition's writer could not refuse it. So a
 * handle that an election offers is used only from the moment in which a load begins to build state from it, and what
 * was bound before is ended in that moment. Thread-safe.
 */
final class CoordinatorLogs {
    private final Map<Integer, LedPartition> offered = new ConcurrentHashMap<>();
    private final Map<Integer, BoundLog> bound = new ConcurrentHashMap<>();
    /** The end of a leadership may be told before its beginning; this is how the beginning is recognised as late. */
    private final Map<Integer, LedPartition> lastOver = new ConcurrentHashMap<>();

    /** The handle of the newest leadership; the next load will use it. False if that leadership is over already. */
    synchronized boolean offer(int partition, LedPartition led) {
        if (lastOver.get(partition) == led) {
            return false;
        }
        offered.put(partition, led);
        return true;
    }

    /** The leadership is over: appends fail from now on, also before the coordinator is unloaded. */
    synchronized void withdraw(int partition, LedPartition led) {
        lastOver.put(partition, led);
        offered.remove(partition, led);
        var current = bound.get(partition);
        if (current != null && current.led() == led) {
            bound.remove(partition);
            current.end();
        }
    }

    /** Whatever state there is must not be used any more. */
    synchronized void endBound(int partition) {
        var current = bound.remove(partition);
        if (current != null) {
            current.end();
        }
    }

    /** A load begins: the state that it builds belongs to the handle last offered. Empty if there is none any more. */
    synchronized Optional<BoundLog> bind(int partition) {
        var led = offered.get(partition);
        var next = led == null ? null : new BoundLog(led);
        endBound(partition);
        if (next != null) {
            bound.put(partition, next);
        }
        return Optional.ofNullable(next);
    }

    /** What the loaded state belongs to. */
    Optional<BoundLog> bound(int partition) {
        return Optional.ofNullable(bound.get(partition));
    }

    /** A log together with the life of the state that was loaded from it. */
    static final class BoundLog {
        private final LedPartition led;
        private final CompletableFuture<Void> ended = new CompletableFuture<>();

        private BoundLog(LedPartition led) {
            this.led = led;
        }

        LedPartition led() {
            return led;
        }

        boolean isLive() {
            return !ended.isDone();
        }

        /** Fails with NotLeaderOrFollower when the state is not to be used any more; never completes otherwise. */
        CompletableFuture<Void> ended() {
            return ended;
        }

        private void end() {
            ended.completeExceptionally(new NotLeaderOrFollowerException(
                    "leadership of " + led.log().id() + " under epoch " + led.leaderEpoch() + " is over"));
        }
    }
}
