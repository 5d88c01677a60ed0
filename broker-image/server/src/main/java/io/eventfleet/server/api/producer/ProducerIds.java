// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.api.producer;

import io.eventfleet.core.admin.ClusterAdmin;
import io.eventfleet.core.admin.ClusterAdmin.ProducerIdBlock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.errors.CoordinatorLoadInProgressException;
import org.jspecify.annotations.Nullable;

/**
 * Hands out producer ids from blocks that belong to this process alone. At most one block is asked for at a time; who
 * comes meanwhile waits for it. Thread-safe.
 */
public final class ProducerIds {
    /** Producers that may wait for a block; more are told to come again. */
    static final int MAX_WAITING = 10_000;

    private final ClusterAdmin admin;
    private final Queue<CompletableFuture<Long>> waiting = new ArrayDeque<>();
    private long next;
    private long end;
    private boolean asking;

    public ProducerIds(ClusterAdmin admin) {
        this.admin = admin;
    }

    /** An id that nobody has; fails with COORDINATOR_LOAD_IN_PROGRESS, which clients retry, when there is none now. */
    public CompletionStage<Long> next() {
        var result = new CompletableFuture<Long>();
        synchronized (this) {
            if (next < end) {
                return CompletableFuture.completedFuture(next++);
            }
            if (waiting.size() >= MAX_WAITING) {
                return CompletableFuture.failedFuture(tryAgain("too many producers wait for an id"));
            }
            waiting.add(result);
            if (asking) {
                return result;
            }
            asking = true;
        }
        ask();
        return result;
    }

    private void ask() {
        CompletionStage<ProducerIdBlock> block;
        try {
            block = admin.allocateProducerIds();
        } catch (RuntimeException e) {
            block = CompletableFuture.failedFuture(e);
        }
        block.whenComplete(this::serve);
    }

    private void serve(@Nullable ProducerIdBlock block, @Nullable Throwable failure) {
        record Served(CompletableFuture<Long> who, long id) {}
        var served = new ArrayList<Served>();
        List<CompletableFuture<Long>> refused = List.of();
        boolean askAgain = false;
        synchronized (this) {
            if (block == null) {
                refused = List.copyOf(waiting);
                waiting.clear();
            } else {
                next = block.first();
                end = block.first() + block.count();
                while (next < end && !waiting.isEmpty()) {
                    served.add(new Served(waiting.remove(), next++));
                }
                askAgain = !waiting.isEmpty();
            }
            asking = askAgain;
        }
        // Outside the lock: whoever waits may do anything on completion.
        served.forEach(one -> one.who().complete(one.id()));
        refused.forEach(one -> one.completeExceptionally(
                tryAgain("no producer ids are available now" + (failure == null ? "" : ": " + failure.getMessage()))));
        if (askAgain) {
            ask();
        }
    }

    private static CoordinatorLoadInProgressException tryAgain(String reason) {
        return new CoordinatorLoadInProgressException(reason);
    }
}
