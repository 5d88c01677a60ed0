// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.api.data;

import io.eventfleet.core.KafkaError;
import io.eventfleet.server.partition.LedReplica;
import io.eventfleet.server.partition.ProgressListener;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Waits until the low watermark reaches an offset, the leadership ends, or the time is over. Thread-safe. */
final class DeletionWait implements ProgressListener {
    private final LedReplica replica;
    private final long offset;
    private final CompletableFuture<KafkaError> over = new CompletableFuture<>();

    DeletionWait(LedReplica replica, long offset) {
        this.replica = replica;
        this.offset = offset;
    }

    /** Yields what to answer. */
    CompletableFuture<KafkaError> begin(ScheduledExecutorService timers, int timeoutMs) {
        replica.addDeletionWaiter(this);
        var timer =
                timers.schedule(() -> over.complete(KafkaError.REQUEST_TIMED_OUT), timeoutMs, TimeUnit.MILLISECONDS);
        onProgress(replica, 0);
        if (replica.hasEnded()) {
            onEnded(replica);
        }
        return over.whenComplete((error, failure) -> {
            timer.cancel(false);
            replica.removeDeletionWaiter(this);
        });
    }

    @Override
    public void onProgress(LedReplica led, long bytes) {
        if (replica.lowWatermark() >= offset) {
            over.complete(KafkaError.NONE);
        }
    }

    @Override
    public void onEnded(LedReplica led) {
        over.complete(KafkaError.NOT_LEADER_OR_FOLLOWER);
    }
}
