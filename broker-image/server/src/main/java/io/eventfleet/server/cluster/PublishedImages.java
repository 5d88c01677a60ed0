// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.cluster;

import io.eventfleet.core.cluster.image.ClusterImage;
import io.eventfleet.core.cluster.image.ClusterImages;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The newest image, and one thread that tells listeners of each in order. The thread is its own, so that a listener that
 * opens logs does not hold up Leases and heartbeats.
 */
final class PublishedImages implements ClusterImages, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PublishedImages.class);
    private static final int STOP_LIMIT_SECONDS = 2;

    private final ExecutorService teller;
    private final List<Listener> listeners = new ArrayList<>();
    private volatile ClusterImage current;
    private ClusterImage told;

    PublishedImages(ClusterImage first) {
        this.current = first;
        this.told = first;
        this.teller = Executors.newSingleThreadExecutor(
                Thread.ofPlatform().name("cluster-image").daemon().factory());
    }

    @Override
    public ClusterImage current() {
        return current;
    }

    @Override
    public void subscribe(Listener listener) {
        enqueue(() -> {
            listeners.add(listener);
            tell(listener, told, told);
        });
    }

    void publish(ClusterImage image) {
        current = image;
        enqueue(() -> {
            var previous = told;
            told = image;
            listeners.forEach(listener -> tell(listener, previous, image));
        });
    }

    private static void tell(Listener listener, ClusterImage previous, ClusterImage image) {
        try {
            listener.onImage(previous, image);
        } catch (RuntimeException e) {
            LOG.atError().setCause(e).log("listener failed on a cluster image");
        }
    }

    private void enqueue(Runnable task) {
        try {
            teller.execute(task);
        } catch (RejectedExecutionException e) {
            LOG.atDebug().log("image after the end dropped");
        }
    }

    @Override
    public void close() {
        teller.shutdown();
        try {
            if (!teller.awaitTermination(STOP_LIMIT_SECONDS, TimeUnit.SECONDS)) {
                teller.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
