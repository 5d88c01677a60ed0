// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.bench.system;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

/**
 * Watches a port from a thread of its own while somebody else starts a broker there. The moment it answers, the clock asks the process
 * table which process that is and how old it is: the start-up time, without what was started before the broker.
 */
final class StartClock implements AutoCloseable {

    private final CompletableFuture<Started> started = new CompletableFuture<>();
    private final AtomicBoolean stopped = new AtomicBoolean();

    /**
     * A broker that answers.
     *
     * @param broker its process
     * @param startUp how old the process was when it first answered
     */
    record Started(BrokerProcess broker, Duration startUp) {}

    private StartClock() {}

    /** Begins to watch; gives up after the limit. */
    static StartClock watch(int port, Duration limit) {
        StartClock clock = new StartClock();
        Thread.ofPlatform().daemon().name("start-clock").start(() -> clock.run(port, Deadline.after(limit)));
        return clock;
    }

    private void run(int port, Deadline deadline) {
        try {
            BooleanSupplier alive = () -> !stopped.get();
            MetadataProbe.await(port, deadline, alive);
            BrokerProcess broker = ListeningProcess.on(port)
                    .orElseThrow(() -> new IOException("no process of ours listens on port " + port));
            started.complete(new Started(broker, broker.age()));
        } catch (IOException | RuntimeException e) {
            started.completeExceptionally(e);
        }
    }

    /**
     * Waits for the broker.
     *
     * @throws IOException if it does not answer within the limit of the watch
     */
    Started await() throws IOException {
        try {
            return started.get();
        } catch (ExecutionException e) {
            throw new IOException("the broker did not start to serve: " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for a broker", e);
        }
    }

    /** Stops watching. */
    @Override
    public void close() {
        stopped.set(true);
    }
}
