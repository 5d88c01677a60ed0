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

    /** The handle of the newest leadership; the next load will use it. */
    void offer(int partition, LedPartition led) {
        offered.put(partition, led);
    }

    /** Leadership is over: appends fail from now on, also before the coordinator is unloaded. */
    void withdraw(int partition) {
        offered.remove(partition);
        var ended = bound.remove(partition);
        if (ended != null) {
            ended.end();
        }
    }

    /** A load begins: the state that it builds belongs to the handle last offered. Empty if there is none any more. */
    Optional<BoundLog> bind(int partition) {
        var led = offered.get(partition);
        var next = led == null ? null : new BoundLog(led);
        var previous = next == null ? bound.remove(partition) : bound.put(partition, next);
        if (previous != null) {
            previous.end();
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
