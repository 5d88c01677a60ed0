// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.partition;

import io.eventfleet.core.log.TopicPartitionId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/** Notes what is to be followed; by default it stops at once. */
public final class FakeFollowers implements Followers {
    private final Map<TopicPartitionId, Followed> followed = new ConcurrentHashMap<>();
    private final List<CompletableFuture<Void>> stops = new ArrayList<>();
    private boolean holdsStops;

    @Override
    public void follow(Followed partition) {
        if (followed.put(partition.log().id(), partition) != null) {
            throw new IllegalStateException(
                    "followed already: " + partition.log().id());
        }
    }

    @Override
    public synchronized CompletionStage<Void> stop(TopicPartitionId id) {
        followed.remove(id);
        if (!holdsStops) {
            return CompletableFuture.completedFuture(null);
        }
        var stop = new CompletableFuture<Void>();
        stops.add(stop);
        return stop;
    }

    /** From now on, stopping takes until {@link #releaseStops}. */
    public synchronized void holdStops() {
        holdsStops = true;
    }

    /** Whatever is stopping has stopped. */
    public synchronized void releaseStops() {
        holdsStops = false;
        stops.forEach(stop -> stop.complete(null));
        stops.clear();
    }

    /** What is followed now. */
    public Map<TopicPartitionId, Followed> followed() {
        return followed;
    }
}
