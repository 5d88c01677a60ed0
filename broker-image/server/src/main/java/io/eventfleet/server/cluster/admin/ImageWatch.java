// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.cluster.admin;

import io.eventfleet.core.cluster.image.ClusterImage;
import io.eventfleet.core.cluster.image.ClusterImages;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** Waits for the cluster image to show something. Thread-safe. */
final class ImageWatch {
    private final ClusterImages images;
    private final Set<Wait> waits = ConcurrentHashMap.newKeySet();

    private record Wait(Predicate<ClusterImage> sight, CompletableFuture<ClusterImage> seen) {
        void look(ClusterImage image) {
            if (sight.test(image)) {
                seen.complete(image);
            }
        }
    }

    ImageWatch(ClusterImages images) {
        this.images = images;
        images.subscribe((previous, current) -> waits.forEach(wait -> wait.look(current)));
    }

    /** The first image that shows it; fails with TimeoutException when none did within the limit. */
    CompletableFuture<ClusterImage> until(Predicate<ClusterImage> sight, Duration limit) {
        var wait = new Wait(sight, new CompletableFuture<>());
        waits.add(wait);
        // The newest image may be the one, and may have come before the wait was listed.
        wait.look(images.current());
        return wait.seen()
                .orTimeout(Math.max(1, limit.toMillis()), TimeUnit.MILLISECONDS)
                .whenComplete((image, failure) -> waits.remove(wait));
    }
}
