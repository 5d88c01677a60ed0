// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.fetch;

import io.eventfleet.protocol.RequestContext;
import io.eventfleet.server.fetch.FetchReader.Outlook;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;

/**
 * One fetch: looks, waits if there is too little, reads. Looking is done on the caller's thread; reading, which may
 * block, on the pool for blocking work. Buffers that were read belong to the request's context from then on.
 */
final class FetchOperation {
    private final Fetches services;
    private final RequestContext context;
    private final List<FetchTarget> targets;
    private final FetchLimits limits;
    private final boolean readCommitted;
    private final CompletableFuture<List<FetchResult>> done = new CompletableFuture<>();

    FetchOperation(
            Fetches services,
            RequestContext context,
            List<FetchTarget> targets,
            FetchLimits limits,
            boolean readCommitted) {
        this.services = services;
        this.context = context;
        this.targets = targets;
        this.limits = limits;
        this.readCommitted = readCommitted;
    }

    CompletionStage<List<FetchResult>> run() {
        if (limits.minBytes() <= 0 || limits.maxWaitMs() <= 0 || targets.isEmpty()) {
            onPool(this::readAndFinish);
            return done;
        }
        var wait = newWait();
        switch (services.reader().look(targets)) {
            case ERROR -> onPool(this::readAndFinish);
            case DATA -> onPool(this::readOrWait);
            case NOTHING -> wait.begin(limits.minBytes(), limits.maxWaitMs(), services.timers());
        }
        return done;
    }

    private FetchWait newWait() {
        return new FetchWait(services.reader().led(targets), () -> onPool(this::readAndFinish));
    }

    private void readOrWait() {
        var wait = newWait();
        var results = services.reader().read(targets, limits.maxBytes(), readCommitted);
        var bytes = 0L;
        for (var result : results) {
            bytes += result.bytes();
        }
        if (bytes >= limits.minBytes() || services.reader().look(targets) == Outlook.ERROR) {
            finish(results);
            return;
        }
        // Holding the buffers while waiting would let waiting consumers pin memory.
        results.forEach(FetchResult::release);
        wait.begin(limits.minBytes() - bytes, limits.maxWaitMs(), services.timers());
    }

    private void readAndFinish() {
        finish(services.reader().read(targets, limits.maxBytes(), readCommitted));
    }

    private void finish(List<FetchResult> results) {
        results.forEach(result -> result.buffers().forEach(context::releaseAfterResponse));
        done.complete(results);
    }

    private void onPool(Runnable task) {
        try {
            services.blocking().execute(() -> {
                try {
                    task.run();
                } catch (RuntimeException | OutOfMemoryError e) {
                    // Out of direct memory: this client is told so, everybody else goes on.
                    done.completeExceptionally(e);
                }
            });
        } catch (RejectedExecutionException e) {
            done.completeExceptionally(e);
        }
    }
}
