// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.operator.group;

import io.eventfleet.api.v1alpha1.ConsumerGroupStatus.Lag;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Remembers when the lag of each group was last changed in its status, so that it is not changed too often. Thread-safe. */
final class LagPace {
    private final Duration interval;
    private final Map<ResourceID, Instant> changedAt = new ConcurrentHashMap<>();

    LagPace(Duration interval) {
        this.interval = interval;
    }

    /** True when the stored lag has to stay for now, though it is not what was found. */
    boolean holds(ResourceID group, @Nullable Lag stored, @Nullable Lag found, Instant now) {
        if (stored == null || stored.equals(found)) {
            return false;
        }
        var last = changedAt.get(group);
        return last != null && now.isBefore(last.plus(interval));
    }

    /** The lag of a group is being changed now. */
    void changed(ResourceID group, Instant now) {
        changedAt.put(group, now);
    }

    /** The group is gone. */
    void forget(ResourceID group) {
        changedAt.remove(group);
    }
}
