// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.replica;

import io.eventfleet.core.cluster.image.BrokerInfo;
import io.eventfleet.core.cluster.image.ClusterImage;
import io.eventfleet.core.cluster.image.ClusterImages;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** What one broker of a {@link ReplicaFleet} knows: everything, at once, unless it is told nothing for a while. */
final class FleetImages implements ClusterImages {
    private final int brokerId;
    private final UUID incarnation;
    private final List<Listener> listeners = new ArrayList<>();
    private volatile ClusterImage current = ClusterImage.empty("fleet");
    private boolean held;
    private ClusterImage latest = current;

    FleetImages(int brokerId, UUID incarnation) {
        this.brokerId = brokerId;
        this.incarnation = incarnation;
    }

    synchronized void publish(ClusterImage image) {
        latest = image;
        if (!held) {
            install(image);
        }
    }

    /** Keeps news from this broker. */
    synchronized void hold() {
        held = true;
    }

    /** Lets it know the newest. */
    synchronized void release() {
        held = false;
        install(latest);
    }

    private void install(ClusterImage image) {
        BrokerInfo me = image.brokers().get(brokerId);
        boolean serves = me != null && me.incarnation().equals(incarnation);
        var previous = current;
        var next = image.servingAs(serves ? me.epoch() : -1);
        current = next;
        listeners.forEach(listener -> listener.onImage(previous, next));
    }

    @Override
    public ClusterImage current() {
        return current;
    }

    @Override
    public synchronized void subscribe(Listener listener) {
        listeners.add(listener);
        listener.onImage(current, current);
    }
}
